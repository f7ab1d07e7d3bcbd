"""How somebody wants to go: kept with an itinerary, to plan it again. Where they live is not part of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.points.calendar import Hours, midnight
from app.domain.routing.journey import ticks_of

FreeHours = Mapping[int, tuple[Hours, ...]]
"""By weekday, 0 = Monday; a missing weekday is not free at all."""
MOST_VISITS, MOST_MINUTES = 4, 24 * 60


@dataclass(frozen=True, slots=True)
class Terms:
    """`languages`: one of them is spoken there; `features`: all of them are there, `step_free` among them.

    `free`: when they have time to be away from home, None for always. `most_visits` on one day; `most_minutes` from
    home to a point, None for any way. `offers`: settling-in help too.
    """

    languages: frozenset[str] = frozenset()
    features: frozenset[str] = frozenset()
    free: FreeHours | None = None
    most_visits: int = MOST_VISITS
    most_minutes: int | None = None
    offers: bool = False

    def free_ticks(self, zone: ZoneInfo, first: date, last: date) -> dict[date, list[tuple[int, int]]] | None:
        """The same as a journey has it, for each day from `first` to `last`."""
        if self.free is None:
            return None
        days = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
        return {day: [_span(zone, day, hours) for hours in self.free.get(day.weekday(), ())] for day in days}

    def as_json(self) -> dict[str, Any]:
        free = self.free
        return {
            "languages": sorted(self.languages),
            "features": sorted(self.features),
            "free": None if free is None else {str(weekday): rows_of(hours) for weekday, hours in free.items()},
            "most_visits": self.most_visits,
            "most_minutes": self.most_minutes,
            "offers": self.offers,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Terms":
        return cls(
            languages=frozenset(data["languages"]),
            features=frozenset(data["features"]),
            free=None if data["free"] is None else free_hours(data["free"]),
            most_visits=data["most_visits"],
            most_minutes=data["most_minutes"],
            offers=data["offers"],
        )


def free_hours(rows: Mapping[str, list[list[str]]]) -> FreeHours:
    """From weekday ("0" is Monday) → [opens, closes] in local time. Raises `ValueError` for what are no such hours."""
    found = {}
    for weekday, spans in rows.items():
        if weekday not in _WEEKDAYS:
            raise ValueError(f"{weekday} is no weekday from 0 to 6")
        found[int(weekday)] = tuple(Hours(*(_wall(text) for text in span)) for span in spans)
    return found


def rows_of(hours: tuple[Hours, ...]) -> list[list[str]]:
    return [[each.opens.isoformat("minutes"), each.closes.isoformat("minutes")] for each in hours]


_WEEKDAYS = frozenset("0123456")


def _wall(text: str) -> Any:
    return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 — a time on the wall


def _span(zone: ZoneInfo, day: date, hours: Hours) -> tuple[int, int]:
    begins = datetime.combine(day, hours.opens, tzinfo=zone)
    ends = datetime.combine(day, hours.closes, tzinfo=zone)
    if hours.closes <= hours.opens:  # the midnight that ends the day
        ends = midnight(zone, day + timedelta(days=1))
    return ticks_of(begins), ticks_of(ends)
