"""Which cells of a table are told: a question is asked of a group only as far as each answer is a crowd.

A group of people is opened by one question after another, in an order that is fixed beforehand. The values of a
question stand in a fixed order too; they are gathered from the first on until there are `K` people, then the next cell
begins, and what is left at the end joins the last one. So every cell holds at least `K` people, cells share nobody,
and nothing else is ever told: what can be computed from cells is a union of cells.

Whoever knows this very program learns no more. Take the world in which all of each cell stand at the one value at which
the cell was closed, and at the first cell that a later question begins there: it would have been told in the same
cells. In that world each group that one can name is empty or holds whole cells. So of no group it follows from what is
told that it has one to nine people. (`tests/domain/test_disclosure.py` builds that world and compares.)
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from app.domain.disclosure.facts import Facts, Numbers

K = 10
Where = Mapping[str, tuple[str, ...]]
"""What is known of everybody in a cell: of each attribute that told them apart, the values it may have."""


@dataclass(frozen=True, slots=True)
class Question:
    """`values`: those that the attribute can have in a cell, in their order, told by what is known already and never by
    the facts; None: it is not asked there, as where not everybody in the cell could have each (`same_for`). ValueError
    when a fact has another.
    """

    name: str
    values: Callable[[Where], Sequence[str] | None]


@dataclass(frozen=True, slots=True)
class Cell:
    """So many facts of at least `K` people."""

    where: Where
    count: int


def same_for(values: Iterable[Sequence[str]]) -> Sequence[str] | None:
    """The values that all of these have; None where they differ: a value that only some in a cell can have would tell
    of them, so the question is not asked there.
    """
    found = list({tuple(each): None for each in values})
    return found[0] if len(found) == 1 else None


def asked(name: str, *values: str) -> Question:
    """A question with the same values everywhere."""
    return Question(name, lambda _: values)


def opened(facts: Facts, questions: Sequence[Question]) -> list[Cell]:
    """The cells that may be told; none when all together are fewer than `K` people."""
    if facts.crowd(K) < K:
        return []
    return list(_opened(facts, questions, {}))


def reopened(cell: Cell, facts: Facts, questions: Sequence[Question]) -> list[Cell]:
    """A cell that was told, by what has been learnt since: parts of it that each are crowds. `facts` may have changed a
    little: their counts are for shares only (`app.domain.disclosure.rounding`). One cell if nothing more can be told.
    """
    known = facts
    for name, values in cell.where.items():
        known = known.having(name, values)
    if known.crowd(K) < K:
        return [Cell(_without_asking(questions, cell.where), cell.count)]
    return list(_opened(known, questions, cell.where))


def _without_asking(questions: Sequence[Question], where: Where) -> Where:
    """What is true of everybody there, whoever they are."""
    for question in questions:
        values = question.values(where)
        if values is not None and len(values) == 1:
            where = {**where, question.name: tuple(values)}
    return where


def _opened(facts: Facts, questions: Sequence[Question], where: Where) -> Iterator[Cell]:
    if not questions:
        yield Cell(MappingProxyType(dict(where)), len(facts))
        return
    question, *later = questions
    values = question.values(where)
    if values is None:
        yield from _opened(facts, later, where)
        return
    for gathered, part in _gathered(facts, question.name, values):
        told_apart = len(gathered) < len(values) or len(values) == 1
        yield from _opened(part, later, {**where, question.name: gathered} if told_apart else where)


def _gathered(facts: Facts, name: str, values: Sequence[str]) -> Iterator[tuple[tuple[str, ...], Facts]]:
    places = _places(facts, name, values)
    in_order = np.argsort(places, kind="stable")
    ends = np.searchsorted(places[in_order], np.arange(len(values)), side="right")
    closed: list[tuple[int, int]] = []  # of each cell the first value after it, and the first row
    seen: set[int] = set()
    begins = 0
    for value, end in enumerate(ends):
        seen.update(np.unique(facts.people[in_order[begins:end]])[:K].tolist())
        begins = int(end)
        if len(seen) >= K:
            closed.append((value + 1, begins))
            seen = set()
    closed[-1:] = [(len(values), len(facts))]
    first, row = 0, 0
    for after, end in closed:
        yield tuple(values[first:after]), facts.part(in_order[row:end])
        first, row = after, end


def _places(facts: Facts, name: str, values: Sequence[str]) -> Numbers:
    """Of each row the place of its value in that order."""
    order = {value: place for place, value in enumerate(values)}
    known = np.array([order.get(value, -1) for value in facts.values[name]], np.int64)
    places = known[facts.columns[name]] if len(facts) else np.empty(0, np.int64)
    if len(places) and places.min() < 0:
        raise ValueError(f"a fact has another {name} than the question knows")
    return places
