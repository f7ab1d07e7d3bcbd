"""The least lateness and the earliest end, days and places considered, travel not minded.

Day by day over what has been done so far. Where no result ends before it is needed, doing more on a day is never
worse than doing less, so only the largest sets that fit a day are tried; and of two ways to have done the same
tasks the one that is neither less late nor leaves more days to the rest is dropped.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from app.domain.routing.ground import MEMBERS, NEVER, Edge, Ground
from app.domain.routing.tours import Tours


class Soonest(NamedTuple):
    """Lateness in days and `ONE_MISSED`; the day of the last visit."""

    lateness: int
    end: int


class _State(NamedTuple):
    """`left`: for each task the days that are left to it by what was done."""

    lateness: int
    left: tuple[int, ...]


def soonest(tours: Tours, days: Sequence[int], budget: int = NEVER, tasks: int | None = None) -> Soonest | None:
    """Of the active tasks, or some of them, each on one of its `days`; None if they cannot all be placed, or are later
    than `budget`.
    """
    ground, everything = tours.ground, tours.active if tasks is None else tasks
    edges = [edge for edge in ground.edges if everything >> edge.before & everything >> edge.after & 1]
    nested = all(edge.nested for edge in edges)
    if not everything:
        return Soonest(0, -1)
    states: dict[int, list[_State]] = {0: [_State(0, tuple(days))]}
    best: Soonest | None = None
    for day in range(ground.length):
        later: dict[int, list[_State]] = {}
        for done, group in states.items():
            for state in group:
                ready = _ready(everything & ~done, edges, state, done, day)
                sets = _fitting(tours, ready, day, largest=nested) if ready else []
                for chosen in sets if sets and nested else [*sets, 0]:
                    after = _after(ground, edges, state, chosen, day) if chosen else state
                    now = done | chosen
                    bound = after.lateness + _left(ground, everything & ~now, after.left, day + 1)
                    if bound > budget or (best and bound >= best.lateness):
                        continue
                    if now == everything:
                        best = Soonest(after.lateness, day)
                    else:
                        _keep(later.setdefault(now, []), after)
        states = later
        if not states:
            break
    return best


def _ready(left: int, edges: Sequence[Edge], state: _State, done: int, day: int) -> int:
    """The tasks that can be done on `day`; also those that only can after others of the same day."""
    ready = 0
    for i in MEMBERS[left]:
        if state.left[i] >> day & 1:
            ready |= 1 << i
    changed = True
    while changed:
        changed = False
        for edge in edges:
            if (
                ready >> edge.after & 1
                and not done >> edge.before & 1
                and not (ready >> edge.before & 1 and edge.same >> day & 1)
            ):
                ready &= ~(1 << edge.after)
                changed = True
    return ready


def _fitting(tours: Tours, ready: int, day: int, *, largest: bool) -> list[int]:
    """The sets of tasks for which there is a tour on `day`; `largest`: those only that are in no other such set."""
    found: list[int] = []
    numbers = [1 << i for i in MEMBERS[ready]]
    before = tours.ways.first
    for size in range(len(numbers), 0, -1):
        if not tours.ground.most[size] >> day & 1:
            continue
        for some in combinations(numbers, size):
            chosen = sum(some)
            if largest and any(chosen & other == chosen for other in found):
                continue
            if any(before[i] & ready & ~chosen for i in MEMBERS[chosen]):
                continue
            if tours.fits(chosen, day):
                found.append(chosen)
    return found


def _after(ground: Ground, edges: Sequence[Edge], state: _State, chosen: int, day: int) -> _State:
    lateness, left = state.lateness, list(state.left)
    for i in MEMBERS[chosen]:
        cost = ground.lateness[i]
        if cost:
            lateness += cost[day]
    for edge in edges:
        if chosen >> edge.before & 1:
            left[edge.after] &= edge.allows[day]
    return _State(lateness, tuple(left))


def _left(ground: Ground, tasks: int, left: Sequence[int], day: int) -> int:
    """At least so late the tasks will be from `day` on; `NEVER` if one has no day left."""
    lateness = 0
    for i in MEMBERS[tasks]:
        days = left[i] >> day
        if not days:
            return NEVER
        cost = ground.lateness[i]
        if cost:
            lateness += cost[day + (days & -days).bit_length() - 1]
    return lateness


def _keep(group: list[_State], state: _State) -> None:
    """Adds a state unless one is there that is no worse; drops those that it is no worse than."""
    if any(_no_worse(other, state) for other in group):
        return
    group[:] = [other for other in group if not _no_worse(state, other)]
    group.append(state)


def _no_worse(one: _State, other: _State) -> bool:
    return one.lateness <= other.lateness and all(b & ~a == 0 for a, b in zip(one.left, other.left, strict=True))
