"""Turns pathways and bookings into the tasks of a journey: what is to be visited, what waits for what, what is assumed.

A step without a visit is somebody's word or deed (the host's, an insurer's): the journey counts on it from the day that
the rules assume, and says so. A family goes together: one task for all who need a step, as strict as for the strictest.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from app.domain.bookings.booking import Booked
from app.domain.pathways.calendar import WorkCalendar
from app.domain.pathways.pathway import Pathway, Step, StepStatus
from app.domain.points.places import FAMILY_GAP
from app.domain.routing.journey import Advice, Given, Need, Task, ticks_of
from app.domain.routing.readiness import Readiness, Ready, table

HOLDS = frozenset({StepStatus.DONE, StepStatus.EXPIRING})


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who goes: their pathway today, and what they have booked that is still to come."""

    person: UUID
    pathway: Pathway
    booked: tuple[Booked, ...] = ()


@dataclass(frozen=True, slots=True)
class Errand:
    """A task and whose visits it is. `booked`: the bookings that stand for it and stay; of nobody else then."""

    code: str
    step: str
    service: str
    people: tuple[UUID, ...]
    booked: tuple[Booked, ...] = ()

    @property
    def kept(self) -> bool:
        return bool(self.booked)

    @property
    def span(self) -> tuple[UUID, date, int, int]:
        """Point, day, first tick and ticks of what is booked."""
        first, last = (min(b.place.starts_at for b in self.booked), max(b.place.ends_at for b in self.booked))
        return self.booked[0].point_id, self.booked[0].place.day, ticks_of(first), ticks_of(last) - ticks_of(first)


@dataclass(frozen=True, slots=True)
class Assumed:
    """A step without a visit that the journey counts on: done by the day that `ready` tells of the visits' days."""

    person: UUID
    step: str
    by_host: bool
    ready: Ready


@dataclass(frozen=True, slots=True)
class Work:
    """The errands of a journey, the planner's tasks of the same codes, and what they count on."""

    errands: tuple[Errand, ...]
    tasks: tuple[Task, ...]
    assumed: tuple[Assumed, ...]

    def errand(self, code: str) -> Errand:
        return next(errand for errand in self.errands if errand.code == code)


@dataclass(slots=True)
class _Draft:
    """A task as it grows with each person who needs it."""

    hard: dict[tuple[str, bool], list[Need | Given]] = field(default_factory=dict)
    soft: dict[str, Advice] = field(default_factory=dict)
    earliest: date | None = None
    deadline: date | None = None

    def needs(self, found: Need | Given) -> None:
        self.hard.setdefault((found.code, isinstance(found, Need)), []).append(found)

    def advised(self, found: Advice) -> None:
        before = self.soft.get(found.code)
        if before is None or before.minutes < found.minutes:
            self.soft[found.code] = found

    def task(self, code: str, *, kept: bool) -> Task:
        hard = tuple(_strictest(found) for found in self.hard.values())
        return Task(code, hard, tuple(self.soft.values()), self.earliest, self.deadline, kept)


def work_of(
    members: Sequence[Member],
    first: date,
    last: date,
    calendar: WorkCalendar,
    *,
    offers: bool = False,
    movable: Callable[[Booked], bool] = lambda _: False,
) -> Work:
    """What these people still have to visit from `first` to `last`, together. Bookings that are not `movable` stay.

    `offers`: help that no law asks for counts too.
    """
    errands = _errands(members, offers=offers, movable=movable)
    drafts = {errand.code: _Draft() for errand in errands}
    assumed: list[Assumed] = []
    for member in members:
        mine = {errand.step: errand for errand in errands if member.person in errand.people}
        readiness = Readiness(member.pathway, {step: e.code for step, e in mine.items()}, first, last, calendar)
        for step in member.pathway.steps:
            if step.code in mine:
                _add(drafts[mine[step.code].code], step, readiness, kept=mine[step.code].kept)
        assumed += [
            Assumed(member.person, step.code, step.rule.by_host, ready) for step, ready in readiness.counted_on()
        ]
    tasks = tuple(drafts[errand.code].task(errand.code, kept=errand.kept) for errand in errands)
    return Work(tuple(errands), tasks, tuple(assumed))


