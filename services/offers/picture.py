"""The free places of a region, as one worker remembers them."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.offers.free import FreeDay, FreePoint, free_day
from app.domain.offers.matching import Free
from app.domain.points.calendar import ticks_of
from app.domain.routing.masks import Counts, counts
from app.domain.routing.travel import minutes_between
from services.points.directory import Directory
from services.points.free_days import Offers
from services.points.ledger import changed_days, directory_with_offers

_WAYS = "services.offers.ways"
_A_DAY = timedelta(days=1)
Kept = tuple[datetime, int, Counts]
"""When a day begins (UTC), at which tick it opens, and how many counters are free, tick by tick."""


class Picture:
    """`read` brings it up to date; `free` gives a copy, to take places from."""

    def __init__(self) -> None:
        self._days: dict[UUID, dict[date, Kept]] = {}
        self._snapshots: dict[UUID, str | None] = {}
        self._directory: Directory | None = None
        self._offers: Offers = {}

    async def read(self, uow: Reading, services: Collection[str]) -> set[str]:
        """What was written since the last time at the points that give these services; returns the services of which
        something was.
        """
        before = self._directory
        self._directory, self._offers = await directory_with_offers(uow)
        pools = {offer.pool_id for service in services for offer in self._offers.get(service, {}).values()}
        today = uow.region.day_of(uow.now)
        # A day more on either side: a point's own today may be another than the region's.
        first, last = today - _A_DAY, today + timedelta(days=uow.region.calendar_days + 1)
        found = await changed_days(uow, {pool: self._snapshots.get(pool) for pool in pools}, first, last)
        for row in found.days:
            self._days.setdefault(row.pool_id, {})[row.day] = row.starts_at, row.opens, counts(row.left)
        self._snapshots.update(dict.fromkeys(pools, found.snapshot))
        for days in self._days.values():
            for day in [day for day in days if day < first]:
                del days[day]
        if before is None or before.version != self._directory.version:
            return set(services)
        written = {row.pool_id for row in found.days}
        return {s for s in services if any(offer.pool_id in written for offer in self._offers.get(s, {}).values())}

    def free(self, services: Collection[str]) -> Free:
        """Pools are shared: what is taken for one service is gone for the others."""
        pools: dict[UUID, dict[date, FreeDay]] = {}
        found: dict[str, dict[UUID, FreePoint]] = {}
        for service in services:
            for offer in self._offers.get(service, {}).values():
                days = pools.setdefault(offer.pool_id, {}) or pools[offer.pool_id]
                if not days:
                    for day, (starts_at, opens, left) in sorted(self._days.get(offer.pool_id, {}).items()):
                        days[day] = free_day(offer.pool_id, day, starts_at, opens, left)
                point = FreePoint(ticks_of(offer.minutes), ticks_of(offer.every), days)
                found.setdefault(service, {})[offer.point_id] = point
        return found

    def minutes(self, start: UUID, end: UUID) -> int:
        """Of travel between two points."""
        if self._directory is None:
            raise LookupError("nothing was read yet")
        known: dict[tuple[UUID, UUID], int] = self._directory.derived.setdefault(_WAYS, {})
        if (start, end) not in known:
            here, there = self._directory.points[start], self._directory.points[end]
            known[start, end] = minutes_between((here.lat, here.lon), (there.lat, there.lon))
        return known[start, end]
