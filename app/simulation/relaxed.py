"""Each person's best days at given prices of counter-minutes: exact, for many persons at once.

Persons with the same pattern of attempts are looked at together, in arrays of a row for each and a column for each day.
Where a step is waited for by several others only one of these waits, so that the steps form a tree, in which the costs
of what comes before can be added up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import inf

import numpy as np
from numpy.typing import NDArray

from app.simulation.capacity import Capacity
from app.simulation.graph import prerequisites_first
from app.simulation.measure import unavoidable
from app.simulation.parts import Step
from app.simulation.scenario import Scenario
from app.simulation.world import Attempt, Person, World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PATENT = ""
"""The end, which waits for every step that no other waits for."""

_Chain = list[tuple[Floats | None, Ints]]
"""For each attempt what it takes of each person (None: they do not come), and the days to the next."""


@dataclass(eq=False, slots=True)
class _Crowd:
    """Persons with one pattern. `less`: their unavoidable days; `first`: the first possible day for each step."""

    entry: Ints
    less: Ints
    first: dict[str, Ints]
    chain: dict[str, _Chain]


@dataclass(slots=True)
class Answer:
    """`value`: days of all, at the prices. By day of entry: `days` alone, and `used[entry, g, day]` minutes."""

    value: float
    days: Floats
    used: Floats


@dataclass
class Relaxed:
    world: World
    capacity: Capacity
    crowds: list[_Crowd] = field(init=False)

    def __post_init__(self) -> None:
        scenario = self.world.scenario
        self.horizon = scenario.horizon_days
        self._waits = _tree(scenario)
        self._order = prerequisites_first({code: self._before(code) for code in self._waits})
        self._last_day = {
            code: _inverse([_allowed(self.world, code, after, day) for day in range(self.horizon)])
            for code, after in self._waits.items()
        }
        people = sorted(self.world.people, key=_pattern)
        self.crowds = [self._crowd(list(some)) for _, some in groupby(people, key=_pattern)]

    def best(self, prices: Floats) -> Answer:
        """`prices[g, day]`: days per minute."""
        entries = self.world.scenario.arrival_days
        answer = Answer(0.0, np.zeros(entries), np.zeros((entries, *prices.shape)))
        for crowd in self.crowds:
            _Solved(self, crowd, prices).add_to(answer)
        return answer

    def _before(self, code: str) -> list[str]:
        return [each for each, after in self._waits.items() if after == code]

    def _crowd(self, people: Sequence[Person]) -> _Crowd:
        scenario, timeline = self.world.scenario, self.world.timeline
        chain: dict[str, _Chain] = {}
        first = {step.code: np.array([timeline.day(p.entered) for p in people]) for step in scenario.steps}
        for step in scenario.visits:
            first[step.code] = np.array([self.capacity.first_day(person, step.code) for person in people])
            attempts = [person.attempts[step.code] for person in people]
            chain[step.code] = [
                (
                    np.array([self.capacity.charge(step.code, each[k].minutes) for each in attempts])
                    if attempts[0][k].comes
                    else None,
                    np.array([days_to_next(self.world, step, each, k) for each in attempts]),
                )
                for k in range(len(attempts[0]))
            ]
        for step in scenario.steps:
            if step.done_after_days is not None:
                chain[step.code] = [(None, np.array([person.elsewhere[step.code] for person in people]))]
        return _Crowd(
            entry=np.array([timeline.day(person.entered) for person in people]),
            less=np.array([unavoidable(scenario, timeline, person) for person in people]),
            first=first,
            chain=chain,
        )


class _Solved:
    """One crowd's best days: for each step and attempt the least cost to have made it up to each day, and when then."""

    def __init__(self, relaxed: Relaxed, crowd: _Crowd, prices: Floats) -> None:
        self._relaxed, self._crowd, self._prices = relaxed, crowd, prices
        self._rows = np.arange(len(crowd.entry))
        self._days = np.arange(relaxed.horizon)
        self._when: dict[str, list[Ints]] = {}
        self._cost: dict[str, Floats] = {}
        for code in relaxed._order:  # noqa: SLF001
            if code != PATENT:
                self._step(code)

    def _allowed(self, code: str) -> Floats:
        """The least cost of all that comes before, to begin the step on each day at the latest."""
        before = self._relaxed._before(code)  # noqa: SLF001
        total = np.zeros((len(self._rows), len(self._days)))
        for each in before:
            last = self._relaxed._last_day[each]  # noqa: SLF001
            total += np.where(last < 0, inf, self._cost[each][:, np.maximum(last, 0)])
        if code != PATENT:
            total[self._days[None, :] < self._crowd.first[code][:, None]] = inf
        return total

    def _step(self, code: str) -> None:
        allowed = self._allowed(code)
        capacity = self._relaxed.capacity
        self._when[code] = []
        for charge, days in self._crowd.chain[code]:
            if code in capacity.opens:
                cost = np.where(capacity.opens[code], allowed, inf)
                if charge is not None:
                    cost = cost + charge[:, None] * self._prices[capacity.group[code]]
                least = np.minimum.accumulate(cost, axis=1)
                new = np.ones_like(cost, dtype=bool)
                new[:, 1:] = least[:, 1:] < least[:, :-1]
                self._when[code].append(np.maximum.accumulate(np.where(new, self._days, 0), axis=1))
            else:
                least = allowed
                self._when[code].append(np.broadcast_to(self._days, allowed.shape))
            self._cost[code] = least
            since = self._days[None, :] - days[:, None]
            allowed = np.where(since < 0, inf, np.take_along_axis(least, np.maximum(since, 0), axis=1))
        if code not in capacity.opens:
            self._cost[code] = allowed

    def add_to(self, answer: Answer) -> None:
        crowd, horizon = self._crowd, self._relaxed.horizon
        total = self._allowed(PATENT) + self._days
        day = total.argmin(axis=1)
        value = total[self._rows, day]
        done = value < horizon  # who is not, counts as done at the horizon, and then takes nothing
        answer.value += float((np.where(done, value, horizon) - crowd.entry - crowd.less).sum())
        np.add.at(answer.days, crowd.entry, np.where(done, day, horizon) - crowd.entry - crowd.less)
        left = [(PATENT, day)]
        while left:
            after, until = left.pop()
            for code in self._relaxed._before(after):  # noqa: SLF001
                last = self._relaxed._last_day[code][until]  # noqa: SLF001
                left.append((code, self._follow(code, np.maximum(last, 0), done, answer)))

    def _follow(self, code: str, until: Ints, done: NDArray[np.bool_], answer: Answer) -> Ints:
        """Notes what the attempts of a step take if it is done by `until`; gives the day of the first."""
        capacity, crowd = self._relaxed.capacity, self._crowd
        chain = crowd.chain[code]
        if code not in capacity.opens:
            begun: Ints = np.maximum(until - chain[0][1], 0)
            return begun
        day = until
        for number in range(len(chain) - 1, -1, -1):
            charge, _ = chain[number]
            day = self._when[code][number][self._rows, day]
            if charge is not None:
                group = capacity.group[code]
                where = crowd.entry[done], np.full(done.sum(), group), day[done]
                np.add.at(answer.used, where, charge[done])
            if number:
                day = np.maximum(day - chain[number - 1][1], 0)
        return day


