"""Whom an employer is shown for a vacancy, and in which order, when others look for people too.

First whoever is suggested here by the assignment over all vacancies of the region, then whoever is suggested nowhere,
then those who are suggested elsewhere; each by score. So not all employers are sent the same three people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np

from app.domain.matching.assignment import Pairs, assigned
from app.domain.matching.columns import Columns
from app.domain.matching.ranking import Ranking
from app.domain.matching.terms import Vacancy

MOST_SHOWN = 50
CONSIDERED = 60
"""Of each vacancy the assignment looks at so many, the best."""
_SEATS = 10
"""Of a vacancy's openings so many are assigned at once."""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """`here`: whom the assignment suggests, by vacancy; `anywhere`: all of them."""

    here: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    anywhere: frozenset[UUID] = frozenset()


def suggestions(columns: Columns, vacancies: Sequence[Vacancy]) -> Suggestions:
    """The assignment of these people to these vacancies."""
    numbers = {vacancy.id: number for number, vacancy in enumerate(vacancies)}
    found = [ranked for ranked in Ranking(columns).each_best(vacancies, CONSIDERED) if len(ranked.places)]
    if not found:
        return Suggestions()
    pairs = Pairs(
        np.concatenate([np.full(len(ranked.places), numbers[ranked.vacancy_id]) for ranked in found]),
        np.concatenate([ranked.places for ranked in found]).astype(np.int64),
        np.concatenate([ranked.scores for ranked in found]).astype(np.int64),
    )
    chosen = assigned(pairs, [min(vacancy.openings, _SEATS) for vacancy in vacancies])
    here: dict[UUID, set[UUID]] = {}
    for number, place in zip(pairs.vacancies[chosen].tolist(), pairs.people[chosen].tolist(), strict=True):
        here.setdefault(vacancies[number].id, set()).add(columns.ids[place])
    return Suggestions(
        {vacancy_id: frozenset(people) for vacancy_id, people in here.items()},
        frozenset().union(*here.values()),
    )


def arranged(ranked: Sequence[UUID], vacancy_id: UUID, suggested: Suggestions) -> list[UUID]:
    """People in the order in which they are shown; `ranked`: by score."""
    here = suggested.here.get(vacancy_id, frozenset[UUID]())
    return sorted(ranked, key=lambda person: 0 if person in here else 2 if person in suggested.anywhere else 1)
