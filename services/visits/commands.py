"""What a clerk says of a visit: how it went, that nobody came, and that the last word was a mistake.

Each names the version of the visit that the clerk has seen: of two who say different things at once, one is told what
the other said.
"""

from datetime import date
from uuid import UUID

from app.db.unit_of_work import Writing
from app.domain.audit.purpose import Purpose
from app.domain.bookings.status import LIVE, BookingStatus
from app.domain.identity.caller import Caller
from app.domain.pathways.events import EventKind, Evidence, EvidenceKind, Source, StepEvent
from app.domain.visits.outcomes import outcome_of, outcomes_of
from app.domain.visits.terms import BEFORE
from app.errors import InvalidInput, NotFound
from app.models.bookings import Booking
from services.audit.commands import record_change
from services.bookings.queries import booked_otherwise, booking_at
from services.bookings.upkeep import complete, miss, place_of, reopen
from services.pathways.commands import annul_event, record_event
from services.pathways.queries import outcomes_of as outcomes_said
from services.visits.errors import (
    BookedAgain,
    NotAbsent,
    NotArrived,
    NothingToUndo,
    OutcomeNotAllowed,
    StillAwaited,
    UndoTooLate,
    VisitChanged,
)
from services.visits.queries import Visit, local_day_at, visit_of

_PURPOSE = Purpose.VISIT_OUTCOME


async def finish(
    uow: Writing, clerk: Caller, booking_id: UUID, version: int, outcome: EventKind, expires_on: date | None
) -> Visit:
    """Says how a visit went; the pathway moves in the same transaction.

    `expires_on` is the last day of what was issued, where the service issues something. NotArrived unless the visitor
    is here.
    """
    booking = await _seen(uow, clerk, booking_id, version)
    if outcome_of(booking.service, outcome, expires_on) is None:
        allowed = outcomes_of(booking.service)
        raise OutcomeNotAllowed(allowed=[{"outcome": o.kind, "expires_on": o.expires_on} for o in allowed])
    today = await local_day_at(uow, clerk.point)
    if expires_on is not None and expires_on < today:
        raise InvalidInput(field="expires_on")
    if booking.status != BookingStatus.ARRIVED:
        raise NotArrived
    await complete(uow, booking)
    event = StepEvent(booking.step, outcome, today, Source.POINT, expires_on)
    await record_event(uow, booking.person_id, event, evidence=Evidence(EvidenceKind.BOOKING, booking.id))
    return await visit_of(uow, booking, _PURPOSE)


async def mark_absent(uow: Writing, clerk: Caller, booking_id: UUID, version: int) -> Visit:
    """Nobody came. StillAwaited until the region's grace after the booked time is over."""
    booking = await _seen(uow, clerk, booking_id, version)
    if booking.status != BookingStatus.CONFIRMED:
        raise NotAbsent
    missed_from = uow.region.visits.missed_from(place_of(booking).starts_at)
    if uow.now < missed_from:
        raise StillAwaited(missed_from=missed_from.isoformat())
    await miss(uow, booking)
    await record_change(uow, booking.person_id, "visit_missed", booking=booking.id)
    return await visit_of(uow, booking, _PURPOSE)


async def end_unanswered(uow: Writing, booking: Booking) -> None:
    """The visitor had arrived and is gone: did not come when called, or went away. The step can be booked again.

    For `queue`, whose caller has locked the booking and says so. NotArrived if it is not a visit under way.
    """
    if booking.status != BookingStatus.ARRIVED:
        raise NotArrived
    await miss(uow, booking)
    await record_change(uow, booking.person_id, "visit_missed", booking=booking.id)


async def resume(uow: Writing, booking: Booking, purpose: Purpose) -> None:
    """Takes that back: the visitor is here. BookedAgain when they have made use of their freedom meanwhile."""
    if booking.status != BookingStatus.MISSED:
        raise NothingToUndo
    if await booked_otherwise(uow, booking, purpose):
        raise BookedAgain
    await reopen(uow, booking, BookingStatus.ARRIVED)
    await record_change(uow, booking.person_id, "missed_undone", booking=booking.id)


async def undo(uow: Writing, clerk: Caller, booking_id: UUID, version: int) -> Visit:
    """Takes back the last word about a visit, whichever clerk of the point said it, within the region's minutes.

    An outcome's event is annulled with it, and what counted before it counts again. BookedAgain when the person has
    made use of their freedom meanwhile.
    """
    booking = await _seen(uow, clerk, booking_id, version)
    terms = uow.region.visits
    status = BookingStatus(booking.status)
    until = terms.undo_until(status, booking.changed_at)
    if until is None:
        raise NothingToUndo
    if uow.now >= until:
        raise UndoTooLate(minutes=int(terms.undo_for.total_seconds() // 60))
    # Bookings of the person wait for the lock held here; the unique and exclusion constraints stand behind.
    if status not in LIVE and await booked_otherwise(uow, booking, _PURPOSE):
        raise BookedAgain
    if status is BookingStatus.COMPLETED:
        await annul_event(uow, booking.person_id, evidence_id=booking.id)
    await reopen(uow, booking, BEFORE[status])
    await record_change(uow, booking.person_id, f"{status.value}_undone", booking=booking.id)
    return await visit_of(uow, booking, _PURPOSE)


async def _seen(uow: Writing, clerk: Caller, booking_id: UUID, version: int) -> Booking:
    """The booking, locked. NotFound elsewhere than at its point; VisitChanged if the clerk saw another version."""
    booking = await booking_at(uow, booking_id, clerk.point, _PURPOSE)
    if booking is None:
        raise NotFound
    if booking.version != version:
        said = await outcomes_said(uow, {booking.id: booking.person_id}, _PURPOSE)
        raise VisitChanged(
            present={"status": booking.status, "outcome": said.get(booking.id), "version": booking.version}
        )
    return booking
