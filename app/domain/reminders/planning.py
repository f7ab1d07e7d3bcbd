"""Plans what a person is to be told and when: from their visits, pathway and papers, and from nothing that was told.

Computed anew whenever something of the person changes, and once a day; what is stored is changed to what comes out
here (`app.domain.reminders.diff`). Times of day are those of the point, or of the region for legal days.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domain.offers.leaving import SPARE
from app.domain.pathways.pathway import Step, StepStatus
from app.domain.points.calendar import midnight
from app.domain.reminders.kinds import DEADLINE_DAYS, KINDS, Kind, Urgency, useful_until
from app.domain.reminders.preferences import Preferences
from app.domain.reminders.quiet import at, settle

HORIZON = timedelta(days=35)
"""So far ahead is planned: a month, and some days for the daily planning to be late."""
PAPER_DAYS = (60, 30, 14, 7, 1)
"""So many days before the last good day of a paper it is told of: some take weeks to renew."""
NEWS_FOR = timedelta(days=1)
"""What happened longer ago is no news to begin with."""
TO_ACT = timedelta(hours=2)
EVENING, MORNING = time(18), time(10)
_DAY = timedelta(days=1)
_PAYMENTS = {"tax_advance": Kind.TAX_DUE, "collection": Kind.PATENT_RENEWAL}
"""Steps whose result is told of by a kind of its own before it ends."""


class Subject(StrEnum):
    VISIT = "visit"
    STEP = "step"
    DOCUMENT = "document"
    USE = "use"
    TICKET = "ticket"
    CONSENT = "consent"
    REQUEST = "request"
    COMPLAINT = "complaint"


Truth = tuple[str, str, str, datetime]


class Reminder(NamedTuple):
    """One thing to tell. `about` (UTC) is what it tells of: a visit's start, the midnight that a legal day begins
    with, or when something happened; `days`, for what is told several times, how many days before. These with kind and
    subject are its identity: told once, it is not told again, whatever becomes of its times.

    `due_at` and `expires_at` in UTC. `matter`: the code of a step, the kind of a paper, who read. `more`: what else
    the text needs, by name, as JSON has it.
    """

    kind: Kind
    subject: str
    subject_id: str
    about: datetime
    days: int
    due_at: datetime
    expires_at: datetime
    matter: str | None = None
    point_id: UUID | None = None
    more: dict[str, str] | None = None

    @property
    def truth(self) -> Truth:
        """What it says of what, however often."""
        return self[:4]

    @property
    def identity(self) -> tuple[str, str, str, datetime, int]:
        return self[:5]


class Plan(NamedTuple):
    """`reminders`: to be told. `truths`: all that is so as things stand, told of in time or not."""

    reminders: list[Reminder]
    truths: set[Truth]


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that is booked. `changed_at`: when it was booked or moved. `papers`: something is to be brought.
    `moved`: it stands where it stands because somebody else moved it. `way`: minutes from where the person said that
    they set out from.
    """

    id: UUID
    step: str
    point_id: UUID
    zone: ZoneInfo
    starts_at: datetime
    changed_at: datetime
    papers: bool = True
    moved: bool = False
    way: int | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A document in force, with the last day on which it is good."""

    id: UUID
    kind: str
    last_day: date


@dataclass(frozen=True, slots=True)
class Done:
    """Somebody else said of a step that it is done. `next`: the step to take up then, and its last day if any."""

    step: str
    recorded_at: datetime
    next: tuple[str, date | None] | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """Somebody read the person's data: when, and who."""

    at: datetime
    reader: str


@dataclass(frozen=True, slots=True)
class Life:
    """What is known of a person. `zone`: the region's, which legal days are counted in."""

    zone: ZoneInfo
    visits: Sequence[Visit] = ()
    steps: Sequence[Step] = ()
    papers: Sequence[Paper] = ()
    done: Sequence[Done] = ()
    uses: Sequence[Use] = ()
    preferences: Preferences = field(default_factory=Preferences)


