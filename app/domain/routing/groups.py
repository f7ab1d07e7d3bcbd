"""The least travel with a given number of days out.

Tasks are divided into groups, one for each day out, in every way; the ways are taken in order of what they would
take at least. For each the groups' days are chosen by branch and bound, tours with the least travel first.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.domain.routing.ground import NEVER, Edge, bits
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
    return left if all(left[i] for i in bits(tours.active)) else None


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
    ways = [way for each in _ways(tours, days, outings) if (way := _narrow_groups(tours, each)) is not None]
    bounded = sorted(((sum(tours.bound(group.tasks) for group in way), way) for way in ways), key=lambda each: each[0])
    best: Chosen | None = None
    for bound, way in bounded:
        if bound >= below:
            break
        found = _Days(tours, way, lateness, below).solve()
        if found:
            best, below = found, found.minutes
    return best


def _ways(tours: Tours, days: Sequence[int], outings: int) -> Iterator[list[Group]]:
    """Every way to divide the tasks into so many groups, each with the days on which all of it could be done."""
    most = tours.ground.most
    same: dict[tuple[int, int], int] = {}
    for edge in tours.ground.edges:
        for pair in ((edge.before, edge.after), (edge.after, edge.before)):
            same[pair] = same.get(pair, -1) & edge.same
    numbers = sorted(bits(tours.active), key=lambda i: days[i].bit_count())
    groups: list[list[int]] = []
    sets: list[int] = []

    def divide(index: int) -> Iterator[list[Group]]:
        if index == len(numbers):
            yield [Group(sum(1 << i for i in group), each) for group, each in zip(groups, sets, strict=True)]
            return
        task = numbers[index]
        if len(numbers) - index > outings - len(groups):
            for place, group in enumerate(groups):
                before = sets[place]
                left = before & days[task] & most[len(group) + 1]
                for other in group:
                    left &= same.get((task, other), -1)
                if left:
                    group.append(task)
                    sets[place] = left
                    yield from divide(index + 1)
                    group.pop()
                    sets[place] = before
        if len(groups) < outings:
            left = days[task] & most[1]
            if left:
                groups.append([task])
                sets.append(left)
                yield from divide(index + 1)
                groups.pop()
                sets.pop()

    return divide(0)


def _between(tours: Tours, way: Sequence[Group]) -> list[tuple[int, int, Edge]]:
    """(group, group, edge) of the prerequisites in another group."""
    where = {i: place for place, group in enumerate(way) for i in bits(group.tasks)}
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
        where = {i: place for place, group in enumerate(self.way) for i in bits(group.tasks)}
        self.advised = [
            (where[other], where[i], minutes)
            for i in where
            for other, minutes in tours.ground.advised[i]
            if other in where and where[other] != where[i]
        ]
        self.costs = [[cost for i in bits(group.tasks) if (cost := tours.ground.lateness[i])] for group in self.way]
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
