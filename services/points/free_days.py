"""The ledger day by day, for whoever keeps a picture of it in memory and asks only for what has changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from operator import sub
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """Counters of a pool that are free, tick by tick from `starts_at` (UTC) on; grids begin at tick `opens`."""

    pool_id: UUID
    day: date
    starts_at: datetime
    opens: int
    left: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A service at a point: the pool that gives it, minutes a visit, every how many minutes one may begin."""

    point_id: UUID
    pool_id: UUID
    minutes: int
    every: int


Offers = Mapping[str, Mapping[UUID, Offer]]
"""By service and point."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What was written since it was last asked; `snapshot` is what to ask with the next time."""

    days: list[LedgerDay]
    snapshot: str


def read_ledger_day(row: Any) -> LedgerDay:
    return LedgerDay(
        pool_id=UUID(row["pool_id"]),
        day=date.fromisoformat(row["day"]),
        starts_at=datetime.fromisoformat(row["starts_at"]),
        opens=row["opens_tick"],
        left=tuple(map(sub, row["capacity"], row["used"])),  # as many of both: the table sees to it
    )
