"""A journey in the form that the search works on: tasks and days as numbers, sets of days as bits of an int.

Day 0 is the journey's first. Bit `d` of a set of days stands for day `d`, bit `i` of a set of tasks for task `i`.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from app.domain.routing.journey import MOST_TASKS, TICK_MINUTES, Advice, Given, Journey, Need, Openings, Task

ONE_MISSED = 1 << 20
"""A missed deadline in a number that also counts days late: more than any sum of these."""
LONG_AGO, NEVER = -(1 << 60), 1 << 60
MEMBERS = [tuple(i for i in range(MOST_TASKS) if tasks >> i & 1) for tasks in range(1 << MOST_TASKS)]
"""The tasks in each set of tasks."""
ANY_TIME = 1 << 50
"""Where the free time of a day begins and ends that has no limits."""


class Edge(NamedTuple):
    """Task `before` comes before task `after`.

    `allows[d]`: the days of `after` if `before` is done on day `d`; `asks[d]`: those of `before` if `after` is done on
    day `d`. `nested`: no result ends in time to matter, and none comes sooner for being waited for longer; so these are
    the days from one on, or up to one. `same`: the days on which both can be done.
    """

    before: int
    after: int
    allows: list[int]
    asks: list[int]
    nested: bool
    same: int


class Window(NamedTuple):
    """A stretch of free time in which a day out must lie, in ticks, with a number of its own."""

    number: int
    opens: int
    ends: int


class Ground:
    """What holds for the journey whatever is chosen.

    `days[i]`: on which task `i` alone could be done, prerequisites apart. `lateness[i][d]`: what it costs to do it on
    day `d`, in days late and `ONE_MISSED`; None without a deadline. `advised[i]`: (task, minutes) of soft
    prerequisites that are tasks; `advice[i]` of others, as minutes for each day, or None. `most[n]`: the days
    on which `n` visits are not too many. `out` and `back` in ticks.
    """

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        self.tasks = journey.tasks
        self.codes = {task.code: number for number, task in enumerate(journey.tasks)}
        self.start = journey.first.toordinal()
        self.length = max(0, journey.last.toordinal() - self.start + 1)
        self.dates = [date.fromordinal(self.start + number) for number in range(self.length)]
        self.all_days = (1 << self.length) - 1
        self.kept = sum(1 << i for i, task in enumerate(self.tasks) if task.kept)
        travel = journey.travel
        self.out = [-(-minutes // TICK_MINUTES) for minutes in travel.out]
        self.back = [-(-minutes // TICK_MINUTES) for minutes in travel.back]
        self.windows = _windows(self)
        self.most = _most(self)
        self.allowed = [self._allowed(task) for task in self.tasks]
        self.places = [self._places(i) for i in range(len(self.tasks))]
        self._at: dict[tuple[int, int], Mapping[int, Sequence[Openings]]] = {}
        self.days = [_bits(places) & self.allowed[i] for i, places in enumerate(self.places)]
        self.edges = [
            self._edge(need, i) for i, task in enumerate(self.tasks) for need in task.hard if isinstance(need, Need)
        ]
        self.lateness = [self._lateness(task.deadline) for task in self.tasks]
        self.advised = [
            [(self.codes[advice.code], advice.minutes) for advice in task.soft if advice.code in self.codes]
            for task in self.tasks
        ]
        self.advice = [self._advice(task) for task in self.tasks]

    def number(self, day: date) -> int:
        return day.toordinal() - self.start

    def day_of(self, number: int) -> date:
        return self.dates[number]

    def since(self, day: date) -> int:
        """The days from `day` on."""
        return self.all_days & (-1 << max(0, min(self.number(day), self.length)))

    def until(self, day: date) -> int:
        """The days up to `day`, which is one of them."""
        return (1 << max(0, min(self.number(day) + 1, self.length))) - 1

    def at(self, i: int, day: int) -> Mapping[int, Sequence[Openings]]:
        """Point → openings of a task on a day."""
        found = self._at.get((i, day))
        if found is None:
            points: dict[int, list[Openings]] = {}
            for row in self.places[i].get(day, ()):
                points.setdefault(row.point, []).append(row)
            found = self._at[i, day] = points
        return found

    def _allowed(self, task: Task) -> int:
        days = self.all_days if task.earliest is None else self.since(task.earliest)
        for need in task.hard:
            if isinstance(need, Given):
                days &= 0 if need.ready is None else self.since(need.ready)
                if need.good_until is not None:
                    days &= self.until(need.good_until)
        return days

    def _places(self, i: int) -> Mapping[int, Sequence[Openings]]:
        """Day → openings of a task that alone could be used: within the person's hours, and not too far."""
        journey, task = self.journey, self.tasks[i]
        start, length = self.start, self.length
        found = {
            number: rows
            for day, rows in journey.openings.get(task.code, {}).items()
            if 0 <= (number := day.toordinal() - start) < length and rows
        }
        if journey.free is None and (journey.most_minutes is None or task.kept):
            return found
        limit = NEVER if journey.most_minutes is None or task.kept else journey.most_minutes
        near = [minutes <= limit for minutes in journey.travel.out]
        kept = {
            number: [row for row in rows if near[row.point] and self._fits(row, number)]
            for number, rows in found.items()
        }
        return {number: rows for number, rows in kept.items() if rows}

    def _fits(self, row: Openings, day: int) -> bool:
        first, last = self.out[row.point], self.back[row.point] + row.ticks
        return any(first_start(row, window.opens + first) <= window.ends - last for window in self.windows[day])

    def _edge(self, need: Need, after: int) -> Edge:
        start, length = self.start, self.length
        ready = [
            max(number, day.toordinal() - start) if day is not None else length
            for number, day in enumerate(map(need.ready.get, self.dates))
        ]
        allows = [self.all_days >> number << number if number < length else 0 for number in ready]
        bounded = allows
        if need.good_until is not None:
            bounded = [days & self._good(need, day) for days, day in zip(allows, self.dates, strict=True)]
        nested = bounded == allows and all(one <= other for one, other in pairwise(ready))
        if nested:
            asks = [(1 << bisect_right(ready, day)) - 1 for day in range(length)]
        else:
            asks = [sum(1 << day for day, days in enumerate(bounded) if days >> other & 1) for other in range(length)]
        same = sum([1 << number for number, days in enumerate(bounded) if days >> number & 1])
        return Edge(self.codes[need.code], after, bounded, asks, nested, same)

    def _good(self, need: Need, day: date) -> int:
        """The days up to which a result of that day is good."""
        until = need.good_until.get(day) if need.good_until else None
        return 0 if until is None else self.until(until)

    def _lateness(self, deadline: date | None) -> list[int] | None:
        if deadline is None:
            return None
        last = self.number(deadline)
        return [0 if day <= last else ONE_MISSED + day - last for day in range(self.length)]

    def _advice(self, task: Task) -> list[int] | None:
        others = [advice for advice in task.soft if advice.code not in self.codes]
        if not others:
            return None
        return [sum(self._broken(advice, day) for advice in others) for day in range(self.length)]

    def _broken(self, advice: Advice, day: int) -> int:
        return advice.minutes if advice.ready is None or self.number(advice.ready) > day else 0