def _errands(members: Sequence[Member], *, offers: bool, movable: Callable[[Booked], bool]) -> list[Errand]:
    needed: dict[str, tuple[str, list[UUID]]] = {}
    kept: list[Booked] = []
    for member in members:
        staying = [booked for booked in member.booked if booked.live and not movable(booked)]
        kept += staying
        for step in to_visit(member.pathway, offers=offers):
            if step.rule.service is not None and all(booked.step != step.code for booked in staying):
                needed.setdefault(step.code, (step.rule.service, []))[1].append(member.person)
    errands = [Errand(code, code, service, tuple(people)) for code, (service, people) in needed.items()]
    for number, together in enumerate(_together(kept), 1):
        of, people = together[0], tuple(booked.person_id for booked in together)
        errands.append(Errand(f"{of.step}@{number}", of.step, of.service, people, tuple(together)))
    return errands


def _together(kept: Sequence[Booked]) -> list[list[Booked]]:
    """Visits of a family for one step at one point, each next one within the wait that a family bears."""
    found: list[list[Booked]] = []
    for booked in sorted(kept, key=lambda b: (b.step, b.point_id, b.place.starts_at)):
        last = found[-1][-1] if found else None
        same = last is not None and (last.step, last.point_id) == (booked.step, booked.point_id)
        if last is not None and same and booked.place.starts_at <= last.place.ends_at + FAMILY_GAP:
            found[-1].append(booked)
        else:
            found.append([booked])
    return sorted(found, key=lambda together: (together[0].place.starts_at, together[0].step))


def to_visit(pathway: Pathway, *, offers: bool) -> list[Step]:
    """The steps that ask for a visit now: not done yet, or to be renewed, a chain of renewals from its first."""
    wanted = [step for step in pathway.steps if step.rule.service is not None and (offers or not step.rule.offer)]
    renewed = {step.code for step in wanted if step.status is StepStatus.EXPIRING and step.deadline is not None}
    for step in reversed(pathway.steps):  # prerequisites stand before those who wait for them
        if step.code in renewed:
            renewed |= {o.code for o in wanted if o.code in step.rule.hard and o.status is StepStatus.EXPIRING}
    return [step for step in wanted if step.status not in HOLDS or step.code in renewed]


def _add(draft: _Draft, step: Step, readiness: Readiness, *, kept: bool) -> None:
    if step.not_before is not None:
        draft.earliest = max(draft.earliest or step.not_before, step.not_before)
    if step.deadline is not None and (not kept or step.status not in HOLDS):
        draft.deadline = min(draft.deadline or step.deadline, step.deadline)
    for code in step.rule.hard:
        for found in readiness.needs(code, renewal=step.status is StepStatus.EXPIRING):
            draft.needs(found)
    for code in step.rule.soft:
        advice = readiness.advice(code, step.rule.soft_minutes)
        if advice is not None:
            draft.advised(advice)


def _strictest(found: Sequence[Need | Given]) -> Need | Given:
    """One prerequisite that allows what all of them allow, which are of one kind."""
    if len(found) == 1:
        return found[0]
    needs = [each for each in found if isinstance(each, Need)]
    if len(needs) == len(found):
        ready = {day: max(each.ready[day] for each in needs) for day in needs[0].ready}
        limits = [each.good_until for each in needs if each.good_until is not None]
        good_until = {day: min(limit[day] for limit in limits) for day in limits[0]} if limits else None
        return Need(found[0].code, ready, good_until)
    days = [each.ready for each in found if isinstance(each, Given)]
    known = [day for day in days if day is not None]
    ends = [each.good_until for each in found if isinstance(each, Given) and each.good_until is not None]
    return Given(found[0].code, max(known) if len(known) == len(days) else None, min(ends, default=None))


def assumed_on(
    assumed: Assumed, days: Mapping[str, date], first: date, last: date, calendar: WorkCalendar
) -> date | None:
    """By when it is to be done, if the visits are on these days (by code); None if nobody knows."""
    found = [assumed.ready.fixed] if assumed.ready.fixed else []
    for code, path in assumed.ready.after:
        if code in days:
            found.append(table(first, last, path, calendar).get(days[code], days[code] + timedelta(days=1)))
    return max(found, default=None)