def plan(life: Life, now: datetime) -> Plan:
    """What is to be told from `now` until the horizon, and what was to be told and is still of use.

    Nothing is made up for times before it was known: who books for this afternoon is not told of tomorrow's visit, and
    a deadline that is learnt of late is not told of for the days that are over. Else all would come at once.
    """
    until = now + HORIZON
    found = Plan([], set())
    for one, timely in _everything(life, now):
        found.truths.add(one.truth)
        if timely and one.due_at <= until and one.expires_at > now:
            found.reminders.append(one)
    return found


_Found = Iterator[tuple[Reminder, bool]]
"""With each whether it can still be told in time."""


def _everything(life: Life, now: datetime) -> _Found:
    for visit in life.visits:
        yield from _of_visit(visit, life.preferences)
        if visit.moved:
            yield _moved(visit, life.preferences), visit.changed_at > now - NEWS_FOR
    for step in life.steps:
        yield from _of_step(step, life, now)
    for paper in life.papers:
        subject = (Subject.DOCUMENT, str(paper.id), paper.kind)
        yield from _before(Kind.PAPER_EXPIRING, subject, paper.last_day, PAPER_DAYS, life, now)
    for done in life.done:
        closes = useful_until(Kind.STEP_DONE, due_at=done.recorded_at, event=None, zone=life.zone)
        due_at = not_at_night(Kind.STEP_DONE, done.recorded_at, closes, life.preferences, life.zone)
        when, code, more = done.recorded_at, done.step, _next(done)
        told = Reminder(Kind.STEP_DONE, Subject.STEP, code, when, 0, due_at, closes, code, None, more)
        yield told, when > now - NEWS_FOR
    yield from _of_uses(life, now)


def _next(done: Done) -> dict[str, str] | None:
    if done.next is None:
        return None
    code, by = done.next
    return {"next_step": code} | ({"next_day": by.isoformat()} if by else {})


def _of_visit(visit: Visit, preferences: Preferences) -> _Found:
    zone, starts_at = visit.zone, visit.starts_at
    night_of = preferences.zone or zone
    day = starts_at.astimezone(zone).date()
    eve, before = day - _DAY, day - 2 * _DAY
    today = _begins(day, zone)

    def one(kind: Kind, days: int, due_at: datetime, closes: datetime) -> tuple[Reminder, bool]:
        subject = (Subject.VISIT, str(visit.id), starts_at)
        return (
            Reminder(kind, *subject, days, due_at, closes, visit.step, visit.point_id),
            visit.changed_at < due_at < closes,
        )

    evening = settle(preferences.quiet, night_of, at(eve, EVENING, zone), opens=_begins(eve, zone), closes=today)
    yield one(Kind.VISIT_TOMORROW, 1, evening, today)
    yield one(Kind.VISIT_IN_TWO_HOURS, 0, starts_at - timedelta(hours=2), starts_at)
    if visit.way is not None:
        told, timely = one(Kind.LEAVE_NOW, 0, starts_at - SPARE - timedelta(minutes=visit.way), starts_at)
        # What is known of the queue and of the roads by then puts it off or forward (`leaving`).
        yield told._replace(more={"minutes": str(visit.way), "way": str(visit.way)}), timely
    if visit.papers:
        opens, wanted = _begins(before, zone), at(before, EVENING, zone)
        early = settle(preferences.quiet, night_of, wanted, opens=opens, closes=starts_at)
        # Who books later than that is told of the papers with the visit.
        late = visit.changed_at >= early
        yield one(Kind.DOCUMENTS_TO_BRING, 1 if late else 2, evening if late else early, starts_at)


def _moved(visit: Visit, preferences: Preferences) -> Reminder:
    """Told by whom it was not moved: whoever does it themselves sees that it is done."""
    kind, starts_at = Kind.VISIT_MOVED, visit.starts_at
    due_at = not_at_night(kind, visit.changed_at, starts_at, preferences, visit.zone)
    return Reminder(kind, Subject.VISIT, str(visit.id), starts_at, 0, due_at, starts_at, visit.step, visit.point_id)


