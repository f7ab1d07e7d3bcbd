"""The free places of points, from which what is offered is taken at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.domain.points.calendar import TICK
from app.domain.points.places import Place
from app.domain.routing.masks import Counts, bits_of, starts


@dataclass(frozen=True, slots=True)
class Window:
    """When a visit may begin: from `soonest` on, before `latest`, on no day before `not_before`; beside `busy` (from,
    until), and not at the instants `passed`.
    """

    soonest: datetime
    latest: datetime
    not_before: date | None = None
    busy: Sequence[tuple[datetime, datetime]] = ()
    passed: frozenset[datetime] = frozenset()


@dataclass(slots=True)
class FreeDay:
    """A pool's day: counters free, tick by tick from `starts_at` (UTC) on; services begin on grids from `opens` on.

    Services of one pool share it: what one takes is gone for the others. `left` may go below zero where a plan has
    fewer counters than are taken.
    """

    pool_id: UUID
    day: date
    starts_at: datetime
    opens: int
    left: Counts
    _starts: dict[tuple[int, int], list[int]]

    def starts(self, ticks: int, every: int) -> list[int]:
        """The ticks at which a visit may begin, in order."""
        way = ticks, every
        if way not in self._starts:
            self._starts[way] = bits_of(starts(self.left, self.opens, ticks, every).get(ticks, 0))
        return self._starts[way]

    def take(self, place: Place) -> None:
        self.left[place.first_tick : place.first_tick + place.ticks] -= 1
        self._starts.clear()


def free_day(pool_id: UUID, day: date, starts_at: datetime, opens: int, left: Counts) -> FreeDay:
    return FreeDay(pool_id, day, starts_at, opens, left.copy(), {})


@dataclass(frozen=True, slots=True)
class FreePoint:
    """A service at a point: visits of so many `ticks`, on a grid of `every`; the days of its pool, in order."""

    ticks: int
    every: int
    days: Mapping[date, FreeDay]

    def first(self, window: Window) -> Place | None:
        """The first place in the window that is free."""
        for day in self.days.values():
            over = day.starts_at + TICK * len(day.left)
            if over <= window.soonest or (window.not_before is not None and day.day < window.not_before):
                continue
            if day.starts_at >= window.latest:
                return None
            for tick in day.starts(self.ticks, self.every):
                begins = day.starts_at + TICK * tick
                if begins >= window.latest:
                    return None
                if begins >= window.soonest and begins not in window.passed and self._is_free(begins, window):
                    return Place(day.pool_id, day.day, tick, self.ticks, begins)
        return None

    def _is_free(self, begins: datetime, window: Window) -> bool:
        ends = begins + TICK * self.ticks
        return not any(begins < until and since < ends for since, until in window.busy)

    def take(self, place: Place) -> None:
        self.days[place.day].take(place)
