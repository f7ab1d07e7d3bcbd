"""The best for a vacancy out of a whole region: the points of `scoring`, many people at once.

All points fit a byte, so that a pass over 10⁵ people takes microseconds. What a vacancy shares with others is added up
for everybody; the rest only for who could still be among the best with all of it, which leaves the list as it is.

Among equals the order is a lottery, drawn anew for each vacancy from the identifiers: nobody is first everywhere.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from app.domain.matching.columns import Bytes, Columns, Indexes, Longs, key_of
from app.domain.matching.parts import EVERYBODY, LIFT, Parts
from app.domain.matching.scoring import RELATED
from app.domain.matching.terms import Vacancy

_ODD = 0x9E3779B97F4A7C15
_SAMPLE = 8
"""One in so many people is looked at to guess who the best are."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """The best for one vacancy, the best first: places in the columns, and scores. Shapes (k,)."""

    vacancy_id: UUID
    places: Indexes
    scores: Bytes


class Ranking:
    """Ranks the people of `columns`. Not for two threads at once: each makes its own, over the same columns."""

    def __init__(self, columns: Columns) -> None:
        self.columns, self.parts = columns, Parts(columns)
        self._too_few: set[str] = set()
        """Minor groups whose people were not enough once: there is no use in trying again."""

    def best(self, vacancy: Vacancy, most: int, after: int = 0) -> Ranked:
        """At most `most` of those who may do the work, from place `after` of the list on."""
        wanted = after + most
        places, points = self.considered(vacancy, wanted)
        first = points >= _reached(points, wanted)
        places, points = places[first], points[first]
        order = np.lexsort((lots(self.columns.keys[places], vacancy.id), 255 - points))[after:wanted]
        return Ranked(vacancy.id, places[order], points[order] - np.uint8(LIFT))

    def considered(self, vacancy: Vacancy, wanted: int) -> tuple[Indexes, Bytes]:
        """Whoever could be among the best `wanted`: their places, and `LIFT` more than their scores. First only those
        who have done such work are looked at: most often nobody else can come up to the last of them.
        """
        near, group = self.parts.near(vacancy), vacancy.occupation[:RELATED]
        if len(near) >= wanted and group not in self._too_few:
            places, points = self._among(near, self.parts.base_near(vacancy), vacancy, wanted)
            if _reached(points, wanted) > self.parts.most_beyond(vacancy):
                return places, points
            self._too_few.add(group)
        return self._among(None, self.parts.base(vacancy), vacancy, wanted)

    def _among(self, people: Indexes | None, base: Bytes, vacancy: Vacancy, wanted: int) -> tuple[Indexes, Bytes]:
        """The same among some, whose places and `base` these are; None: everybody."""
        sample = np.ascontiguousarray(base[::_SAMPLE]) if len(base) > _SAMPLE * wanted else base
        some = np.flatnonzero(base >= _threshold(sample, wanted))
        rest = self.parts.rest(vacancy, some if people is None else people[some])
        least = _reached(base[some] + rest, wanted)
        parts = self.parts.each_of_rest(vacancy)
        to_come = sum(most for most, _ in parts)
        some = np.flatnonzero(base >= max(1, least - to_come))
        places, points = some if people is None else people[some], base[some]
        for most, part in parts:
            points += part(places)
            to_come -= most
            still = np.flatnonzero(points >= max(1, least - to_come))
            places, points = places[still], points[still]
        return places, points

    def each_best(self, vacancies: Iterable[Vacancy], most: int) -> Iterator[Ranked]:
        """The best for each, in an order in which the most is shared."""
        for vacancy in sorted(vacancies, key=lambda v: (v.occupation, v.years, v.start, v.id)):
            yield self.best(vacancy, most)

    def scores(self, vacancy: Vacancy) -> Bytes:
        """`LIFT` more than the score, or 0 for whoever may not do the work when it begins. Shape (n,)."""
        base = self.parts.base(vacancy)
        allowed = base != 0
        base += self.parts.rest(vacancy, EVERYBODY)
        base *= allowed
        return base


def _reached(points: Bytes, most: int) -> int:
    """What at least `most` of the points reach: the highest such, or 1 when there are fewer."""
    return int(np.partition(points, -most)[-most]) if len(points) >= most > 0 else 1


def _threshold(points: Bytes, most: int) -> int:
    """The highest number of points that at least `most` reach, or 1."""
    low, high = 1, LIFT + 100
    while low < high:
        middle = (low + high + 1) // 2
        if np.count_nonzero(points >= middle) >= most:
            low = middle
        else:
            high = middle - 1
    return low


def lots(keys: Longs, vacancy_id: UUID) -> Longs:
    """What decides between equals for this vacancy, the smallest first: a Fibonacci hash of both identifiers."""
    mixed = (keys ^ np.uint64(key_of(vacancy_id))) * np.uint64(_ODD)
    return (mixed ^ mixed >> np.uint64(32)) * np.uint64(_ODD)
