"""Puts steps in order: prerequisites first, then what is most urgent, then as the book has them."""

from collections.abc import Mapping
from datetime import date
from graphlib import TopologicalSorter
from heapq import heappop, heappush

from app.domain.pathways.rules import Rule


def needed_by(
    rules: Mapping[str, Rule], deadlines: Mapping[str, date | None], held: frozenset[str]
) -> dict[str, date | None]:
    """By when each step is needed: its own deadline, or an earlier one of a step that waits for it.

    Steps in `held` have a result that is good today, so nothing waits for them.
    """
    needed = dict(deadlines)
    prerequisites = {code: [other for other in rule.hard if other in rules] for code, rule in rules.items()}
    for code in reversed([*TopologicalSorter(prerequisites).static_order()]):
        for other in prerequisites[code]:
            dates = [day for day in (needed[other], needed[code]) if day is not None]
            if dates and other not in held:
                needed[other] = min(dates)
    return needed


def in_order(rules: Mapping[str, Rule], urgency: Mapping[str, tuple[bool, date]]) -> list[str]:
    """The codes of `rules`: hard and soft prerequisites first, and then by `urgency`, least first."""
    position = {code: place for place, code in enumerate(rules)}
    sorter = TopologicalSorter(
        {code: [other for other in (*rule.hard, *rule.soft) if other in rules] for code, rule in rules.items()}
    )
    sorter.prepare()
    ready: list[tuple[tuple[bool, date], int, str]] = []
    ordered: list[str] = []
    while sorter.is_active():
        for code in sorter.get_ready():
            heappush(ready, (urgency[code], position[code], code))
        _, _, code = heappop(ready)
        ordered.append(code)
        sorter.done(code)
    return ordered
