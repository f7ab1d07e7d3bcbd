"""What is found in the ledger, read from its rows; and how many share one search."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy.pool import Pool as Connections

from app.db.flights import Flights
from app.db.unit_of_work import Reading
from app.domain.points.calendar import ticks_of
from app.domain.points.places import DayOfPool, Stretch


@dataclass(frozen=True, slots=True)
class FirstFree:
    """For each point that gives a service, its minutes and the first free start (UTC); and whose points these are.

    `derived` is for what is computed from it: many may share one search.
    """

    version: int
    starts: list[tuple[UUID, int, datetime | None]]
    derived: dict[Any, Any] = field(default_factory=dict)


def read_first_free(rows: list[Any]) -> FirstFree:
    """From rows of `version`, `point_id`, `minutes` and `starts_at` in seconds since 1970."""
    starts = [
        (
            UUID(row["point_id"]),
            row["minutes"],
            None if row["starts_at"] is None else datetime.fromtimestamp(row["starts_at"], UTC),
        )
        for row in rows
    ]
    return FirstFree(rows[0]["version"] if rows else 0, starts)


@dataclass(frozen=True, slots=True)
class OfferedDay:
    """A service at a point on a local day: which of its ticks are open and used; none when the day is not made.

    `minutes` a visit, `every` so many a start, counted from `opens_tick`.
    """

    zone: str
    minutes: int
    every: int
    starts_at: datetime | None
    opens_tick: int
    capacity: list[int]
    used: list[int]


def read_offered_day(row: Any) -> OfferedDay | None:
    if row is None:
        return None
    if row["starts_at"] is None:
        return OfferedDay(row["zone"], row["minutes"], row["every"], None, 0, [], [])
    return OfferedDay(**row | {"starts_at": datetime.fromisoformat(row["starts_at"])})


def read_stretch(row: Any) -> Stretch | None:
    return None if row is None else Stretch(**_ledger(row))


def read_day(row: Any) -> DayOfPool | None:
    return None if row is None else DayOfPool(**_ledger(row))


def _ledger(row: Any) -> dict[str, Any]:
    return {
        "pool_id": UUID(row["pool_id"]),
        "day": date.fromisoformat(row["day"]),
        "day_starts_at": datetime.fromisoformat(row["starts_at"]),
        "ticks": ticks_of(row["minutes"]),
        "every": ticks_of(row["every"]),
        "opens": row["opens_tick"],
        "capacity": row["open"],
        "used": row["used"],
    }


_flights: WeakKeyDictionary[Connections, Flights[FirstFree]] = WeakKeyDictionary()


def flights_of(uow: Reading) -> Flights[FirstFree]:
    """The searches of this process in the region, under way and to come."""
    return _flights.setdefault(uow.opened.pool, Flights())
