"""The best for a vacancy out of a whole region: the points of `scoring`, many people at once.

All points fit a byte, so that a pass over 10⁵ people takes microseconds. Whoever may not do the work stands where no
pass comes. For all others all points but those of distance are added up; distance only for who could still be among the
best if they lived next door, which leaves the list as it is.

Among equals the order is a lottery, drawn anew for each vacancy from the identifiers: nobody is first everywhere.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from app.domain.matching.columns import Bytes, Columns, Indexes, Longs, Points, key_of
from app.domain.matching.parts import LIFT, Parts, given
from app.domain.matching.terms import MOST, About, Vacancy

_ODD = 0x9E3779B97F4A7C15
_SAMPLE = 8
_MORE = 8
"""One in `_SAMPLE` people is looked at to guess who the best are, `_MORE` times as many as are wanted."""


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

    def best(self, vacancy: Vacancy, most: int, after: int = 0) -> Ranked:
        """At most `most` of those who may do the work, from place `after` of the list on."""
        wanted, columns = after + most, self.columns
        places, points, least = self._considered(vacancy, wanted)
        first = points >= least
        places, points = columns.order[places[first]], points[first]
        order = np.lexsort((lots(columns.keys[places], vacancy.id), -points))[after:wanted]
        return Ranked(vacancy.id, places[order], (points[order] + (given(vacancy) - LIFT)).astype(np.uint8))

    def considered(self, vacancy: Vacancy, wanted: int) -> int:
        """For how many people all points are added up to find the best `wanted`."""
        return len(self._considered(vacancy, wanted)[0])

    def _considered(self, vacancy: Vacancy, wanted: int) -> tuple[Indexes, Points, int]:
        """Whoever could be among the best `wanted`, and some more: their places, `LIFT` more than their points of what
        is asked for, and what the best reach. Left out of who may do the work is only who, even living next door, would
        have less than `wanted` others have.
        """
        to_come = MOST[About.DISTANCE] if vacancy.cell is not None else 0
        runs, points = self._open(vacancy)
        limit = _reached(points[::_SAMPLE], wanted * _MORE // _SAMPLE)
        while True:
            [found] = (points >= limit).nonzero()
            places = _places(found, runs)
            total = points[found] + self.parts.near(vacancy, places)
            least = _reached(total, wanted)
            needed = max(1, least - to_come)
            if needed >= limit:
                return places, total, least
            limit = needed  # the guess was too high

    def _open(self, vacancy: Vacancy) -> tuple[list[slice], Points]:
        """The places of those whose time has come, and their points without those of distance."""
        runs = list(self.columns.allowed(vacancy.start, vacancy.occupation))
        return runs, self.parts.open(vacancy, runs)

    def each_best(self, vacancies: Iterable[Vacancy], most: int) -> Iterator[Ranked]:
        """The best for each, in an order in which the most is shared."""
        for vacancy in sorted(vacancies, key=lambda v: (v.occupation, v.years, v.start, v.id)):
            yield self.best(vacancy, most)

    def scores(self, vacancy: Vacancy) -> Bytes:
        """`LIFT` more than the score, or 0 for whoever may not do the work when it begins; in the order in which they
        came. Shape (n,).
        """
        runs, points = self._open(vacancy)
        places = _places(np.arange(len(points)), runs)
        total = points + self.parts.near(vacancy, places) + np.int8(given(vacancy))
        found = np.zeros(len(self.columns), np.uint8)
        found[self.columns.order[places]] = np.where(points > 0, total, 0)
        return found


def _places(found: Indexes, runs: Sequence[slice]) -> Indexes:
    """Of those found in these two runs, one after the other."""
    first, second = runs
    places = found.copy()
    places[found.searchsorted(first.stop) :] += second.start - first.stop
    return places


def _reached(points: Points, most: int) -> int:
    """What at least `most` of the points reach: the highest such, or 1 when there are fewer."""
    if not len(points) >= most > 0:
        return 1
    parted = points.copy()
    parted.partition(-most)
    return max(1, int(parted[-most]))


def lots(keys: Longs, vacancy_id: UUID) -> Longs:
    """What decides between equals for this vacancy, the smallest first: a Fibonacci hash of both identifiers."""
    mixed = (keys ^ np.uint64(key_of(vacancy_id))) * np.uint64(_ODD)
    return (mixed ^ mixed >> np.uint64(32)) * np.uint64(_ODD)
