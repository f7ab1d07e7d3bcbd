"""The free places of a region, kept in the memory of each process as bits and brought up to date before they are old.

A pool's days are read whole when somebody first plans with it, and from then on only those that were written since:
the database tells which by itself (`services.points.parts.changed_days`). Nobody who plans holds a lock or waits for
one; whoever books finds out in the ledger itself whether the picture still held.
"""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy.pool import Pool as Connections

from app.db.flights import Flights
from app.db.unit_of_work import Reading
from app.domain.points.places import Place
from app.domain.routing.journey import Openings, ticks_of
from app.domain.routing.masks import Counts, counts, instant_of, starts, together
from services.points.free_days import LedgerDay, Offer
from services.points.ledger import changed_days

FRESH_FOR = 0.25
"""Seconds for which the picture of a pool is used before it is looked at again."""
FORGOTTEN_AFTER = 3600.0
"""Seconds after which a pool that nobody asked for is forgotten."""
_LISTS_KEPT = 256

Days = dict[date, list[Openings]]


@dataclass(slots=True)
class _Day:
    """`found`: for each way to use the day (ticks, grid, people) what lengths and bits there are."""

    base: int
    opens: int
    left: Counts
    found: dict[tuple[int, int, int], dict[int, int]] = field(default_factory=dict)

    def starts(self, ticks: int, every: int, people: int) -> dict[int, int]:
        way = ticks, every, people
        if way not in self.found:
            self.found[way] = starts(self.left, self.opens, ticks, every, people)
        return self.found[way]

    def with_back(self, places: Iterable[Place]) -> "_Day":
        left = self.left.copy()
        for place in places:
            left[place.first_tick : place.first_tick + place.ticks] += 1
        return _Day(self.base, self.opens, left)

    def openings(self, point: int, offer: Offer, people: int) -> Iterable[Openings]:
        for length, mask in self.starts(offer.minutes // 5, offer.every // 5, people).items():
            yield Openings(point, self.base, mask, length)


@dataclass(slots=True)
class _Pool:
    looked_at: float = 0.0
    snapshot: str | None = None
    days: dict[date, _Day] = field(default_factory=dict)


@dataclass(slots=True)
class _List:
    """Openings by day, as they were put together; days that have changed since are put together anew."""

    days: Days = field(default_factory=dict)
    version: int = 0


class Board:
    """One region's. `changes` counts what was seen to change; `changed` says when each day last did."""

    def __init__(self) -> None:
        self._pools: dict[UUID, _Pool] = {}
        self._flights: Flights[None] = Flights()
        self._lists: dict[tuple[object, ...], _List] = {}
        self._changes = 0
        self._changed: dict[date, int] = {}
        self._directory = -1

    async def look(self, uow: Reading, pools: Collection[UUID], *, fresh: bool = False) -> None:
        """Sees to it that what is known of these pools is no older than `FRESH_FOR`; or that it is read just now."""
        stale = self._stale(pools, fresh=fresh)
        if stale:
            await self._flights.share((frozenset(stale), fresh), partial(self._read, uow, pools, fresh=fresh))

    def _stale(self, pools: Collection[UUID], *, fresh: bool) -> list[UUID]:
        since = time.monotonic() - FRESH_FOR
        return [pool for pool in pools if fresh or (kept := self._pools.get(pool)) is None or kept.looked_at < since]

    async def _read(self, uow: Reading, pools: Collection[UUID], *, fresh: bool) -> None:
        stale = self._stale(pools, fresh=fresh)  # the flight before ours may have done it
        if not stale:
            return
        now, today = time.monotonic(), uow.region.day_of(uow.now)
        self._forget(now, today)
        known = {pool: kept.snapshot if (kept := self._pools.get(pool)) else None for pool in stale}
        # A day more on either side: a point's own today may be another than the region's.
        first, last = today - timedelta(days=1), today + timedelta(days=uow.region.calendar_days + 1)
        found = await changed_days(uow, known, first, last)
        self._changes += 1
        for day in found.days:
            self._put(day)
        for pool in stale:
            kept = self._pools.setdefault(pool, _Pool())
            kept.looked_at, kept.snapshot = now, found.snapshot

    def _put(self, row: LedgerDay) -> None:
        pool = self._pools.setdefault(row.pool_id, _Pool())
        pool.days[row.day] = _Day(ticks_of(row.starts_at), row.opens, counts(row.left))
        self._changed[row.day] = self._changes

    def _forget(self, now: float, today: date) -> None:
        for pool_id in [p for p, kept in self._pools.items() if kept.looked_at < now - FORGOTTEN_AFTER]:
            del self._pools[pool_id]
        over = [day for day in self._changed if day < today - timedelta(days=1)]
        for day in over:
            del self._changed[day]
            for pool in self._pools.values():
                pool.days.pop(day, None)

    def openings(
        self, directory: int, service: str, numbered: Sequence[tuple[int, Offer]], days: Sequence[date], people: int
    ) -> Mapping[date, Sequence[Openings]]:
        """The free places of a service on these days, at points with their numbers. Shared: nobody changes them.

        `directory` is the version that the offers are of.
        """
        if directory != self._directory:
            self._directory = directory
            self._lists.clear()
        key = service, people, days[0], len(days), tuple(numbered)
        kept = self._lists.get(key)
        if kept is None:
            if len(self._lists) >= _LISTS_KEPT:
                self._lists.clear()
            kept = self._lists[key] = _List()
        if kept.version < self._changes:
            for day in days:
                if kept.version < self._changed.get(day, 0):
                    kept.days[day] = self._of_day(numbered, day, people)
            kept.version = self._changes
        return kept.days

    def openings_with(
        self, numbered: Sequence[tuple[int, Offer]], day: date, people: int, given_back: Collection[Place]
    ) -> list[Openings]:
        """The free places of one day, were these given back."""
        return self._of_day(numbered, day, people, given_back)

    def starts_of(
        self, offer: Offer, day: date, start: int, people: int, given_back: Collection[Place]
    ) -> list[datetime]:
        """When each of so many people begins (UTC) if the first does at that tick, as the opening told of them."""
        if people == 1:
            return [instant_of(start)]
        kept = self._pools[offer.pool_id].days[day]
        own = [place for place in given_back if place.key == (offer.pool_id, day)]
        found = together(
            (kept.with_back(own) if own else kept).left, start - kept.base, offer.minutes // 5, offer.every // 5, people
        )
        return [instant_of(kept.base + tick) for tick in found or ()]

    def _of_day(
        self,
        numbered: Sequence[tuple[int, Offer]],
        day: date,
        people: int,
        given_back: Collection[Place] = (),
    ) -> list[Openings]:
        found: list[Openings] = []
        for number, offer in numbered:
            pool = self._pools.get(offer.pool_id)
            kept = pool.days.get(day) if pool else None
            if kept is not None:
                own = [place for place in given_back if place.key == (offer.pool_id, day)]
                found += (kept.with_back(own) if own else kept).openings(number, offer, people)
        return found


_boards: WeakKeyDictionary[Connections, Board] = WeakKeyDictionary()


def board_of(uow: Reading) -> Board:
    """This process's picture of the region."""
    return _boards.setdefault(uow.opened.pool, Board())
