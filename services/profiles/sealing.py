"""Papers as the bytes that are sealed, and back."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from app.domain.profiles.birth import BirthDate
from app.domain.profiles.dates import PartialDate
from app.domain.profiles.documents import Paper
from app.domain.profiles.mrz import Zone
from app.domain.profiles.mrz_layout import Format


def dump_paper(paper: Paper) -> bytes:
    return json.dumps(asdict(paper), default=date.isoformat).encode()


def load_paper(plain: bytes) -> Paper:
    fields: dict[str, Any] = json.loads(plain)
    if "document_type" in fields:  # sealed when a passport was its zone and nothing else
        fields = {"zone": fields}
    zone, birth = fields.get("zone"), fields.get("birth")
    for name in ("issued_on", "expires_on"):
        if fields.get(name):
            fields[name] = date.fromisoformat(fields[name])
    return Paper(**fields | {"zone": load_zone(zone) if zone else None, "birth": BirthDate(**birth) if birth else None})


def dump_zone(zone: Zone) -> bytes:
    return json.dumps(asdict(zone)).encode()


def load_zone(fields: dict[str, Any]) -> Zone:
    dates = {name: PartialDate(**fields[name]) for name in ("birth", "expires")}
    return Zone(**fields | dates | {"format": Format(fields.get("format", Format.TD3))})