def bits(days: int) -> Iterator[int]:
    """The numbers in a set, in order."""
    while days:
        low = days & -days
        yield low.bit_length() - 1
        days ^= low


def first_start(row: Openings, tick: int) -> int:
    """The first start at or after `tick`; `NEVER` if there is none."""
    _, base, mask, _ = row
    if tick > base:
        mask >>= tick - base
        base = tick
    return base + (mask & -mask).bit_length() - 1 if mask else NEVER


def _bits(places: Mapping[int, Sequence[Openings]]) -> int:
    days = 0
    for day in places:
        days |= 1 << day
    return days


def _kept(ground: Ground) -> Iterator[tuple[int, Openings]]:
    """(day, opening) of every kept visit."""
    for task in ground.tasks:
        if task.kept:
            for day, rows in ground.journey.openings.get(task.code, {}).items():
                if 0 <= ground.number(day) < ground.length:
                    yield from ((ground.number(day), row) for row in rows)


def _windows(ground: Ground) -> list[list[Window]]:
    """For each day the stretches of free time; those around a kept visit are free enough for it."""
    free = ground.journey.free
    if free is None:
        return [[Window(day, -ANY_TIME, ANY_TIME)] for day in range(ground.length)]
    stretches = [list(free.get(ground.day_of(day), ())) for day in range(ground.length)]
    for day, row in _kept(ground):
        start = first_start(row, LONG_AGO)
        around = (start - ground.out[row.point], start + row.ticks + ground.back[row.point])
        stretches[day].append(around)
    numbers = iter(range(1 << 30))
    return [[Window(next(numbers), *stretch) for stretch in joined(each)] for each in stretches]


def joined(stretches: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches that overlap or touch become one."""
    found: list[tuple[int, int]] = []
    for opens, ends in sorted(stretches):
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(ends, found[-1][1]))
        else:
            found.append((opens, ends))
    return found


def _most(ground: Ground) -> list[int]:
    kept = [0] * ground.length
    for day, _ in _kept(ground):
        kept[day] += 1
    limit = ground.journey.most_visits
    return [
        sum(1 << day for day in range(ground.length) if max(limit, kept[day]) >= visits)
        for visits in range(len(ground.tasks) + 1)
    ]