def days_to_next(world: World, step: Step, attempts: Sequence[Attempt], number: int) -> int:
    """At least so many days lie between an attempt and the next.

    Who walks in comes in the first hours of a day: not of the day on which they came before, and when they did not,
    not of the day on which they think of it again, at the hour at which they would have come.
    """
    if number + 1 == len(attempts):
        return 0
    morning = attempts[number + 1].walks_in
    if attempts[number].comes:
        return max(step.retake_after_days, int(morning))
    return world.scenario.behaviour.no_show_rebooks_after_days + (morning and world.timeline.steady)


def _pattern(person: Person) -> tuple[tuple[bool, ...], ...]:
    return tuple(tuple(attempt.comes for attempt in attempts) for attempts in person.attempts.values())


def _tree(scenario: Scenario) -> dict[str, str]:
    """What waits for each step: of several the one with which the longest terms begin; and the patent for the rest."""
    waits: dict[str, str] = {}
    for step in scenario.steps:
        after = [other for other in scenario.steps if step.code in other.hard_prerequisites]
        after.sort(key=lambda other: -other.not_before_working_days_after.get(step.code, 0))
        waits[step.code] = after[0].code if after else PATENT
    return waits


def _allowed(world: World, code: str, after: str, day: int) -> int:
    """The first day on which what waits for a step may be done if the step is done on `day`."""
    step, timeline = world.scenario.step(code), world.timeline
    if after == PATENT:
        return day
    term = world.scenario.step(after).not_before_working_days_after.get(code, 0)
    return max(timeline.after_working_days(day, step.result_after_working_days), timeline.after_working_days(day, term))


def _inverse(allowed: Sequence[int]) -> Ints:
    """For each day the last one from which it is allowed; -1 if there is none."""
    return np.searchsorted(np.array(allowed), np.arange(len(allowed)), side="right") - 1
