"""A visit: the pass is read, the visitor has arrived, the clerk says how it went, the pathway moves."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from app.db.unit_of_work import Writing
from app.domain.audit.purpose import Purpose
from app.domain.bookings.status import BookingStatus
from app.domain.identity.caller import Caller
from app.domain.pathways.events import EventKind, Evidence, EvidenceKind, Source, StepEvent
from app.domain.points.calendar import local_day
from app.domain.visits.arrival import may_arrive
from app.domain.visits.qr_pass import Pass, read
from app.errors import InvalidInput, NotFound
from app.models.bookings import Booking
from services.audit.commands import record_change
from services.bookings.queries import booking_at, bookings_at
from services.bookings.upkeep import arrive, complete, place_of
from services.identity.device_keys import claims_of, unverified_claims
from services.identity.queries import certified_device
from services.pathways.commands import record_event
from services.points.queries import point
from services.profiles.queries import VisitorCard, visitor_card
from services.visits.errors import AlreadyArrived, NotArrived, PassRefused


@dataclass(frozen=True, slots=True)
class Visit:
    """A booking at the clerk's point, with the card of who comes. Never why, nor any other step of theirs."""

    booking: Booking
    card: VisitorCard | None


async def check_in(uow: Writing, clerk: Caller, pass_text: str) -> Visit:
    """Reads a pass shown at the clerk's point. PassRefused says what is wrong with it."""
    shown = read(unverified_claims(pass_text))
    if shown is None:
        raise PassRefused(reason="unreadable")
    found = await certified_device(uow, shown.device_id)
    if found is None:
        raise PassRefused(reason="unknown_device")
    jwk, person_id = found
    if claims_of(pass_text, jwk) is None:
        raise PassRefused(reason="not_signed")
    if not shown.live(uow.now):
        raise PassRefused(reason="expired")
    booking = await _todays(uow, clerk, shown, person_id)
    await arrive(uow, booking)
    await record_change(uow, person_id, "arrived", booking=booking.id)
    return Visit(booking, await visitor_card(uow, person_id, Purpose.VISIT_CHECK_IN))


async def _todays(uow: Writing, clerk: Caller, shown: Pass, person_id: UUID) -> Booking:
    booking = await booking_at(uow, shown.booking_id, clerk.point, Purpose.VISIT_CHECK_IN)
    if booking is None or booking.person_id != person_id:
        raise PassRefused(reason="no_visit_here_today")
    zone = ZoneInfo((await point(uow, clerk.point)).zone)
    if not may_arrive(booking.day, place_of(booking).starts_at, uow.now, zone):
        raise PassRefused(reason="no_visit_here_today")
    if booking.status == BookingStatus.ARRIVED:
        raise AlreadyArrived
    if booking.status != BookingStatus.CONFIRMED:
        raise PassRefused(reason="no_visit_here_today")
    return booking


async def finish(uow: Writing, clerk: Caller, booking_id: UUID, outcome: EventKind, expires_on: date | None) -> Visit:
    """Says how a visit went; the pathway moves in the same transaction.

    `expires_on` is the last day of what was issued, for an outcome *done*. NotArrived unless the visitor is here.
    """
    today = await _local_day(uow, clerk.point)
    if expires_on is not None and (outcome is not EventKind.DONE or expires_on < today):
        raise InvalidInput(field="expires_on")
    booking = await booking_at(uow, booking_id, clerk.point, Purpose.VISIT_OUTCOME)
    if booking is None:
        raise NotFound
    if booking.status != BookingStatus.ARRIVED:
        raise NotArrived
    await complete(uow, booking)
    event = StepEvent(booking.step, outcome, today, Source.POINT, expires_on)
    await record_event(uow, booking.person_id, event, evidence=Evidence(EvidenceKind.BOOKING, booking.id))
    return Visit(booking, await visitor_card(uow, booking.person_id, Purpose.VISIT_OUTCOME))


async def visits_of(uow: Writing, clerk: Caller, day: date | None) -> list[Visit]:
    """The visits of a day (today) at the clerk's point, with names: each visitor's log tells that it was read."""
    on = day or await _local_day(uow, clerk.point)
    bookings = await bookings_at(uow, clerk.point, on, Purpose.VISIT_LIST)
    return [Visit(b, await visitor_card(uow, b.person_id, Purpose.VISIT_LIST)) for b in bookings]


async def _local_day(uow: Writing, point_id: UUID) -> date:
    return local_day(ZoneInfo((await point(uow, point_id)).zone), uow.now)
