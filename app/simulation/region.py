"""All points of the scenario, and the ways to them.

The incidents are changes of plan as a manager would make them, known when their first day begins; only that a point
works slower nobody says.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from app.domain.points.calendar import Hours
from app.domain.points.geo import Coordinates
from app.domain.points.plan import CountersException, HoursException, Period, PointPlan, PoolPlan
from app.domain.routing.travel import Speeds, minutes_between
from app.simulation.ledger import Site
from app.simulation.parts import Incident, Opening, Point
from app.simulation.scenario import Scenario
from app.simulation.slots import Slots
from app.simulation.timeline import Timeline

_SATURDAY = 5


class Region:
    def __init__(self, scenario: Scenario, timeline: Timeline, slots: Slots) -> None:
        self.scenario = scenario
        self.timeline = timeline
        self.sites = [
            Site(number, point, _plan(scenario, point, slots), timeline, slots)
            for number, point in enumerate(scenario.points)
        ]
        self.by_id = {site.id: site for site in self.sites}
        self.slots = slots
        self._speeds = Speeds(**scenario.travel.model_dump())
        self._befell: list[Incident] = []
        self._fewer: dict[str, dict[int, int]] = {}

    @cached_property
    def giving(self) -> Mapping[str, list[Site]]:
        """The points that give each service."""
        return {step.code: [site for site in self.sites if step.code in site.services] for step in self.scenario.visits}

    @cached_property
    def between(self) -> list[list[int]]:
        """Minutes from point to point, by their numbers."""
        return [[self.minutes(a.at, b.at) for b in self.sites] for a in self.sites]

    def minutes(self, start: Coordinates, end: Coordinates) -> int:
        """By the product's own rule for ways, with the scenario's speeds."""
        return minutes_between(start, end, self._speeds)

    def slower(self, point: str, day: int) -> float:
        """So many times as long a visit takes there on that day."""
        factor = 1.0
        for incident in self.scenario.incidents:
            if incident.point == point and incident.on(day):
                factor *= incident.slower
        return factor

    def counters(self, site: Site, day: int) -> int:
        """That work on that day, if it is open."""
        minus = sum(i.counters_minus for i in self.scenario.incidents if i.point == site.id and i.on(day))
        return max(0, self.scenario.points[site.number].counters - minus)

    def befalls(self, incident: Incident) -> Site:
        """From its first day on it stands in the plan."""
        self._befell.append(incident)
        site = self.by_id[incident.point]
        self._plan_anew(site, begins(incident) or 0)
        return site

    def book_no_more_than(self, site: Site, counters: Mapping[int, int], since: int) -> None:
        """On these days, from `since` on, so many counters can be booked; on all others as many as usual."""
        self._fewer[site.id] = dict(counters)
        self._plan_anew(site, since)

    def fewer(self, site: Site) -> Mapping[int, int]:
        """What `book_no_more_than` said last."""
        return self._fewer.get(site.id, {})

    def _plan_anew(self, site: Site, since: int) -> None:
        here = [each for each in self._befell if each.point == site.id]
        closed = sorted({day for each in here for day in each.closed_days})
        counters = {day: self.counters(site, day) for each in here if each.counters_minus for day in _days(each)}
        for day, most in self._fewer.get(site.id, {}).items():
            counters[day] = min(counters.get(day, most), most)
        fewer = tuple(CountersException(self._on(day), count) for day, count in sorted(counters.items()))
        exceptions = tuple(HoursException(self._on(day), (), {}) for day in closed)
        pool = replace(site.pool, exceptions=fewer)
        site.change_plan(replace(site.plan, exceptions=exceptions, pools=(pool,)), since)

    def _on(self, day: int) -> Period:
        return Period(self.timeline.date(day), self.timeline.date(day))


def begins(incident: Incident) -> int | None:
    """The first day of an incident."""
    return min([*incident.closed_days, *_days(incident)], default=None)


def _days(incident: Incident) -> range:
    first, last = incident.days or (0, -1)
    return range(first, last + 1)


def _plan(scenario: Scenario, point: Point, slots: Slots) -> PointPlan:
    pool = PoolPlan(
        code=point.id,
        counters=point.counters,
        weekly={},
        exceptions=(),
        offers=slots.offers[point.id],
    )
    return PointPlan(scenario.zone, _week(scenario.hours, point.kind), False, (), (pool,))  # noqa: FBT003


def _week(hours: Opening, kind: str) -> dict[int, tuple[Hours, ...]]:
    week = dict.fromkeys(range(_SATURDAY), hours.on_weekdays)
    return week | ({_SATURDAY: hours.on_saturdays} if kind in hours.saturday_kinds else {})
