"""The best for a vacancy out of a whole region: the points of `scoring`, for all people in one pass.

All points fit a byte, so that a pass over 10⁵ people is a few microseconds, and vacancies that ask for the same share
what it gives: the occupation with its years, the start, the place. Memory is bounded: `_KEPT` columns of each kind.

Among equals the order is a lottery, drawn anew for each vacancy from the identifiers: nobody is first everywhere.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np

from app.domain.matching.bands import CHORDS
from app.domain.matching.columns import (
    ALWAYS,
    Bytes,
    Columns,
    Indexes,
    Longs,
    cell_points,
    day_number,
    key_of,
    shift_bits,
)
from app.domain.matching.occupations import DIGITS
from app.domain.matching.scoring import (
    DISTANCE_POINTS,
    MOST_SPARE,
    OCCUPATION_POINTS,
    ONE_LEVEL_BELOW,
    RELATED,
    WISH_POINTS,
)
from app.domain.matching.terms import MOST, About, Band, Cell, LanguageNeed, Level, Vacancy

_KEPT = 64
_ODD = 0x9E3779B97F4A7C15
LIFT = 2
"""So much more than a score is told of whoever may do the work, so that 0 is left for who may not."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """The best for one vacancy, the best first: places in the columns, and scores. Shapes (k,)."""

    vacancy_id: UUID
    places: Indexes
    scores: Bytes


class _Kept(OrderedDict[Hashable, Bytes]):
    """What was computed last, up to `_KEPT` columns."""

    def get_or(self, key: Hashable, compute: Callable[[], Bytes]) -> Bytes:
        if key in self:
            self.move_to_end(key)
            return self[key]
        self[key] = found = compute()
        if len(self) > _KEPT:
            self.popitem(last=False)
        return found


class Ranking:
    """Ranks the people of `columns`. Not for two threads at once: each makes its own, over the same columns."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self._by_work, self._by_start, self._by_cell = _Kept(), _Kept(), _Kept()

    def best(self, vacancy: Vacancy, most: int, after: int = 0) -> Ranked:
        """At most `most` of those who may do the work, from place `after` of the list on."""
        points = self.scores(vacancy)
        least = _threshold(points, after + most)
        places = np.flatnonzero(points >= least)
        ties = lots(self.columns.keys[places], vacancy.id)
        order = np.lexsort((ties, -points[places].astype(np.int16)))[after : after + most]
        chosen = places[order]
        return Ranked(vacancy.id, chosen, points[chosen] - np.uint8(LIFT))

    def each_best(self, vacancies: Iterable[Vacancy], most: int) -> Iterator[Ranked]:
        """The best for each, in an order in which the most is shared."""
        for vacancy in sorted(vacancies, key=lambda v: (v.occupation, v.years, v.start, v.id)):
            yield self.best(vacancy, most)

    def scores(self, vacancy: Vacancy) -> Bytes:
        """`LIFT` more than the score, or 0 for whoever may not do the work when it begins. Shape (n,)."""
        start, cell = vacancy.start, vacancy.cell
        ready = self._by_start.get_or(start, lambda: self._ready(start))
        work = self._by_work.get_or((vacancy.occupation, vacancy.years), lambda: self._work(vacancy))
        total: Bytes = ready + work
        if cell is not None:
            total += self._by_cell.get_or(cell, lambda: self._near(cell))
        if vacancy.shifts:
            total += ((self.columns.shifts & np.uint8(shift_bits(vacancy.shifts))) != 0) * np.uint8(MOST[About.SHIFT])
        if vacancy.skills:
            total += self._skills(vacancy.skills)
        if vacancy.languages:
            total += self._languages(vacancy.languages)
        total += np.uint8(_not_asked(vacancy))
        total *= ready != 0
        total *= work != 0
        return total

    def _ready(self, start: date) -> Bytes:
        """One more than the points of being allowed; 0 for who is not by then."""
        columns, day = self.columns, day_number(start)
        ready = np.full(len(columns), 2, np.uint8)
        for weeks in range(1, MOST_SPARE):
            ready += columns.planned <= day - 7 * weeks
        ready += columns.planned == ALWAYS
        return ready * ((columns.since <= day) & (columns.until >= day))

    def _work(self, vacancy: Vacancy) -> Bytes:
        """One more than the points of occupation, years and wish; 0 for whom this work is not permitted."""
        columns, occupation = self.columns, vacancy.occupation
        points, wish = np.zeros(len(columns), np.uint8), columns.wishless * np.uint8(MOST[About.WISH])
        for digits in range(1, DIGITS + 1):  # the more alike, the later: of several occupations the nearest stays
            points[columns.worked.people[columns.worked.alike(occupation, digits)]] = OCCUPATION_POINTS[digits]
            wish[columns.wished.people[columns.wished.alike(occupation, digits)]] = WISH_POINTS[digits]
        if vacancy.years:
            years, related = np.zeros(len(columns), np.uint8), columns.worked.alike(occupation, RELATED)
            np.maximum.at(years, columns.worked.people[related], columns.worked.years[related])
            points += np.minimum(years, vacancy.years) * np.uint8(MOST[About.EXPERIENCE]) // np.uint8(vacancy.years)
        permitted = 1 - columns.limited
        permitted[columns.permitted.get(occupation, [])] = 1
        return (points + wish + np.uint8(1)) * permitted

    def _near(self, work: Cell) -> Bytes:
        points = [DISTANCE_POINTS[band] for band in (*CHORDS, Band.FAR)]
        by_cell = cell_points(self.columns.cells, work, list(CHORDS.values()), points, DISTANCE_POINTS[Band.UNKNOWN])
        return by_cell[self.columns.homes]

    def _skills(self, skills: frozenset[str]) -> Bytes:
        count = len(self.columns)
        points = np.zeros(count, np.uint8)
        for skill in skills & self.columns.skills.keys():
            points += np.unpackbits(self.columns.skills[skill], count=count)
        points *= np.uint8(MOST[About.SKILLS])  # 20 points and 10 skills fit a byte
        points //= np.uint8(len(skills))
        return points

    def _languages(self, needs: tuple[LanguageNeed, ...]) -> Bytes:
        least = np.full(len(self.columns), MOST[About.LANGUAGE], np.uint8)
        for need in (need for need in needs if need.level > Level.NONE):
            levels = self.columns.levels.get(need.language, _NOBODY)
            points = (levels >= int(need.level)) * np.uint8(MOST[About.LANGUAGE] - ONE_LEVEL_BELOW)
            points += (levels >= need.level - 1) * np.uint8(ONE_LEVEL_BELOW)
            np.minimum(least, points, out=least)
        return least


_NOBODY = np.zeros(1, np.uint8)


def _not_asked(vacancy: Vacancy) -> int:
    asked = {
        About.SKILLS: bool(vacancy.skills),
        About.EXPERIENCE: bool(vacancy.years),
        About.DISTANCE: vacancy.cell is not None,
        About.SHIFT: bool(vacancy.shifts),
        About.LANGUAGE: bool(vacancy.languages),
    }
    return sum(MOST[about] for about, is_asked in asked.items() if not is_asked)


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
