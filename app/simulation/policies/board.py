"""The free places of all points in the form that the planner takes, kept up to date as places are taken and given back."""

import datetime as dt
from collections.abc import Mapping, Sequence

from app.domain.points.offering import sparing_starts
from app.domain.routing.journey import Openings, ticks_of
from app.simulation.ledger import TICK_MINUTES, Site
from app.simulation.region import Region

Rows = dict[dt.date, Sequence[Openings]]


class Board:
    def __init__(self, region: Region, spread=None) -> None:
        self.spread = spread
        self._region = region
        self._timeline = region.timeline
        self._rows: dict[str, Rows] = {}
        for service, sites in region.giving.items():
            dates = ((self._timeline.date(day), self._row(sites, service, day)) for day in range(self._timeline.days))
            self._rows[service] = {date: row for date, row in dates if row}
        for site in region.sites:
            site.touched.clear()

    def openings(self, service: str) -> Mapping[dt.date, Sequence[Openings]]:
        """By day, what is free now."""
        for site in self._region.sites:
            for day in site.touched:
                for changed in site.services:
                    self._renew(changed, day)
            site.touched.clear()
        return self._rows[service]

    def tick(self, minute: float) -> int:
        """The planner's tick that begins at a minute."""
        return ticks_of(self._timeline.instant(minute))

    def _renew(self, service: str, day: int) -> None:
        date, row = self._timeline.date(day), self._row(self._region.giving[service], service, day)
        if row:
            self._rows[service][date] = row
        else:
            self._rows[service].pop(date, None)

    def _row(self, sites: Sequence[Site], service: str, day: int) -> list[Openings]:
        base = self.tick(self._timeline.midnight(day))
        row = []
        for site in sites:
            starts = site.free(service, day)
            if self.spread is not None and starts:
                pd = site.day(day)
                n = site.offers[service].minutes // TICK_MINUTES
                left = [c - u for c, u in zip(pd.capacity, pd.used)]
                starts = sparing_starts(left, starts, n, [o.minutes // TICK_MINUTES for o in site.offers.values()])
            mask = sum(1 << tick for tick in starts)
            if mask:
                row.append(Openings(site.number, base, mask, site.offers[service].minutes // TICK_MINUTES))
        return row
