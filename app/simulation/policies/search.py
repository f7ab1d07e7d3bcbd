"""Where and when somebody could go: what every policy asks."""

from collections.abc import Iterable, Sequence
from math import inf
from typing import NamedTuple

from app.domain.bookings.limits import Limits
from app.domain.points.geo import distance_km
from app.simulation.journey import Journey, Visit
from app.simulation.ledger import TICK_MINUTES, Place, Site
from app.simulation.life import Life

LEAD = Limits().lead.total_seconds() / 60


class Found(NamedTuple):
    """Sorts by time, then by the way there."""

    starts: float
    km: float
    place: Place


class Search:
    def __init__(self, life: Life) -> None:
        self._life = life
        self._near: dict[tuple[int, str], list[tuple[float, Site]]] = {}

    def near(self, journey: Journey, step: str) -> list[tuple[float, Site]]:
        """(km, point) of those that give the step, the nearest first."""
        key = journey.person.number, step
        if key not in self._near:
            home = journey.person.home
            sites = [(distance_km(home, site.at), site) for site in self._life.region.giving[step]]
            self._near[key] = sorted(sites, key=lambda each: (each[0], each[1].number))
        return self._near[key]

    def within(self, journey: Journey, step: str, km: float) -> list[tuple[float, Site]]:
        """Those within so many km; the nearest, if none is."""
        near = self.near(journey, step)
        return [each for each in near if each[0] <= km] or near[:1]

    def first_free(
        self,
        journey: Journey,
        step: str,
        sites: Sequence[tuple[float, Site]],
        *,
        since: float = 0.0,
        until: float = inf,
    ) -> Found | None:
        """The earliest free time at any of the points, ties to the nearest, that leaves the way to and from the
        person's other visits; None if there is none before `until`.
        """
        life, timeline = self._life, self._life.timeline
        now = life.env.now
        first = timeline.day(max(now, since))
        best: Found | None = None
        for day in range(first, timeline.days):
            midnight = timeline.midnight(day)
            if midnight >= until or best is not None:
                break
            busy = [visit for visit in journey.visits.values() if visit.day == day and visit.step != step]
            for km, site in sites:
                earliest = max(since, now + LEAD)
                if day == timeline.day(now):
                    earliest = max(earliest, now + life.region.minutes(journey.person.home, site.at))
                minutes = site.offers[step].minutes
                for tick in site.free(step, day):
                    starts = midnight + tick * TICK_MINUTES
                    if starts < earliest or starts >= until:
                        continue
                    if best is not None and (starts, km) >= best[:2]:
                        break
                    if all(self._goes_with(site, starts, starts + minutes, visit) for visit in busy):
                        best = Found(starts, km, site.place(step, day, tick))
                        break
        return best

    def _goes_with(self, site: Site, starts: float, ends: float, other: Visit) -> bool:
        """A line without a booking may take all day."""
        if other.place is None:
            return False
        way = self._life.region.between[site.number][other.site.number]
        return ends + way <= other.place.starts or other.place.ends + way <= starts

    def next_morning(self, journey: Journey, step: str) -> tuple[Site, int] | None:
        """The nearest point, and the next day on which it works and the person has nothing else to do.

        This very day if the point has yet to open and can be reached by then.
        """
        timeline = self._life.timeline
        site = self.near(journey, step)[0][1]
        ready = self._life.env.now + self._life.region.minutes(journey.person.home, site.at)
        since = max(ready, journey.not_before.get(step, 0.0))
        taken = {visit.day for visit in journey.visits.values()}
        return next(
            (
                (site, day)
                for day in range(timeline.day(since), timeline.days)
                if day not in taken and site.sessions(day) and site.sessions(day)[0][0] >= since
            ),
            None,
        )


def unblocked_steps(journey: Journey, now: float) -> Iterable[str]:
    """Visits to see to now, in the listed order: not done, not planned, not blocked, and not just missed."""
    return (
        step.code
        for step in journey.open_steps()
        if step.code not in journey.visits
        and journey.unblocked(step) <= now
        and journey.away.get(step.code, 0.0) <= now
    )
