"""Facts of a period, as the worker gathers them: digests of people and what is counted of each, in memory only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.db.unit_of_work import Reading
from app.domain.audit.purpose import Purpose
from app.domain.disclosure.facts import Facts
from app.domain.disclosure.opening import Question
from app.domain.figures import journeys, moves, permits, visits
from app.domain.figures.ground import HOURS, Ground, Site
from app.domain.figures.journeys import Asked, Journey
from app.domain.figures.periods import JOURNEY_WEEKS, WEEK, Family, Period
from app.domain.pathways import pathway
from app.domain.pathways.rules import EntryPurpose, RuleBook
from app.models.points import Point
from services.points.queries import all_points
from services.region import repository

PURPOSE = Purpose.STATISTICS
_NO_CITIZENSHIP = "XXX"


@dataclass(frozen=True, slots=True)
class Gathered:
    """Facts, and the questions by which they are opened."""

    facts: Facts
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


async def _visits(uow: Reading, period: Period, ground: Ground) -> Facts:
    rows = []
    for who, code, outcome, service, hour, minutes in await repository.visits(
        uow, PURPOSE, period.starts_on, period.ends_on
    ):
        site = ground.sites.get(code)
        if site is None or service not in site.services:
            continue
        wait = visits.wait_of(minutes if outcome == "came" else None)
        timed = "no" if wait == visits.UNKNOWN else "yes"
        # Who came before the doors opened, or was booked when other hours held, counts to the nearest hour.
        at = min(site.hours, key=lambda known: abs(int(known) - hour))
        rows.append((who, site.municipality, code, outcome, service, at, timed, wait))
    return Facts.of(visits.COLUMNS, rows)


async def _moves(uow: Reading, period: Period, ground: Ground) -> Facts:
    found = await repository.moves(uow, PURPOSE, period.starts_on, period.ends_on)
    rows = [
        (who, ground.sites[there].municipality, ground.sites[before].municipality)
        for who, there, before in found
        if there in ground.sites and before in ground.sites
    ]
    return Facts.of(moves.COLUMNS, rows)


async def _permits(uow: Reading, period: Period) -> Facts:
    since, until = period.span(uow.region.zone)
    longest, rows = max(permits.UNTIL.values()), []
    for who, step, expires_on in await repository.permits(uow, PURPOSE, since, until, list(permits.GRANTED_BY)):
        weeks = min((expires_on - period.starts_on) // WEEK, longest) if expires_on else longest
        rows.append((who, permits.GRANTED_BY[step], "unknown", permits.until_of(weeks)))
    law = _Law(uow.region.book)
    for row in await repository.newcomers(uow, PURPOSE, since, until):
        asked = law.asks(row)
        if asked is not None and asked.kind in permits.FROM_ENTRY:
            rows.append((row[0], permits.FROM_ENTRY[asked.kind], "unknown", permits.LATER))
    return Facts.of(permits.COLUMNS, rows)


async def _journeys(uow: Reading, period: Period, release: int) -> Facts:
    since, until = period.span(uow.region.zone)
    times = [period.told_at(number, uow.region.zone) for number in range(len(JOURNEY_WEEKS))]
    cuts = [uow.region.day_of(at) for at in times[: release + 1]]
    done: dict[int, tuple[dict[str, date], ...]] = {}
    for who, step, *first_days in await repository.steps_done(uow, PURPOSE, since, until, times):
        known = done.setdefault(who, ({}, {}, {}))
        for number, day in enumerate(first_days):
            if day is not None:
                known[number][step] = day
    law = _Law(uow.region.book)
    rows = []
    for row in await repository.newcomers(uow, PURPOSE, since, until):
        asked = law.asks(row)
        if asked is not None:
            journey = Journey(row[4], asked, done.get(row[0], ({}, {}, {})))
            rows.append((row[0], *journeys.row_of(journey, cuts)))
    return Facts.of(journeys.COLUMNS, rows)


class _Law:
    """What the law asks of newcomers. Those of whom it tells the same are looked at once."""

    def __init__(self, book: RuleBook) -> None:
        self._book, self._order = book, journeys.order_of(book)
        self.of = lru_cache(maxsize=None)(self._of)

    def asks(self, row: Sequence[object]) -> Asked | None:
        _, citizenship, purpose, visa, entered_on, stay_days, year, month, day = row
        assert isinstance(entered_on, date)  # noqa: S101 — the column is one
        facts = pathway.Facts(
            citizenship=str(citizenship or _NO_CITIZENSHIP),
            purpose=EntryPurpose(str(purpose)),
            entered_on=entered_on,
            visa=bool(visa),
            birth_year=_number(year),
            birth_month=_number(month),
            birth_day=_number(day),
        )
        stay = _number(stay_days)
        return self.of(facts.citizenship, facts.purpose, facts.visa, entered_on, facts.age_on(entered_on), stay)

    def _of(
        self,
        citizenship: str,
        purpose: EntryPurpose,
        visa: bool,
        entered_on: date,
        age: int | None,
        stay_days: int | None,
    ) -> Asked | None:
        birth = entered_on.year - age if age is not None else None
        facts = pathway.Facts(
            citizenship,
            purpose,
            entered_on,
            visa=visa,
            birth_year=birth,
            birth_month=1,
            birth_day=1,
            stay_days=stay_days,
        )
        return journeys.asked_of(self._book, self._order, facts)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
