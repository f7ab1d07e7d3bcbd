"""The parts of `scoring`, for all people of some columns or for some of them, as bytes.

Vacancies that ask for the same share what it gives: the occupation with its years, the start, the place. Memory is
bounded: of each, `KEPT` are kept.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date
from typing import Any

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
from app.domain.matching.terms import MOST, About, Band, Cell, LanguageNeed, Level, Shift, Vacancy

KEPT = 64
LIFT = 2
"""So much more than a score is told of whoever may do the work, so that 0 is left for who may not."""
EVERYBODY = slice(None)
Some = Indexes | slice
_NOBODY = np.zeros(1, np.uint8)


class Kept(OrderedDict[Hashable, Any]):
    """What was computed last, up to `KEPT` columns."""

    def get_or(self, key: Hashable, compute: Callable[[], Any]) -> Any:
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
        self.by_group, self.by_near = Kept(), Kept()

    def base(self, vacancy: Vacancy) -> Bytes:
        """`LIFT`, and the points of occupation, years, wish, of being allowed, and of what is not asked for. 0 for
        whoever may not do the work when it begins. Shape (n,).
        """
        work = self.by_work.get_or((vacancy.occupation, vacancy.years), lambda: self._work(vacancy))
        return _base(self._kept_ready(vacancy), work, vacancy)

    def near(self, vacancy: Vacancy) -> Indexes:
        """The places of all who have done such work: of the same minor group."""
        worked, occupation = self.columns.worked, vacancy.occupation
        found: Indexes = self.by_group.get_or(
            occupation[:RELATED], lambda: np.unique(worked.people[worked.alike(occupation, RELATED)])
        )
        return found

    def base_near(self, vacancy: Vacancy) -> Bytes:
        """`base` of those who are `near`."""
        near, key = self.near(vacancy), (vacancy.occupation, vacancy.years)
        work = self.by_near.get_or(key, lambda: self._work_near(vacancy, near))
        return _base(self._kept_ready(vacancy)[near], work, vacancy)

    def most_beyond(self, vacancy: Vacancy) -> int:
        """What whoever is not `near` can have at most, with `LIFT`."""
        lacking = MOST[About.OCCUPATION] - OCCUPATION_POINTS[RELATED - 1]
        return LIFT + sum(MOST.values()) - lacking - (MOST[About.EXPERIENCE] if vacancy.years else 0)

    def rest(self, vacancy: Vacancy, places: Some) -> Bytes:
        """The points of skills, distance, shift and language, as far as they are asked for, of the people there."""
        total = np.zeros(len(self.columns.shifts[places]), np.uint8)
        for _, points in self.each_of_rest(vacancy):
            total += points(places)
        return total

    def each_of_rest(self, vacancy: Vacancy) -> list[tuple[int, Callable[[Some], Bytes]]]:
        """Its parts, what is looked up soonest first: what each can give at most, and gives to the people there."""
        every: dict[About, Callable[[Some], Bytes]] = {
            About.SHIFT: lambda places: self._shifts(vacancy.shifts, places),
            About.LANGUAGE: lambda places: self._languages(vacancy.languages, places),
            About.DISTANCE: lambda places: self._distance(vacancy, places),
            About.SKILLS: lambda places: self._skills(vacancy.skills, places),
        }
        asked = _asked(vacancy)
        return [(MOST[about], points) for about, points in every.items() if asked[about]]

    def _shifts(self, shifts: frozenset[Shift], places: Some) -> Bytes:
        both: Bytes = self.columns.shifts[places] & np.uint8(shift_bits(shifts))
        found: Bytes = (both != 0) * np.uint8(MOST[About.SHIFT])
        return found

    def _distance(self, vacancy: Vacancy, places: Some) -> Bytes:
        columns, cell = self.columns, vacancy.cell
        homes = columns.homes[places]
        if cell is None:
            return np.zeros(len(homes), np.uint8)
        if cell in self.by_cell or len(homes) * 2 >= columns.cells.shape[1]:
            found: Bytes = self.by_cell.get_or(cell, lambda: self._near(cell, EVERYBODY))[homes]
            return found
        return self._near(cell, homes)

    def _kept_ready(self, vacancy: Vacancy) -> Bytes:
        found: Bytes = self.by_start.get_or(vacancy.start, lambda: self._ready(vacancy.start))
        return found

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
        worked, occupation = self.columns.worked, vacancy.occupation
        points = self._kept_major(occupation)[0].copy()
        for digits in range(2, DIGITS + 1):  # the more alike, the later: of several occupations the nearest stays
            points[worked.people[worked.alike(occupation, digits)]] = OCCUPATION_POINTS[digits]
        found: Bytes = (points + self._wish(occupation) + self._years(vacancy) + np.uint8(1)) * self._permitted(
            occupation
        )
        return found

    def _work_near(self, vacancy: Vacancy, near: Indexes) -> Bytes:
        """The same of those who are `near`."""
        worked, occupation = self.columns.worked, vacancy.occupation
        points = np.full(len(near), OCCUPATION_POINTS[RELATED], np.uint8)
        points[np.searchsorted(near, worked.people[worked.alike(occupation, DIGITS)])] = OCCUPATION_POINTS[DIGITS]
        found: Bytes = points + self._wish(occupation)[near] + self._years(vacancy)[near] + np.uint8(1)
        return found * self._permitted(occupation)[near]

    def _years(self, vacancy: Vacancy) -> Bytes:
        worked, years = self.columns.worked, np.zeros(len(self.columns), np.uint8)
        if vacancy.years:
            related = worked.alike(vacancy.occupation, RELATED)
            rising = worked.by_years[related]  # of several years of one person the most stay
            points = np.minimum(np.arange(256), vacancy.years) * MOST[About.EXPERIENCE] // vacancy.years
            years[worked.people[rising]] = points.astype(np.uint8)[worked.years[rising]]
        return years

    def _wish(self, occupation: str) -> Bytes:
        wished = self.columns.wished
        wish: Bytes = self._kept_major(occupation)[1].copy()
        for digits in range(2, DIGITS + 1):
            wish[wished.people[wished.alike(occupation, digits)]] = WISH_POINTS[digits]
        return wish

    def _permitted(self, occupation: str) -> Bytes:
        permitted: Bytes = 1 - self.columns.limited
        permitted[self.columns.permitted.get(occupation, [])] = 1
        return permitted

    def _kept_major(self, occupation: str) -> Bytes:
        found: Bytes = self.by_major.get_or(occupation[0], lambda: self._major(occupation))
        return found

    def _major(self, occupation: str) -> Bytes:
        """Points of occupation and of wish as far as the major group alone gives them. Shape (2, n)."""
        columns = self.columns
        points = np.stack((np.zeros_like(columns.wishless), columns.wishless * np.uint8(MOST[About.WISH])))
        points[0, columns.worked.people[columns.worked.alike(occupation, 1)]] = OCCUPATION_POINTS[1]
        points[1, columns.wished.people[columns.wished.alike(occupation, 1)]] = WISH_POINTS[1]
        return points

    def _near(self, work: Cell, cells: Some) -> Bytes:
        """Of these of the cells."""
        points = [DISTANCE_POINTS[band] for band in (*CHORDS, Band.FAR)]
        found = cell_points([axis[cells] for axis in self.columns.cells], work, list(CHORDS.values()), points)
        last = self.columns.cells.shape[1] - 1
        found[last if isinstance(cells, slice) else cells == last] = DISTANCE_POINTS[Band.UNKNOWN]
        return found

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


def _base(ready: Bytes, work: Bytes, vacancy: Vacancy) -> Bytes:
    total: Bytes = ready + work
    total += np.uint8(sum(MOST[about] for about, asked in _asked(vacancy).items() if not asked))
    total *= np.minimum(ready, work) != 0
    return total


def _asked(vacancy: Vacancy) -> dict[About, bool]:
    return {
        About.SKILLS: bool(vacancy.skills),
        About.EXPERIENCE: bool(vacancy.years),
        About.DISTANCE: vacancy.cell is not None,
        About.SHIFT: bool(vacancy.shifts),
        About.LANGUAGE: bool(vacancy.languages),
    }
