"""A visitor arrives: by the QR pass on their phone or, when the phone is dead, by Migrant ID and passport."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.db.unit_of_work import Writing
from app.domain.audit.purpose import Purpose
from app.domain.bookings.status import BookingStatus
from app.domain.identity.caller import Caller
from app.domain.points.calendar import local_day
from app.domain.visits.arrival import may_arrive
from app.domain.visits.qr_pass import read
from app.models.bookings import Booking
from services.audit.commands import record_change
from services.bookings.queries import booked_otherwise, booking_at, bookings_of_visitor
from services.bookings.upkeep import arrive, place_of
from services.family.queries import may_act
from services.identity.device_keys import claims_of, unverified_claims
from services.identity.queries import certified_device
from services.points.queries import point
from services.profiles.queries import person_of_migrant_id
from services.visits.errors import AlreadyArrived, BookedAgain, NotExpectedToday, PassRefused
from services.visits.queries import Visit, visit_of

_PURPOSE = Purpose.VISIT_CHECK_IN
_ORDER = (BookingStatus.CONFIRMED, BookingStatus.MISSED, BookingStatus.ARRIVED)


async def check_in_by_pass(uow: Writing, clerk: Caller, pass_text: str) -> Visit:
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
    booking = await booking_at(uow, shown.booking_id, clerk.point, _PURPOSE)
    if booking is None or not await may_act(uow, person_id, booking.person_id, _PURPOSE):
        raise PassRefused(reason="no_visit_here_today")
    if not await _may_arrive(uow, booking):
        raise PassRefused(reason="no_visit_here_today")
    return await _arrived(uow, booking, "arrived")


async def check_in_by_id(uow: Writing, clerk: Caller, migrant_id: str) -> Visit:
    """For a visitor whose phone is dead: the clerk types the Migrant ID and compares the name with the passport.

    NotExpectedToday both for an ID that is nobody's and for somebody who has no visit here: a desk learns nothing of
    people who are not its own. Somebody with several visits is checked in for the first that is still to be.
    """
    person_id = await person_of_migrant_id(uow, migrant_id)
    here = await _visits_here(uow, clerk, person_id) if person_id else []
    if not here:
        raise NotExpectedToday
    first = min(here, key=lambda booking: _ORDER.index(BookingStatus(booking.status)))
    return await _arrived(uow, first, "arrived_by_migrant_id")


async def _visits_here(uow: Writing, clerk: Caller, person_id: UUID) -> Sequence[Booking]:
    today = local_day(ZoneInfo((await point(uow, clerk.point)).zone), uow.now)
    days = [today + timedelta(days=n) for n in (-1, 0, 1)]
    found = await bookings_of_visitor(uow, person_id, clerk.point, days, _PURPOSE)
    return [booking for booking in found if await _may_arrive(uow, booking)]


async def _may_arrive(uow: Writing, booking: Booking) -> bool:
    zone, late = ZoneInfo((await point(uow, booking.point_id)).zone), uow.region.queue.late
    return booking.status in _ORDER and may_arrive(booking.day, place_of(booking).starts_at, uow.now, zone, late)


async def _arrived(uow: Writing, booking: Booking, action: str) -> Visit:
    """Somebody who was marked as absent and comes late that day has arrived all the same."""
    if booking.status == BookingStatus.ARRIVED:
        raise AlreadyArrived
    if booking.status == BookingStatus.MISSED and await booked_otherwise(uow, booking, _PURPOSE):
        raise BookedAgain
    await arrive(uow, booking)
    await record_change(uow, booking.person_id, action, booking=booking.id)
    return await visit_of(uow, booking, _PURPOSE)
