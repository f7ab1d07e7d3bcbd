"""The least travel with a given number of days out.

Tasks are divided into groups, one for each day out, in every way; the ways are taken in order of what they would
take at least. For each the groups' days are chosen by branch and bound, tours with the least travel first.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.domain.routing.ground import MEMBERS, NEVER, Edge, bits
from app.domain.routing.tours import Search, Tour, Tours


class Chosen(NamedTuple):
    """`minutes`: travel, with what broken advice counts for."""

    minutes: int
    tours: tuple[Tour, ...]


class Group(NamedTuple):
    tasks: int
    days: int


def narrowed(tours: Tours, days: Sequence[int]) -> list[int] | None:
    """The days of each task on which those before and after it could be done too; None if one has none."""
    left = list(days)
    edges = [edge for edge in tours.ground.edges if tours.active >> edge.before & tours.active >> edge.after & 1]
    changed = True
    while changed:
        changed = False
        for edge in edges:
            before, after = _together(edge, left[edge.before], left[edge.after])
            if before != left[edge.before] or after != left[edge.after]:
                left[edge.before], left[edge.after] = before, after
                changed = True
    return left if all(left[i] for i in MEMBERS[tours.active]) else None


def _together(edge: Edge, before: int, after: int) -> tuple[int, int]:
    if not before or not after:
        return 0, 0
    if edge.nested:
        after &= edge.allows[(before & -before).bit_length() - 1]
        return (before & edge.asks[after.bit_length() - 1] if after else 0), after
    after &= union(edge.allows, before)
    return before & union(edge.asks, after), after


def union(sets: Sequence[int], days: int) -> int:
    found = 0
    for day in bits(days):
        found |= sets[day]
    return found


def cheapest(tours: Tours, days: Sequence[int], outings: int, lateness: int, below: int = NEVER) -> Chosen | None:
    """The plan of the least minutes with exactly so many `outings`, not later than `lateness`, each active task on one
    of its `days` (narrowed). None if there is none of fewer minutes than `below`.
    """
    ways = [way for each in _Division(tours, days, outings) if (way := _narrow_groups(tours, each)) is not None]
    bounded = sorted(((sum(tours.bound(group.tasks) for group in way), way) for way in ways), key=lambda each: each[0])
    best: Chosen | None = None
    for bound, way in bounded:
        if bound >= below:
            break
        found = _Days(tours, way, lateness, below).solve()
        if found:
            best, below = found, found.minutes
    return best


class _Division:
    """Every way to divide the tasks into a number of groups, each with the days on which all of it could be done."""

    def __init__(self, tours: Tours, days: Sequence[int], outings: int) -> None:
        self.days, self.outings = days, outings
        self.most = tours.ground.most
        self.same: dict[tuple[int, int], int] = {}
        """The days on which two tasks can both be done, of those that wait for each other."""
        for edge in tours.ground.edges:
            for pair in ((edge.before, edge.after), (edge.after, edge.before)):
                self.same[pair] = self.same.get(pair, -1) & edge.same
        self.tasks = sorted(MEMBERS[tours.active], key=lambda i: days[i].bit_count())

    def __iter__(self) -> Iterator[list[Group]]:
        return self._divide(0, [])

    def _divide(self, index: int, groups: list[Group]) -> Iterator[list[Group]]:
        if index == len(self.tasks):
            yield groups
            return
        task = self.tasks[index]
        if len(self.tasks) - index > self.outings - len(groups):
            for place, group in enumerate(groups):
                days = self._shared(group, task)
                if days:
                    joined = Group(group.tasks | 1 << task, days)
                    yield from self._divide(index + 1, [*groups[:place], joined, *groups[place + 1 :]])
        if len(groups) < self.outings and (days := self.days[task] & self.most[1]):
            yield from self._divide(index + 1, [*groups, Group(1 << task, days)])

    def _shared(self, group: Group, task: int) -> int:
        """The days on which the task could join the group."""
        days = group.days & self.days[task] & self.most[group.tasks.bit_count() + 1]
        if days:
            for other in MEMBERS[group.tasks]:
                days &= self.same.get((task, other), -1)
        return days


def _between(tours: Tours, way: Sequence[Group]) -> list[tuple[int, int, Edge]]:
    """(group, group, edge) of the prerequisites in another group."""
    where = {i: place for place, group in enumerate(way) for i in MEMBERS[group.tasks]}
    return [
        (where[edge.before], where[edge.after], edge)
        for edge in tours.ground.edges
        if edge.before in where and edge.after in where and where[edge.before] != where[edge.after]
    ]


def _narrow_groups(tours: Tours, way: list[Group]) -> list[Group] | None:
    """The same with the days of each group on which those before and after it could be had too."""
    between = _between(tours, way)
    left = [group.days for group in way]
    changed = True
    while changed:
        changed = False
        for one, other, edge in between:
            before, after = _together(edge, left[one], left[other])
            if not before or not after:
                return None
            if before != left[one] or after != left[other]:
                left[one], left[other] = before, after
                changed = True
    return [Group(group.tasks, days) for group, days in zip(way, left, strict=True)]


class _Days:
    """Chooses the days of one way to divide the tasks."""

    def __init__(self, tours: Tours, way: Sequence[Group], lateness: int, below: int) -> None:
        self.tours, self.below, self.lateness = tours, below, lateness
        self.way = sorted(way, key=lambda group: group.days.bit_count())
        self.searches: list[Search] = [tours.search(*group) for group in self.way]
        self.edges: list[list[tuple[int, list[int]]]] = [[] for _ in way]
        for one, other, edge in _between(tours, self.way):
            if one < other:
                self.edges[other].append((one, edge.allows))
            else:
                self.edges[one].append((other, edge.asks))
        where = {i: place for place, group in enumerate(self.way) for i in MEMBERS[group.tasks]}
        self.advised = [
            (where[other], where[i], minutes)
            for i in where
            for other, minutes in tours.ground.advised[i]
            if other in where and where[other] != where[i]
        ]
        self.costs = [[cost for i in MEMBERS[group.tasks] if (cost := tours.ground.lateness[i])] for group in self.way]
        self.chosen: list[Tour] = []
        self.best: Chosen | None = None

    def solve(self) -> Chosen | None:
        count = len(self.way)
        self.rest = [0] * (count + 1)
        self.late = [0] * (count + 1)
        for place in reversed(range(count)):
            self.rest[place] = self.rest[place + 1] + self.searches[place].bound
            first = (self.way[place].days & -self.way[place].days).bit_length() - 1
            self.late[place] = self.late[place + 1] + sum(cost[first] for cost in self.costs[place])
        self._choose(0, 0, 0, 0)
        return self.best

    def _choose(self, place: int, minutes: int, late: int, used: int) -> None:
        if place == len(self.way):
            self.below = minutes
            self.best = Chosen(minutes, tuple(self.chosen))
            return
        allowed = self.way[place].days & ~used
        for other, table in self.edges[place]:
            allowed &= table[self.chosen[other].day]
        if not allowed:
            return
        search, index = self.searches[place], 0
        while tour := search.get(index, self.below - minutes - self.rest[place + 1]):
            index += 1
            day = tour.day
            if not allowed >> day & 1:
                continue
            later = late + sum([cost[day] for cost in self.costs[place]])
            if later + self.late[place + 1] > self.lateness:
                continue
            self.chosen.append(tour)
            broken = sum(
                [
                    counted
                    for before, after, counted in self.advised
                    if max(before, after) == place and self.chosen[before].day > self.chosen[after].day
                ]
            )
            total = minutes + tour.minutes + broken
            if total + self.rest[place + 1] < self.below:
                self._choose(place + 1, total, later, used | 1 << day)
            self.chosen.pop()