def _of_step(step: Step, life: Life, now: datetime) -> _Found:
    if step.rule.offer:
        return
    subject = (Subject.STEP, step.code, step.code)
    holds = step.status in {StepStatus.DONE, StepStatus.EXPIRING}
    if holds and step.valid_until:
        kind = _PAYMENTS.get(step.code, Kind.PAPER_EXPIRING)
        days = PAPER_DAYS if kind is Kind.PAPER_EXPIRING else DEADLINE_DAYS
        yield from _before(kind, subject, step.valid_until, days, life, now)
    if step.deadline and not (holds and step.deadline == step.valid_until):
        yield from _before(Kind.DEADLINE_NEAR, subject, step.deadline, DEADLINE_DAYS, life, now)


def _before(
    kind: Kind, subject: tuple[Subject, str, str], last: date, days: Sequence[int], life: Life, now: datetime
) -> _Found:
    """So many days before a last day, in the morning; each is of use until the next one comes."""
    today, zone, preferences = now.astimezone(life.zone).date(), life.zone, life.preferences
    if last < today or last - today > HORIZON + max(days) * _DAY:
        return
    told_of, subject_id, matter = subject
    about, closes = _begins(last, zone), _begins(last + _DAY, zone)
    for left in reversed(days):
        day = last - left * _DAY
        opens, ends = _begins(day, zone), _begins(day + _DAY, zone)
        wanted = _morning(day, zone)
        due_at = settle(preferences.quiet, preferences.zone or zone, wanted, opens=opens, closes=ends)
        yield Reminder(kind, told_of, subject_id, about, left, due_at, closes, matter), day >= today
        closes = due_at


def not_at_night(kind: Kind, when: datetime, closes: datetime, preferences: Preferences, zone: ZoneInfo) -> datetime:
    """When to tell what happened at an instant and is of use until `closes`: at once by day. At night, what is urgent
    now goes out all the same, and what is for today unless two hours are left in the morning; all else waits.
    """
    urgency = KINDS[kind].urgency
    needed = closes - TO_ACT if urgency is Urgency.TODAY else closes
    waits = urgency is not Urgency.NOW
    return settle(preferences.quiet, preferences.zone or zone, when, opens=when, closes=needed, waits=waits)


def _of_uses(life: Life, now: datetime) -> _Found:
    """Told in the evening, all of a day's together, and of each reader once: the log has every look."""
    first: dict[tuple[datetime, str], datetime] = {}
    for use in life.uses:
        day = use.at.astimezone(life.zone).date()
        evening = at(day, EVENING, life.zone)
        if evening < use.at:
            evening = at(day + _DAY, EVENING, life.zone)
        first[evening, use.reader] = min(use.at, first.get((evening, use.reader), use.at))
    for (evening, reader), seen in first.items():
        closes = useful_until(Kind.DATA_USED, due_at=evening, event=None, zone=life.zone)
        night_of = life.preferences.zone or life.zone
        due_at = settle(life.preferences.quiet, night_of, evening, opens=seen, closes=closes)
        # The same however many looks follow, and whichever of them is known still.
        subject_id = f"{evening:%Y-%m-%d} {sha256(reader.encode()).hexdigest()[:16]}"
        more = {"at": seen.isoformat()}
        told = Reminder(Kind.DATA_USED, Subject.USE, subject_id, evening, 0, due_at, closes, reader, None, more)
        yield told, evening > now - NEWS_FOR


@lru_cache(maxsize=4096)
def _begins(day: date, zone: ZoneInfo) -> datetime:
    return midnight(zone, day)


@lru_cache(maxsize=4096)
def _morning(day: date, zone: ZoneInfo) -> datetime:
    return at(day, MORNING, zone)
