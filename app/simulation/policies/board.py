"""The free places of all points in the form that the planner takes, kept up to date as places are taken and given back.

Of what is free those places are offered that spare the rest of the day (`app.domain.points.offering`).
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from app.domain.points.offering import sparing_starts
from app.domain.routing.journey import Openings, ticks_of
from app.simulation.ledger import TICK_MINUTES, Site
from app.simulation.region import Region

Rows = dict[dt.date, Sequence[Openings]]


class Board:
    def __init__(self, region: Region) -> None:
        self._region = region
        self._timeline = region.timeline
        self._rows: dict[str, Rows] = {service: {} for service in region.giving}
        self._known: dict[tuple[int, str, int], Openings | None] = {}
        self._until = 0

    def openings(self, service: str, last: int) -> Mapping[dt.date, Sequence[Openings]]:
        """By day, what is offered now; at least up to day `last`."""
        for site in self._region.sites:
            for day in site.touched:
                for changed in site.services:
                    self._known.pop((site.number, changed, day), None)
                    if day < self._until:
                        self._renew(changed, day)
            site.touched.clear()
        for day in range(self._until, last + 1):
            for each in self._rows:
                self._renew(each, day)
        self._until = max(self._until, last + 1)
        return self._rows[service]

    def tick(self, minute: float) -> int:
        """The planner's tick that begins at a minute."""
        return ticks_of(self._timeline.instant(minute))

    def _renew(self, service: str, day: int) -> None:
        date = self._timeline.date(day)
        found = [self._offered(site, service, day) for site in self._region.giving[service]]
        row = [openings for openings in found if openings is not None]
        if row:
            self._rows[service][date] = row
        else:
            self._rows[service].pop(date, None)

    def _offered(self, site: Site, service: str, day: int) -> Openings | None:
        key = site.number, service, day
        if key not in self._known:
            self._known[key] = self._look(site, service, day)
        return self._known[key]

    def _look(self, site: Site, service: str, day: int) -> Openings | None:
        starts, made = site.free(service, day), site.day(day)
        if not starts or made is None:
            return None
        ticks = site.offers[service].minutes // TICK_MINUTES
        left = [capacity - used for capacity, used in zip(made.capacity, made.used, strict=True)]
        lengths = [offer.minutes // TICK_MINUTES for offer in site.offers.values()]
        mask = 0
        for start in sparing_starts(left, starts, ticks, lengths):
            mask |= 1 << start
        return Openings(site.number, self.tick(self._timeline.midnight(day)), mask, ticks)
