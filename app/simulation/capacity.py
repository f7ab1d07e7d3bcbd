"""The counter-minutes that there are on each day, and what a visit takes of them: for the bound."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.simulation.ledger import Site
from app.simulation.region import Region, begins
from app.simulation.slots import Slots
from app.simulation.world import Person, World

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Capacity:
    """`group`: of each service, the number of its group: points that share services, directly or by others.

    `minutes[g, day]`: what visits that are begun in group `g` on a day may take together, each counted as `charge`
    says. `opens[service][day]`: whether any point gives it; `hours[service][day]`: from
    when until when, and which.

    A counter serves one visit after another, and all but the last of a stretch of hours end within it. So of visits
    counted as at most `most[g]` minutes each a stretch takes no more than its length and `most[g]`. Any `most` is
    right; that is chosen which leaves the least room. Where a point works slower by a factor its hours are
    counted as so much shorter.
    """

    group: Mapping[str, int]
    most: Sequence[float]
    minutes: Floats
    opens: Mapping[str, NDArray[np.bool_]]

    hours: Mapping[str, Sequence[Sequence[tuple[float, float, Site]]]]
    region: Region

    def first_day(self, person: Person, service: str) -> int:
        """The first on which they could be at a point that gives the service before it closes; who walks in, before
        it opens.
        """
        day = self.region.timeline.day(person.entered)
        morning = person.attempts[service][0].walks_in
        in_time = (
            person.entered + self.region.minutes(person.home, site.at) <= (opens if morning else closes)
            for opens, closes, site in self.hours[service][day]
        )
        return day if any(in_time) else day + 1

    def charge(self, service: str, minutes: float) -> float:
        return min(minutes, self.most[self.group[service]])


def capacity_of(world: World, slots: Slots) -> Capacity:
    region = Region(world.scenario, world.timeline, slots)
    for incident in world.scenario.incidents:
        if begins(incident) is not None:
            region.befalls(incident)
    days = world.scenario.horizon_days
    group = _groups([site.services for site in region.sites])
    count = max(group.values()) + 1
    lengths, stretches = np.zeros((count, days)), np.zeros((count, days))
    hours: dict[str, list[list[tuple[float, float, Site]]]] = {
        step.code: [[] for _ in range(days)] for step in world.scenario.visits
    }
    for site in region.sites:
        number = group[next(iter(site.services))]
        for day in range(days):
            counters, sessions = region.counters(site, day), site.sessions(day)
            if not counters or not sessions:
                continue
            length = sum(end - begin for begin, end in sessions) / region.slower(site.id, day)
            lengths[number, day] += counters * length
            stretches[number, day] += counters * len(sessions)
            for service in site.services:
                hours[service][day].append((sessions[0][0], sessions[-1][1], site))
    opens = {service: np.array([bool(day) for day in by_day]) for service, by_day in hours.items()}
    most = [_most(world, group, number, lengths[number], stretches[number]) for number in range(count)]
    return Capacity(group, most, lengths + np.array(most)[:, None] * stretches, opens, hours, region)


def _groups(services: Sequence[frozenset[str]]) -> dict[str, int]:
    groups: list[set[str]] = []
    for some in services:
        joined = set(some).union(*(group for group in groups if group & some))
        groups = [group for group in groups if not group & some] + [joined]
    return {service: number for number, group in enumerate(groups) for service in group}


def _most(world: World, group: Mapping[str, int], number: int, lengths: Floats, stretches: Floats) -> float:
    """The minutes to which visits are counted that make the visits of the world fill the hours the most."""
    minutes = np.array(
        [
            attempt.minutes
            for person in world.people
            for service, attempts in person.attempts.items()
            if group[service] == number
            for attempt in attempts
            if attempt.comes
        ]
    )
    if not len(minutes):
        return 0.0
    days = slice(0, world.scenario.arrival_days)
    candidates = np.quantile(minutes, np.linspace(0.2, 1.0, 81))
    filled = [
        np.minimum(minutes, most).sum() / max(1e-9, lengths[days].sum() + most * stretches[days].sum())
        for most in candidates
    ]
    return float(candidates[int(np.argmax(filled))])
