"""The forecast of labour supply: made once a week by the worker, from counts alone, told rounded, and never changed.

A group is told where at least ten people are allowed to work now and in every week ahead. What is told of it goes up or
down to a multiple of five by one keyed chance for all of its weeks (`app.domain.disclosure.rounding`), so that twelve
numbers of a group hide no less than one.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.db.unit_of_work import Database, Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.disclosure.opening import K
from app.domain.disclosure.rounding import BASE, rounded
from app.domain.figures.periods import SETTLED, WEEK, midnight
from app.domain.forecast.backtest import WARM_UP_WEEKS, Forecast, forecast
from app.domain.forecast.courses import Course, Visit, counted
from app.domain.forecast.history import WEEKS_AHEAD, History
from app.domain.pathways.rules import RuleBook
from app.domain.region.policy import RegionPolicy
from services.reports.counting import repository

HISTORY_WEEKS = 130
GRANTS = "collection"
"""The step that gives the right to work by a patent."""
UNSTATED = "unknown"
_PATENT, _OWN = "patent", "RUS"


@dataclass(frozen=True, slots=True)
class Line:
    """People allowed to work at the end of the week that begins on `week`: expected, and 80 % bounds."""

    occupations: tuple[str, ...]
    week: date
    people: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Released:
    """`learned`: bounds from earlier forecasts' errors; else the model's own."""

    starts_on: date
    learned: bool
    lines: tuple[Line, ...]


async def newest_forecast(uow: Reading) -> Released | None:
    row = await repository.newest(uow)
    if row is None:
        return None
    lines = [Line(tuple(names), date.fromisoformat(week), *numbers) for names, week, *numbers in row.lines]
    return Released(row.starts_on, row.learned, tuple(lines))


async def make_next(database: Database, region: RegionPolicy) -> bool:
    """This week's forecast, if it is not there and the last week has settled; False when nothing was made."""
    async with database.writing(region) as uow:
        today = region.day_of(uow.now)
        monday = today - timedelta(days=today.weekday())
        if uow.now < midnight(monday, region.zone) + SETTLED or await repository.is_made(uow, monday):
            return False
        lines, learned = await _made(uow, monday)
        row = {"starts_on": monday, "made_at": uow.now, "learned": learned, "lines": lines}
        await repository.tell(uow, row)
    return True


async def _made(uow: Writing, monday: date) -> tuple[list[list[object]], bool]:
    found = await _courses(uow, monday)
    needed = len(steps_of(uow.region.book))
    first = min((course.entered for course in found), default=0)
    weeks = HISTORY_WEEKS - max(0, min(first, HISTORY_WEEKS))
    if len(found) < K or weeks < 2:  # noqa: PLR2004 — of one week nothing is learnt
        return [], False
    skipped = HISTORY_WEEKS - weeks
    history = await asyncio.to_thread(
        counted, (_since(course, skipped) for course in found), weeks, (UNSTATED,), needed
    )
    made = await asyncio.to_thread(forecast, history)
    return _told(uow, monday, history, made), made.interval.learned and weeks > WARM_UP_WEEKS


def _told(uow: Reading, monday: date, history: History, made: Forecast) -> list[list[object]]:
    lines: list[list[object]] = []
    now = history.allowed[-1]
    for place, occupation in enumerate(history.occupations):
        expected, low, high = made.outlook.allowed[place], made.interval.low[place], made.interval.high[place]
        if now[place] < K or expected.min() < K:
            continue
        named = f"{uow.region.code} {monday} {occupation}"
        chance = int.from_bytes(uow.vault.mac("forecast", named.encode())[:6]) / 2**48
        for ahead in range(WEEKS_AHEAD):
            least = int(low[ahead] // BASE) * BASE
            most = -int(-high[ahead] // BASE) * BASE
            people = rounded(round(expected[ahead]), chance)
            week = (monday + ahead * WEEK).isoformat()
            lines.append([[occupation], week, people, min(least, people), max(most, people)])
    return lines


async def _courses(uow: Reading, monday: date) -> list[Course]:
    book, start = uow.region.book, monday - HISTORY_WEEKS * WEEK
    steps = steps_of(book)
    asked = {
        "since": midnight(start, uow.region.zone),
        "monday": start,
        "until": midnight(monday, uow.region.zone),
        "free": patentless(book),
        "steps": steps,
        "grants": GRANTS,
    }
    people, done, given, booked = [
        await repository.rows(uow, Purpose.STATISTICS, what, **asked)  # type: ignore[arg-type]
        for what in ("people", "steps", "permissions", "visits")
    ]
    return await asyncio.to_thread(_together, people, done, given, booked)


def _together(
    people: Sequence[tuple[int, int]],
    done: Sequence[tuple[int, str, int]],
    given: Sequence[tuple[int, int, int | None]],
    booked: Sequence[tuple[int, int, int, int | None]],
) -> list[Course]:
    steps: dict[int, list[int]] = {}
    for who, _, week in done:
        steps.setdefault(who, []).append(week)
    permissions: dict[int, list[tuple[int, int]]] = {}
    for who, week, last in given:
        permissions.setdefault(who, []).append((week, week + 51 if last is None else max(last, week)))
    visits: dict[int, list[Visit]] = {}
    for who, made, due, over in booked:
        visits.setdefault(who, []).append(Visit(made, due, over))
    return [Course(0, came, steps.get(who, []), permissions.get(who, []), visits.get(who, [])) for who, came in people]


def _since(course: Course, skipped: int) -> Course:
    """The same, counted from the first week of which there is anything."""
    if not skipped:
        return course
    return Course(
        course.occupation,
        course.entered - skipped,
        [week - skipped for week in course.steps],
        [(week - skipped, last - skipped) for week, last in course.permissions],
        [
            Visit(each.booked - skipped, each.due - skipped, None if each.over is None else each.over - skipped)
            for each in course.visits
        ],
    )


def patentless(book: RuleBook) -> list[str]:
    """Citizenships that need no patent to work."""
    free = {code for kind in book.kinds if kind.id == _PATENT for code in kind.audience.not_citizenships}
    return sorted(free | {_OWN})


def steps_of(book: RuleBook) -> list[str]:
    """The steps up to the patent in one's hand, its own included: all that it waits for, one behind the other."""
    hard: dict[str, set[str]] = {}
    for rule in book.rules:
        hard.setdefault(rule.code, set()).update(rule.hard)
    found, waiting = set(), [GRANTS]
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            waiting += hard.get(code, ())
    return sorted(found)
