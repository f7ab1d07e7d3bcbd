"""The parts of `scoring`, for many people at once, as bytes.

Vacancies that ask for the same share what it gives: the occupation, its years, the start, the shifts with the
languages, the latitude. Memory is bounded: of each, `KEPT` are kept.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from datetime import date
from typing import Any

import numpy as np

from app.domain.matching.bands import AROUND, LIMITS_KM, NORTHMOST, points_around
from app.domain.matching.columns import ALWAYS, Columns, Indexes, Points, day_number, shift_bits
from app.domain.matching.occupations import DIGITS
from app.domain.matching.scoring import (
    DISTANCE_POINTS,
    MOST_SPARE,
    OCCUPATION_POINTS,
    ONE_LEVEL_BELOW,
    RELATED,
    WISH_POINTS,
)
from app.domain.matching.terms import MOST, About, Band, LanguageNeed, Level, Vacancy

KEPT = 64
LIFT = 2
"""So much more than a score is told of whoever may do the work, so that 0 is left for who may not."""
_BARRED = -100
"""Of whom the time is not there yet, or over: with all else that a person can have it stays below 1."""


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
        self.by_start, self.by_work, self.by_years = Kept(), Kept(), Kept()
        self.by_terms, self.by_north = Kept(), Kept()
        self.by_digits = [Kept() for _ in range(DIGITS + 1)]

    def open(self, vacancy: Vacancy, runs: Sequence[slice]) -> Points:
        """`LIFT` and all points that are asked for but those of distance, of the people of some runs, one after the
        other; less than 1 for whose time it is not.
        """
        shared = [
            self.by_start.get_or(vacancy.start, lambda: self._ready(vacancy.start)),
            self.by_work.get_or((vacancy.occupation, vacancy.years), lambda: self._work(vacancy)),
        ]
        if vacancy.shifts or vacancy.languages:
            asked = vacancy.shifts, tuple([(need.language, need.level) for need in vacancy.languages])
            shared.append(self.by_terms.get_or(asked, lambda: self._terms(vacancy)))
        total, begin = np.empty(sum([run.stop - run.start for run in runs]), np.int8), 0
        for run in runs:
            some = total[begin : begin + run.stop - run.start]
            begin += len(some)
            np.add(shared[0][run], shared[1][run], out=some)
            for part in shared[2:]:
                some += part[run]
            if vacancy.skills:
                some += self._skills(vacancy.skills, run)
        return total

    def near(self, vacancy: Vacancy, places: Indexes) -> Points:
        """The points of distance, if it is asked for."""
        columns, work = self.columns, vacancy.cell
        if work is None:
            return np.zeros(len(places), np.int8)
        table = self.by_north.get_or(work.north, lambda: self._around(work.north))
        east = np.abs(columns.easts[places] - work.east)
        last = table.shape[1] - 1
        if abs(work.east) + last > AROUND // 2:  # over the antimeridian
            np.minimum(east, AROUND - east, out=east)
        np.minimum(east, last, out=east)
        east += columns.rows[places] * table.shape[1]
        found: Points = table.ravel().take(east)
        return found

    def _ready(self, start: date) -> Points:
        """`LIFT` and the points of being allowed."""
        columns, day, most = self.columns, day_number(start), LIFT + MOST[About.ALLOWED]
        ready = np.full(len(columns.order), LIFT + 1, np.int8)
        for weeks in range(1, MOST_SPARE):
            ready += (columns.planned <= day - 7 * weeks).view(np.int8)
        ready += (columns.planned == ALWAYS).view(np.int8)
        barred = ((columns.since > day) | (columns.until < day)).view(np.int8)
        found: Points = np.minimum(ready, barred * np.int8(_BARRED - most) + np.int8(most))
        return found

    def _work(self, vacancy: Vacancy) -> Points:
        """The points of occupation, years and wish."""
        alike = self._alike(vacancy.occupation)
        if not vacancy.years:
            return alike
        key = vacancy.occupation[:RELATED], vacancy.years
        total: Points = alike + self.by_years.get_or(key, lambda: self._years(*key))
        return total

    def _alike(self, digits: str) -> Points:
        """The points of occupation and wish, as far as these digits give them. Whoever shares more digits is one of
        those who share less, so that each digit adds its points to theirs.
        """

        def made() -> Points:
            if not digits:
                return self.columns.wishless * np.int8(MOST[About.WISH])
            found, last = self._alike(digits[:-1]).copy(), len(digits)
            for entries, points in ((self.columns.worked, OCCUPATION_POINTS), (self.columns.wished, WISH_POINTS)):
                found[entries.places[entries.alike(digits)]] += points[last] - points[last - 1]  # once for each
            return found

        points: Points = self.by_digits[len(digits)].get_or(digits, made)
        return points

    def _years(self, minor: str, years: int) -> Points:
        worked, found = self.columns.worked, np.zeros(len(self.columns.order), np.int8)
        related = worked.alike(minor)
        points = np.minimum(np.arange(256), years) * MOST[About.EXPERIENCE] // years
        found[worked.rising[related]] = points.astype(np.int8)[worked.years[related]]  # of one's several the most stay
        return found

    def _terms(self, vacancy: Vacancy) -> Points:
        """The points of shift and language, where they are asked for."""
        points = self._languages(vacancy.languages) if vacancy.languages else np.zeros(len(self.columns.order), np.int8)
        if vacancy.shifts:
            both = self.columns.shifts & np.uint8(shift_bits(vacancy.shifts))
            points += (both != 0).view(np.int8) * np.int8(MOST[About.SHIFT])
        return points

    def _languages(self, needs: tuple[LanguageNeed, ...]) -> Points:
        least = np.full(len(self.columns.order), MOST[About.LANGUAGE], np.int8)
        for need in (need for need in needs if need.level > Level.NONE):
            levels = self.columns.levels.get(need.language, np.uint8(0))
            points = (levels >= int(need.level)) * np.int8(MOST[About.LANGUAGE] - ONE_LEVEL_BELOW)
            points += (levels >= need.level - 1) * np.int8(ONE_LEVEL_BELOW)
            np.minimum(least, points, out=least)
        return least

    def _around(self, north: int) -> Points:
        """Points by the rows of homes and cells to the east."""
        around = points_around(north, [DISTANCE_POINTS[band] for band in (*LIMITS_KM, Band.FAR)]).view(np.int8)
        rows = np.clip(self.columns.norths - north + NORTHMOST + 1, 0, len(around) - 1)
        unknown = np.full((1, around.shape[1]), DISTANCE_POINTS[Band.UNKNOWN], np.int8)
        return np.concatenate((around[rows], unknown))

    def _skills(self, skills: frozenset[str], places: slice) -> Points:
        columns, most = self.columns, MOST[About.SKILLS]
        has = [columns.has[columns.skills[skill]][places] for skill in skills if skill in columns.skills]
        points = has[0] + has[1] if len(has) > 1 else sum(has, np.zeros(places.stop - places.start, np.uint8))
        for each in has[2:]:
            points += each
        if most % len(skills):
            points *= np.uint8(most)  # 20 points and 10 skills fit a byte
            points //= np.uint8(len(skills))
        else:
            points *= np.uint8(most // len(skills))
        return points.view(np.int8)


_MAY_BE_ASKED = (About.SKILLS, About.EXPERIENCE, About.DISTANCE, About.SHIFT, About.LANGUAGE)


def given(vacancy: Vacancy) -> int:
    """The points of what is not asked for."""
    asked = (vacancy.skills, vacancy.years, vacancy.cell, vacancy.shifts, vacancy.languages)
    return sum(MOST[about] for about, each in zip(_MAY_BE_ASKED, asked, strict=True) if not each)
