"""What the law needs to know of a region, read from its data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.pathways.tables import Table


@dataclass(frozen=True, slots=True)
class RegionLaw:
    """A region's names by language, its zone, its book, and its own days off: single days, and (month, day)."""

    name: Mapping[str, str]
    zone: ZoneInfo
    jurisdiction: str
    days_off: frozenset[date]
    yearly: frozenset[tuple[int, int]]


def parse_regions(data: Mapping[str, object]) -> dict[str, RegionLaw]:
    """Each region by its code. Raises `RulebookError`, which names the region and the key."""
    return {code: _region(Table(item, code)) for code, item in data.items()}


def _region(table: Table) -> RegionLaw:
    name = table.need("name", dict)
    if not all(isinstance(name.get(language), str) and name[language] for language in ("ru", "en")):
        raise table.error("name", "is needed in Russian and in English")
    days_off = table.maybe("days_off", list) or []
    if not all(type(day) is date for day in days_off):
        raise table.error("days_off", "expected a list of dates")
    law = RegionLaw(
        name=name,
        zone=_zone(table),
        jurisdiction=table.need("jurisdiction", str),
        days_off=frozenset(days_off),
        yearly=frozenset(_yearly(table, text) for text in table.names("yearly")),
    )
    table.close()
    return law


def _zone(table: Table) -> ZoneInfo:
    try:
        return ZoneInfo(table.need("zone", str))
    except (ZoneInfoNotFoundError, ValueError):
        raise table.error("zone", "is no zone of the IANA database") from None


def _yearly(table: Table, text: str) -> tuple[int, int]:
    try:
        day = date.fromisoformat(f"2028-{text}")  # a leap year
    except ValueError:
        raise table.error("yearly", "expected days as MM-DD") from None
    return day.month, day.day
