"""The parts of `scoring`, for all people of some columns or for some of them, as bytes.

Vacancies that ask for the same share what it gives: the occupation with its years, the start, the place. Memory is
bounded: of each, `KEPT` are kept.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date

import numpy as np

from app.domain.matching.bands import CHORDS
from app.domain.matching.columns import ALWAYS, Bytes, Columns, Indexes, cell_points, day_number, shift_bits
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

KEPT = 64
LIFT = 2
"""So much more than a score is told of whoever may do the work, so that 0 is left for who may not."""
EVERYBODY = slice(None)
Some = Indexes | slice
_REST = (About.SKILLS, About.DISTANCE, About.SHIFT, About.LANGUAGE)
_NOBODY = np.zeros(1, np.uint8)


class Kept(OrderedDict[Hashable, Bytes]):
    """What was computed last, up to `KEPT` columns."""

    def get_or(self, key: Hashable, compute: Callable[[], Bytes]) -> Bytes:
        if key in self:
            self.move_to_end(key)
            return self[key]
        self[key] = found = compute()
        if len(self) > KEPT:
            self.popitem(last=False)
        return found


class Parts:
    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.by_work, self.by_start, self.by_cell, self.by_major = Kept(), Kept(), Kept(), Kept()

    def base(self, vacancy: Vacancy) -> Bytes:
        """`LIFT`, and the points of occupation, years, wish, of being allowed, and of what is not asked for. 0 for
        whoever may not do the work when it begins. Shape (n,).
        """
        ready = self.by_start.get_or(vacancy.start, lambda: self._ready(vacancy.start))
        work = self.by_work.get_or((vacancy.occupation, vacancy.years), lambda: self._work(vacancy))
        total: Bytes = ready + work
        total += np.uint8(sum(MOST[about] for about, asked in _asked(vacancy).items() if not asked))
        total *= np.minimum(ready, work) != 0
        return total

    def most_of_rest(self, vacancy: Vacancy) -> int:
        """What `rest` can give at most."""
        asked = _asked(vacancy)
        return sum(MOST[about] for about in _REST if asked[about])

    def rest(self, vacancy: Vacancy, places: Some) -> Bytes:
        """The points of skills, distance, shift and language, as far as they are asked for, of the people there."""
        columns = self.columns
        total = np.zeros(len(columns.shifts[places]), np.uint8)
        if (cell := vacancy.cell) is not None:
            total += self.by_cell.get_or(cell, lambda: self._near(cell))[columns.homes[places]]
        if vacancy.shifts:
            both = columns.shifts[places] & np.uint8(shift_bits(vacancy.shifts))
            total += (both != 0) * np.uint8(MOST[About.SHIFT])
        if vacancy.skills:
            total += self._skills(vacancy.skills, places)
        if vacancy.languages:
            total += self._languages(vacancy.languages, places)
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
        points, wish = self.by_major.get_or(occupation[0], lambda: self._major(occupation)).copy()
        for digits in range(2, DIGITS + 1):  # the more alike, the later: of several occupations the nearest stays
            points[columns.worked.people[columns.worked.alike(occupation, digits)]] = OCCUPATION_POINTS[digits]
            wish[columns.wished.people[columns.wished.alike(occupation, digits)]] = WISH_POINTS[digits]
        if vacancy.years:
            years, related = np.zeros(len(columns), np.uint8), columns.worked.alike(occupation, RELATED)
            rising = columns.worked.by_years[related]  # of several years of one person the most stay
            years[columns.worked.people[rising]] = columns.worked.years[rising]
            points += np.minimum(years, vacancy.years) * np.uint8(MOST[About.EXPERIENCE]) // np.uint8(vacancy.years)
        permitted = 1 - columns.limited
        permitted[columns.permitted.get(occupation, [])] = 1
        found: Bytes = (points + wish + np.uint8(1)) * permitted
        return found

    def _major(self, occupation: str) -> Bytes:
        """Points of occupation and of wish as far as the major group alone gives them. Shape (2, n)."""
        columns = self.columns
        points = np.stack((np.zeros_like(columns.wishless), columns.wishless * np.uint8(MOST[About.WISH])))
        points[0, columns.worked.people[columns.worked.alike(occupation, 1)]] = OCCUPATION_POINTS[1]
        points[1, columns.wished.people[columns.wished.alike(occupation, 1)]] = WISH_POINTS[1]
        return points

    def _near(self, work: Cell) -> Bytes:
        """By cell, not by person."""
        points = [DISTANCE_POINTS[band] for band in (*CHORDS, Band.FAR)]
        return cell_points(self.columns.cells, work, list(CHORDS.values()), points, DISTANCE_POINTS[Band.UNKNOWN])

    def _skills(self, skills: frozenset[str], places: Some) -> Bytes:
        has = [self.columns.skills[skill] for skill in skills & self.columns.skills.keys()]
        if isinstance(places, slice):
            points = np.zeros(len(self.columns), np.uint8)
            for packed in has:
                points += np.unpackbits(packed, count=len(points))
        else:
            points, octets, bits = (
                np.zeros(len(places), np.uint8),
                places >> 3,
                np.uint8(128) >> (places & 7).astype(np.uint8),
            )
            for packed in has:
                points += (packed[octets] & bits) != 0
        points *= np.uint8(MOST[About.SKILLS])  # 20 points and 10 skills fit a byte
        points //= np.uint8(len(skills))
        return points

    def _languages(self, needs: tuple[LanguageNeed, ...], places: Some) -> Bytes:
        least = np.full(len(self.columns.shifts[places]), MOST[About.LANGUAGE], np.uint8)
        for need in (need for need in needs if need.level > Level.NONE):
            spoken = self.columns.levels.get(need.language)
            levels = _NOBODY if spoken is None else spoken[places]
            points = (levels >= int(need.level)) * np.uint8(MOST[About.LANGUAGE] - ONE_LEVEL_BELOW)
            points += (levels >= need.level - 1) * np.uint8(ONE_LEVEL_BELOW)
            np.minimum(least, points, out=least)
        return least


def _asked(vacancy: Vacancy) -> dict[About, bool]:
    return {
        About.SKILLS: bool(vacancy.skills),
        About.EXPERIENCE: bool(vacancy.years),
        About.DISTANCE: vacancy.cell is not None,
        About.SHIFT: bool(vacancy.shifts),
        About.LANGUAGE: bool(vacancy.languages),
    }
