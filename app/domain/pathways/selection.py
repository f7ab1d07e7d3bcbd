"""What of a book can bind somebody at all: found once for each kind of person, since a booking plans each time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from app.domain.pathways.order import Graph, graph_of
from app.domain.pathways.rules import (
    EntryPurpose,
    Exemption,
    Law,
    Note,
    PathwayKind,
    Rule,
    RuleBook,
    StayLimit,
)

L = TypeVar("L", bound=Law)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The pathway's rules for people of one citizenship, purpose and visa, whatever their age and the day."""

    rules: tuple[Rule, ...]
    exemptions: tuple[Exemption, ...]
    stays: tuple[StayLimit, ...]
    notes: tuple[Note, ...]
    by_word: frozenset[str]
    graphs: dict[tuple[str, ...], Graph] = field(default_factory=dict, repr=False, compare=False)

    def graph(self, rules: Sequence[Rule]) -> Graph:
        """How these of the rules, one a step, wait for each other."""
        key = tuple(rule.id for rule in rules)
        if key not in self.graphs:
            self.graphs[key] = graph_of({rule.code: rule for rule in rules})
        return self.graphs[key]


@dataclass(frozen=True, slots=True)
class Selection:
    """The pathways that such people may be on, in the book's order, and what belongs to each."""

    kinds: tuple[tuple[PathwayKind, Chosen], ...]


def select(book: RuleBook, citizenship: str, purpose: EntryPurpose, *, visa: bool) -> Selection:
    """The same selection for every citizenship that no group of the book names, so there are few of them."""
    named: frozenset[str] = book.memo.get("named") or book.memo.setdefault("named", _named(book))
    key = (citizenship if citizenship in named else "", purpose, visa)
    found: Selection | None = book.memo.get(key)
    if found is None:
        found = book.memo.setdefault(key, _select(book, *key))
    return found


def _named(book: RuleBook) -> frozenset[str]:
    audiences = [law.audience for law in (*book.kinds, *book.rules, *book.exemptions, *book.stays, *book.notes)]
    return frozenset[str]().union(*(each.citizenships | each.not_citizenships for each in audiences))


def _select(book: RuleBook, citizenship: str, purpose: EntryPurpose, visa: bool) -> Selection:
    def fitting(laws: Sequence[L], kind: PathwayKind | None = None) -> tuple[L, ...]:
        return tuple(
            law
            for law in laws
            if law.audience.may_include(citizenship, purpose, visa=visa) and (kind is None or _belongs(law, kind))
        )

    kinds = []
    for kind in fitting(book.kinds):
        rules = fitting(book.rules, kind)
        chosen = Chosen(
            rules=rules,
            exemptions=fitting(book.exemptions, kind),
            stays=fitting(book.stays, kind),
            notes=fitting(book.notes, kind),
            by_word=frozenset(rule.code for rule in rules if rule.self_declared),
        )
        kinds.append((kind, chosen))
    return Selection(tuple(kinds))


def _belongs(law: Law, kind: PathwayKind) -> bool:
    named = law.audience.pathways
    return kind.id in named if named else not kind.own_steps
