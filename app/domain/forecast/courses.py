"""How people got on, week by week, as the counts that a forecast is made from. Nothing here tells who anybody is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.forecast.history import CELLS, STANDING_WEEKS, WEEKS_AHEAD, History, cell_of

GIVEN_UP_WEEKS = 26
"""Whoever has not got on for so long is not counted as in progress any more."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A booked visit: the weeks in which it was booked, was due, and was given back (None: it was not)."""

    booked: int
    due: int
    over: int | None


@dataclass(frozen=True, slots=True)
class Course:
    """One person, by weeks from the first of the history (below 0: before it). `steps`: weeks in which a step was
    done. `permissions`: (week it was recorded, last week in which it holds), in order. `visits`: booked ones.
    """

    occupation: int
    entered: int
    steps: Sequence[int]
    permissions: Sequence[tuple[int, int]]
    visits: Sequence[Visit]


def counted(courses: Iterable[Course], weeks: int, occupations: tuple[str, ...], needed: int) -> History:
    """The history of `weeks` weeks. `needed`: steps up to the first permission, its own included."""
    kinds = len(occupations)
    history = History(
        occupations,
        arrivals=np.zeros((weeks, kinds), dtype=np.int64),
        entries=np.zeros((weeks, 1 + WEEKS_AHEAD), dtype=np.int64),
        sighted=np.zeros((weeks, kinds, CELLS), dtype=np.int64),
        lags=np.zeros((weeks, CELLS, 1 + WEEKS_AHEAD), dtype=np.int64),
        standing=np.zeros((weeks, kinds, STANDING_WEEKS), dtype=np.int64),
        granted=np.zeros((weeks, STANDING_WEEKS), dtype=np.int64),
        renewed=np.zeros((weeks, STANDING_WEEKS), dtype=np.int64),
        ended=np.zeros(weeks, dtype=np.int64),
    )
    for course in courses:
        _way(history, course, weeks, needed)
        _permissions(history, course, weeks)
    return history


def _way(history: History, course: Course, weeks: int, needed: int) -> None:
    allowed = course.permissions[0][0] if course.permissions else weeks + WEEKS_AHEAD + 1
    if 0 <= course.entered < weeks:
        history.arrivals[course.entered, course.occupation] += 1
        history.entries[course.entered, _lag(allowed - course.entered + 1)] += 1
    steps = sorted(course.steps)
    for week in range(max(0, course.entered), min(allowed, weeks)):
        done = [step for step in steps if step <= week]
        since = week - (done[-1] if done else course.entered)
        if since > GIVEN_UP_WEEKS:
            break
        cell = cell_of(max(1, needed - len(done)), since, _ahead(course.visits, week))
        history.sighted[week, course.occupation, cell] += 1
        history.lags[week, cell, _lag(allowed - week)] += 1


def _ahead(visits: Sequence[Visit], week: int) -> int | None:
    """Weeks to the last visit that was booked at the end of a week."""
    due = [
        each.due - week - 1
        for each in visits
        if each.booked <= week < each.due and (each.over is None or each.over > week)
    ]
    return max(due, default=None)


def _lag(weeks: int) -> int:
    return weeks if 0 < weeks <= WEEKS_AHEAD else 0


def _permissions(history: History, course: Course, weeks: int) -> None:
    """A permission that is recorded while another holds follows it without a gap."""
    until = -1
    for number, (recorded, last) in enumerate(course.permissions):
        length = min(STANDING_WEEKS, max(1, last + 1 - recorded))
        if 0 <= recorded < weeks:
            (history.renewed if number else history.granted)[recorded, length - 1] += 1
        following = course.permissions[number + 1][0] if number + 1 < len(course.permissions) else weeks
        ends = last + 1
        for week in range(max(0, recorded), min(ends, following, weeks)):
            history.standing[week, course.occupation, min(STANDING_WEEKS, ends - week) - 1] += 1
        until = max(until, ends)
    if course.permissions and 0 <= until < weeks:
        history.ended[until] += 1
