"""What is sealed in a profile: its bytes, and what they become when they are opened."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.db.unit_of_work import Reading, Writing
from app.domain.profiles.birth import BirthDate
from app.domain.profiles.dates import PartialDate
from app.domain.profiles.documents import DocumentKind, DocumentStatus, Paper
from app.domain.profiles.mrz import Zone
from app.domain.profiles.mrz_layout import Format
from app.ports import ErasedError


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a person, opened. `paper` is None when the person's key was destroyed to erase it."""

    id: UUID
    kind: DocumentKind
    status: DocumentStatus
    current: bool
    given_at: datetime
    paper: Paper | None


@dataclass(frozen=True, slots=True)
class Said:
    """A detail, opened."""

    value: dict[str, Any]
    document_id: UUID | None
    value_index: bytes | None


async def open_json(uow: Reading, person_id: UUID, field: str, sealed: bytes | None) -> dict[str, Any]:
    """Empty when there is nothing, or it was erased."""
    if sealed is None:
        return {}
    try:
        opened: dict[str, Any] = json.loads(await uow.vault.open(person_id, field, sealed))
    except ErasedError:
        return {}
    return opened


async def reseal(uow: Writing, from_person: UUID, to_person: UUID, field: str, sealed: bytes) -> bytes:
    """The same under another person's key."""
    return await uow.vault.seal(to_person, field, await uow.vault.open(from_person, field, sealed))


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


def load_zone(fields: dict[str, Any]) -> Zone:
    dates = {name: PartialDate(**fields[name]) for name in ("birth", "expires")}
    return Zone(**fields | dates | {"format": Format(fields.get("format", Format.TD3))})
