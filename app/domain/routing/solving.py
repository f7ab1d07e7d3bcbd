"""The best plan in the declared order: tasks placed, deadlines, the end, days out, travel.

First `soonest` tells the least lateness and the earliest end; then, with the days that these leave to each task,
`cheapest` is asked for one day out, for two, and so on.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from app.domain.routing.ground import MEMBERS, NEVER, ONE_MISSED, Ground
from app.domain.routing.groups import Chosen, cheapest, narrowed, union
from app.domain.routing.soonest import Soonest, soonest
from app.domain.routing.tours import Tours

URGENT = 3
"""Tasks with so few days left are tried on their own first: soon done, and where the rest mostly fails."""


class Solution(NamedTuple):
    """`lateness` in days and `ONE_MISSED`, of the placed tasks; `end`: the last day."""

    lateness: int
    end: int
    chosen: Chosen


def best(ground: Ground) -> tuple[Tours, Solution] | None:
    """The best plan for as many tasks as can be placed together."""
    for choices in _actives(ground):
        found: list[tuple[tuple[int, int, int, int], Tours, Solution]] = []
        for active in choices:
            tours = Tours(ground, active)
            solution = solve(tours, ground.days) if active else None
            if solution:
                dropped = sum(
                    ground.tasks[i].deadline is not None for i in range(len(ground.tasks)) if not active >> i & 1
                )
                cost = (
                    solution.lateness + dropped * ONE_MISSED,
                    solution.end,
                    len(solution.chosen.tours),
                    solution.chosen.minutes,
                )
                found.append((cost, tours, solution))
        if found:
            _, tours, solution = min(found, key=lambda each: each[0])
            return tours, solution
    return None


def _actives(ground: Ground) -> Iterator[list[int]]:
    """Sets of tasks to place, all of them first, then fewer; those that are equally good together.

    Without a task those that need it cannot be placed either. A kept visit weighs more than all others.
    """
    everything = (1 << len(ground.tasks)) - 1
    hopeless = sum(1 << i for i, days in enumerate(possible(ground)) if not days)
    placeable = [1 << i for i in MEMBERS[everything & ~hopeless]]
    levels: dict[tuple[int, int], list[int]] = {}
    yield [everything & ~hopeless]
    for size in range(1, len(placeable) + 1):
        for some in combinations(placeable, size):
            dropped = hopeless | sum(some)
            if all(dropped >> edge.after & 1 or not dropped >> edge.before & 1 for edge in ground.edges):
                weight = ((dropped & ground.kept).bit_count(), dropped.bit_count())
                levels.setdefault(weight, []).append(everything & ~dropped)
    for weight in sorted(levels):
        yield levels[weight]


def possible(ground: Ground) -> list[int]:
    """The days of each task that are left when each prerequisite alone is done on any of its own."""
    left = list(ground.days)
    changed = True
    while changed:
        changed = False
        for edge in ground.edges:
            days = union(edge.allows, left[edge.before])
            if left[edge.after] & ~days:
                left[edge.after] &= days
                changed = True
    return left


def solve(tours: Tours, days: Sequence[int], budget: int = NEVER) -> Solution | None:
    """The best plan that places all active tasks, each on one of its `days`."""
    left = narrowed(tours, days)
    if left is None:
        return None
    hoped = _hoped(tours, left)
    if hoped and hoped.lateness <= budget:
        found = least(tours, left, hoped)
        if found:
            return found
    reached = soonest(tours, left, budget)
    return least(tours, left, reached) if reached else None


def _hoped(tours: Tours, days: Sequence[int]) -> Soonest | None:
    """What would be reached if no task stood in another's way; None if it surely is not."""
    costs = tours.ground.lateness
    lateness, end = 0, tours.ground.length
    for i in MEMBERS[tours.active]:
        first = (days[i] & -days[i]).bit_length() - 1
        cost = costs[i]
        lateness += cost[first] if cost else 0
    while True:
        left = in_time(tours, days, Soonest(lateness, end))
        if left is None:
            return None
        latest = max((left[i] & -left[i]).bit_length() - 1 for i in MEMBERS[tours.active])
        if latest == end:
            break
        end = latest
    urgent = sum(1 << i for i in MEMBERS[tours.active] if left[i].bit_count() <= URGENT)
    return Soonest(lateness, end) if soonest(tours, left, lateness, urgent) else None


def least(tours: Tours, days: Sequence[int], found: Soonest) -> Solution | None:
    """Of the plans of that lateness and end the one with the fewest days out and then the least travel."""
    left = in_time(tours, days, found)
    if left is None:
        return None
    for outings in range(len(tours.ground.tasks) + 1):
        chosen = cheapest(tours, left, outings, found.lateness)
        if chosen:
            return Solution(found.lateness, found.end, chosen)
    return None


def in_time(tours: Tours, days: Sequence[int], found: Soonest) -> list[int] | None:
    """The days on which each task can be without being later than that in all; None if one has none."""
    until = (1 << (found.end + 1)) - 1
    left: list[int] | None = [each & until for each in days]
    while True:
        before = left
        left = narrowed(tours, left) if left else None
        left = _within(tours, left, found.lateness) if left else None
        if left is None or left == before:
            return left


def _within(tours: Tours, days: Sequence[int], budget: int) -> list[int] | None:
    """Without the days that would be later than the budget leaves when all others are as early as they can be."""
    costs = tours.ground.lateness
    least_late = [0] * len(days)
    for i in MEMBERS[tours.active]:
        cost = costs[i]
        if not days[i]:
            return None
        if cost:
            least_late[i] = cost[(days[i] & -days[i]).bit_length() - 1]
    spare = budget - sum(least_late)
    left = list(days)
    for i in MEMBERS[tours.active]:
        cost = costs[i]
        if cost:
            left[i] &= (1 << bisect_right(cost, least_late[i] + spare)) - 1
    return left if spare >= 0 else None
