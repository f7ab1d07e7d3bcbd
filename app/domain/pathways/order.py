"""Puts steps in order: prerequisites first, then what is most urgent, then as the book has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from graphlib import TopologicalSorter
from heapq import heappop, heappush

from app.domain.pathways.rules import Rule


@dataclass(frozen=True, slots=True)
class Graph:
    """Steps that wait for each other.

    `hard` and `soft`: of the prerequisites those that are asked too. `after`: who waits for a step, in either way;
    `waits`: for how many. `last_first`: every step before those that it must wait for. `place`: in the book.
    """

    hard: Mapping[str, tuple[str, ...]]
    soft: Mapping[str, tuple[str, ...]]
    after: Mapping[str, tuple[str, ...]]
    waits: Mapping[str, int]
    last_first: tuple[str, ...]
    place: Mapping[str, int]


def graph_of(rules: Mapping[str, Rule]) -> Graph:
    hard = {code: tuple(other for other in rule.hard if other in rules) for code, rule in rules.items()}
    soft = {code: tuple(other for other in rule.soft if other in rules) for code, rule in rules.items()}
    before = {code: {*hard[code], *soft[code]} for code in rules}
    return Graph(
        hard=hard,
        soft=soft,
        after={code: tuple(later for later in rules if code in before[later]) for code in rules},
        waits={code: len(before[code]) for code in rules},
        last_first=tuple(reversed([*TopologicalSorter(hard).static_order()])),
        place={code: place for place, code in enumerate(rules)},
    )


def needed_by(
    graph: Graph, deadlines: Mapping[str, date | None], held: frozenset[str]
) -> dict[str, tuple[date | None, str]]:
    """By when each step is needed, and whose deadline that is: its own, or an earlier one of a step that waits for it.

    Steps in `held` have a result that is good today, so nothing waits for them.
    """
    needed = {code: (deadline, code) for code, deadline in deadlines.items()}
    for code in graph.last_first:
        day, whose = needed[code]
        if day is None:
            continue
        for other in graph.hard[code]:
            own = needed[other][0]
            if other not in held and (own is None or day < own):
                needed[other] = (day, whose)
    return needed


def in_order(graph: Graph, urgency: Mapping[str, tuple[bool, bool, date]]) -> list[str]:
    """Every step after its prerequisites, hard and soft; of those that may come next the one first in `urgency`."""
    waits = dict(graph.waits)
    ready: list[tuple[tuple[bool, bool, date], int, str]] = []
    for code, count in waits.items():
        if not count:
            heappush(ready, (urgency[code], graph.place[code], code))
    ordered: list[str] = []
    while ready:
        _, _, code = heappop(ready)
        ordered.append(code)
        for later in graph.after[code]:
            waits[later] -= 1
            if not waits[later]:
                heappush(ready, (urgency[later], graph.place[later], later))
    return ordered
