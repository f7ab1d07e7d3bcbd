"""A vacancy's terms and a work profile as they are stored: JSON, read back as what the domain has."""

import json
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from typing import Any

from pydantic_core import from_json

from app.domain.employers.profile import WorkProfile
from app.domain.employers.vacancies import AskedLanguage, Employment, Pay, PayUnit, Posting
from app.domain.matching.terms import Level, Shift, Worked


def dump_posting(posting: Posting) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(asdict(posting), default=date.isoformat))
    return plain


def load_posting(row: dict[str, Any]) -> Posting:
    pay = row["pay"]
    return Posting(
        title=row["title"],
        description=row["description"],
        occupation=row["occupation"],
        place=(row["place"][0], row["place"][1]),
        locality=row["locality"],
        employment=Employment(row["employment"]),
        shifts=tuple(map(Shift, row["shifts"])),
        pay=Pay(pay["currency"], pay["least"], pay["most"], PayUnit(pay["unit"])),
        start=date.fromisoformat(row["start"]),
        valid_through=date.fromisoformat(row["valid_through"]),
        openings=row["openings"],
        skills=tuple(row["skills"]),
        years=row["years"],
        languages=tuple(AskedLanguage(one["language"], Level(one["level"]), one["reason"]) for one in row["languages"]),
    )


def dump_profile(profile: WorkProfile) -> bytes:
    return json.dumps(asdict(profile)).encode()


def load_profile(plain: bytes) -> WorkProfile:
    """What `dump_profile` made. ValueError, LookupError or TypeError for anything else."""
    row = from_json(plain)
    return WorkProfile(
        worked=tuple([_worked(one["occupation"], one["years"]) for one in row["worked"]]),
        skills=tuple(row["skills"]),
        certificates=tuple(row["certificates"]),
        place=row["place"],
        shifts=tuple([_SHIFTS[shift] for shift in row["shifts"]]),
        wishes=tuple(row["wishes"]),
        languages=tuple([(tag, _LEVELS[level]) for tag, level in row["languages"]]),
        permitted=tuple(row["permitted"]),
    )


_SHIFTS = {shift.value: shift for shift in Shift}
_LEVELS = {level.value: level for level in Level}


@lru_cache(maxsize=16_384)
def _worked(occupation: str, years: int) -> Worked:
    """One for all who have worked the same."""
    return Worked(occupation, years)
