"""Facts of a period, as the worker gathers them: digests of people and what is counted of each, in memory only."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.audit.purpose import Purpose
from app.domain.disclosure import facts as counted
from app.domain.disclosure.opening import Question
from app.domain.figures import journeys, moves, permits, visits
from app.domain.figures.ground import HOURS, Ground, Site
from app.domain.figures.journeys import Asked, Journey
from app.domain.figures.periods import JOURNEY_WEEKS, WEEK, Family, Period
from app.domain.pathways.pathway import Facts
from app.domain.pathways.rules import EntryPurpose, RuleBook
from app.domain.pathways.selection import select
from app.models.points import Point
from services.employers.profiles import occupations_of
from services.points.queries import all_points
from services.region import repository

PURPOSE = Purpose.STATISTICS
_NO_CITIZENSHIP = "XXX"


@dataclass(frozen=True, slots=True)
class Gathered:
    """Facts, and the questions by which they are opened."""

    facts: counted.Facts
    questions: Sequence[Question]


async def ground_of(uow: Reading) -> Ground:
    """Of the points that give something."""
    found = await all_points(uow, None)
    return Ground({point.code: _site(point, services) for point, services in found})


def _site(point: Point, services: Sequence[str]) -> Site:
    return Site(point.code, municipality_of(point), tuple(sorted(services)), _hours(point))


def municipality_of(point: Point) -> str:
    return point.municipality.get("en") or next(iter(point.municipality.values()))


def _hours(point: Point) -> tuple[str, ...]:
    open_at: set[int] = set()
    for spans in point.hours.values():
        for opens, closes in spans:
            last = int(closes[:2]) + (closes[3:5] != "00")
            open_at.update(range(int(opens[:2]), last or len(HOURS)))
    return tuple(HOURS[hour] for hour in sorted(open_at)) or HOURS


async def gather(uow: Reading, period: Period, release: int) -> Gathered:
    """Of one family; of journeys as they stood when that release was due."""
    match period.family:
        case Family.VISITS:
            ground = await ground_of(uow)
            return Gathered(await _visits(uow, period, ground), visits.questions(ground))
        case Family.MOVES:
            ground = await ground_of(uow)
            return Gathered(await _moves(uow, period, ground), moves.questions(ground))
        case Family.PERMITS:
            return Gathered(await _permits(uow, period), permits.questions())
        case Family.JOURNEYS:
            questions = journeys.questions(uow.region.book, release)
            return Gathered(await _journeys(uow, period, release), questions)


async def _visits(uow: Reading, period: Period, ground: Ground) -> counted.Facts:
    rows, nearest = [], dict[tuple[str, int], str]()
    for who, code, outcome, service, hour, minutes in await repository.visits(
        uow, PURPOSE, period.starts_on, period.ends_on
    ):
        site = ground.sites.get(code)
        if site is None or service not in site.services:
            continue
        wait = visits.wait_of(minutes if outcome == "came" else None)
        timed = "no" if wait == visits.UNKNOWN else "yes"
        # Who came before the doors opened, or was booked when other hours held, counts to the nearest hour.
        at = nearest.get((code, hour))
        if at is None:
            at = nearest[code, hour] = min(site.hours, key=lambda known: abs(int(known) - hour))
        rows.append((who, site.municipality, code, outcome, service, at, timed, wait))
    return counted.Facts.of(visits.COLUMNS, rows)


async def _moves(uow: Reading, period: Period, ground: Ground) -> counted.Facts:
    found = await repository.moves(uow, PURPOSE, period.starts_on, period.ends_on)
    rows = [
        (who, ground.sites[there].municipality, ground.sites[before].municipality)
        for who, there, before in found
        if there in ground.sites and before in ground.sites
    ]
    return counted.Facts.of(moves.COLUMNS, rows)


async def _permits(uow: Reading, period: Period) -> counted.Facts:
    since, until = period.span(uow.region.zone)
    longest = max(permits.UNTIL.values())
    begun: dict[UUID, tuple[str, str]] = {}
    for person, step, expires_on in await repository.permits(uow, PURPOSE, since, until, list(permits.GRANTED_BY)):
        weeks = min((expires_on - period.starts_on) // WEEK, longest) if expires_on else longest
        begun[person] = permits.GRANTED_BY[step], permits.until_of(weeks)
    law = _Law(uow.region.book)
    newcomers = await repository.cohort(uow, PURPOSE, since, until)
    for row in await repository.newcomers(uow, PURPOSE, newcomers):
        asked = law.asks(row)
        if asked is not None and asked.kind in permits.FROM_ENTRY:
            begun[row[0]] = permits.FROM_ENTRY[asked.kind], permits.LATER
    works_as = await occupations_of(uow, list(begun), PURPOSE)
    rows = []
    for person, (right, ends) in begun.items():
        group = works_as.get(person, "")[:1]
        rows.append((_told_apart(person), right, group if group in permits.OCCUPATIONS else permits.UNKNOWN, ends))
    return counted.Facts.of(permits.COLUMNS, rows)


def _told_apart(person: UUID) -> int:
    """A number for each."""
    return person.int & (2**62 - 1)


async def _journeys(uow: Reading, period: Period, release: int) -> counted.Facts:
    since, until = period.span(uow.region.zone)
    times = [period.told_at(number, uow.region.zone) for number in range(len(JOURNEY_WEEKS))]
    cuts = [uow.region.day_of(at) for at in times[: release + 1]]
    newcomers = await repository.cohort(uow, PURPOSE, since, until)
    done: dict[UUID, tuple[dict[str, date], ...]] = {}
    for person, step, *first_days in await repository.steps_done(uow, PURPOSE, newcomers, times):
        known = done.setdefault(person, ({}, {}, {}))
        for number, day in enumerate(first_days):
            if day is not None:
                known[number][step] = day
    law = _Law(uow.region.book)
    rows = []
    for row in await repository.newcomers(uow, PURPOSE, newcomers):
        asked = law.asks(row)
        if asked is not None:
            journey = Journey(row[4], asked, done.get(row[0], ({}, {}, {})))
            rows.append((_told_apart(row[0]), *journeys.row_of(journey, cuts)))
    return counted.Facts.of(journeys.COLUMNS, rows)


class _Law:
    """What the law asks of newcomers. Those of whom it tells the same are looked at once."""

    def __init__(self, book: RuleBook) -> None:
        self._book, self._order = book, journeys.order_of(book)
        self._ages = journeys.ages_of(book)
        self._known: dict[tuple[object, ...], Asked | None] = {}

    def asks(self, row: Sequence[Any]) -> Asked | None:
        """Of a row of `repository.newcomers`; None for whom is not counted."""
        _, citizenship, purpose, visa, entered_on, stay_days, year, month, day = row
        facts = Facts(
            citizenship=citizenship or _NO_CITIZENSHIP,
            purpose=EntryPurpose(purpose),
            entered_on=entered_on,
            visa=visa,
            birth_year=year,
            birth_month=month,
            birth_day=day,
            stay_days=stay_days,
        )
        age = facts.age_on(entered_on)
        told_apart = id(select(self._book, facts.citizenship, facts.purpose, visa=visa))  # one for each kind of person
        key = told_apart, None if age is None else bisect_right(self._ages, age), stay_days, entered_on
        if key not in self._known:
            self._known[key] = journeys.asked_of(self._book, self._order, facts)
        return self._known[key]
