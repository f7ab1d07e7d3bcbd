"""What of a booked itinerary is still good, and why the rest is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.domain.bookings.booking import Booked
from app.domain.bookings.status import BookingStatus
from app.domain.pathways.events import EventKind
from app.domain.pathways.pathway import Pathway
from app.domain.routing.check import check
from app.domain.routing.errands import Work
from app.domain.routing.itinerary import Fault, Violation, Visit
from app.domain.routing.journey import Journey
from app.domain.routing.standing import Cause

_ENDED = {BookingStatus.MISSED: Cause.MISSED, BookingStatus.CANCELLED: Cause.CANCELLED}
_OUTCOMES = {EventKind.COME_AGAIN: Cause.COME_AGAIN, EventKind.INCOMPLETE: Cause.INCOMPLETE}
_BROKEN = {
    Fault.NOT_ALLOWED_YET: Cause.NOT_READY,
    Fault.PREREQUISITE: Cause.NOT_READY,
    Fault.RESULT_ENDED: Cause.RESULT_ENDS,
    Fault.CLASH: Cause.CLASH,
}


@dataclass(frozen=True, slots=True)
class Failed:
    """A step of somebody whose visit did not bring it about, or cannot any more. `booking_id`: which visit it was."""

    person: UUID
    step: str
    cause: Cause
    booking_id: UUID | None = None


def kept_visits(work: Work, journey: Journey) -> list[Visit]:
    """The visits that are booked and stay, as the planner tells them."""
    return [
        Visit(errand.code, row.point, day, row.base, row.ticks)
        for errand in work.errands
        if errand.kept
        for day, rows in journey.openings[errand.code].items()
        for row in rows
    ]


def failed(
    work: Work, journey: Journey, visits: Sequence[Booked], outcomes: dict[tuple[UUID, str], EventKind]
) -> list[Failed]:
    """What of an itinerary no longer holds. `visits`: all that were booked under it, whatever became of them.

    `outcomes`: the last event of each step, by person and step. A step that is needed and was never booked fails too.
    """
    last: dict[tuple[UUID, str], Booked] = {}
    for booked in sorted(visits, key=lambda booked: booked.changed_at):
        last[booked.person_id, booked.step] = booked
    found = []
    for errand in work.errands:
        for person in errand.people if not errand.kept else ():
            of = person, errand.step
            found.append(_missing(*of, last.get(of), outcomes.get(of)))
    for violation in check(journey, kept_visits(work, journey)):
        cause = _BROKEN.get(violation.fault)
        if cause is not None:
            found += _standing(work, violation, cause)
    return list(dict.fromkeys(found))


def _missing(person: UUID, step: str, booked: Booked | None, outcome: EventKind | None) -> Failed:
    if booked is None:
        return Failed(person, step, Cause.NOT_BOOKED)
    if booked.status is BookingStatus.COMPLETED and outcome in _OUTCOMES:
        return Failed(person, step, _OUTCOMES[outcome], booked.id)
    return Failed(person, step, _ENDED.get(booked.status, Cause.NOT_BOOKED), booked.id)


def _standing(work: Work, violation: Violation, cause: Cause) -> list[Failed]:
    errand = work.errand(violation.code)
    return [Failed(booked.person_id, errand.step, cause, booked.id) for booked in errand.booked]


def in_the_wake(pathway: Pathway, step: str) -> set[str]:
    """The step, and all that wait for it, directly or not."""
    found = {step}
    for each in pathway.steps:  # prerequisites stand before those who wait for them
        if not found.isdisjoint(each.rule.hard):
            found.add(each.code)
    return found


def freed(pathway: Pathway, visits: Sequence[Booked], since: date) -> bool:
    """Whether somebody's word or deed that a visit to come waits for was done since: it was assumed for later."""
    waiting = {booked.step for booked in visits if booked.live}
    done = {step.code for step in pathway.steps if step.rule.service is None and step.done_on and step.done_on >= since}
    return any(not done.isdisjoint(step.rule.hard) for step in pathway.steps if step.code in waiting)
