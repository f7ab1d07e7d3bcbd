"""A person's bookings, for themselves; and what becomes of them when the person leaves."""

from collections.abc import Collection
from uuid import UUID

from app.db.own import Own, rows_of
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.bookings.status import BookingStatus
from app.models.bookings import Booking
from services.audit.access import account_for
from services.audit.commands import record_change
from services.bookings import repository
from services.bookings.upkeep import place_of
from services.points.commands import change_use

TABLES = ("bookings",)


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    await account_for(uow, person_id, purpose)
    return {"bookings": await rows_of(uow, Booking.person_id, [person_id])}


async def erase(uow: Writing, person_id: UUID) -> None:
    """Gives back every place that is still to be, for a person who is locked. The rows stay, as a point's work: the
    ledger of places is their sum, and they name nobody.
    """
    given_back = []
    for booking in await repository.to_come(uow, person_id, Purpose.OWN_ACCESS):
        held = booking.status == BookingStatus.HELD
        repository.set_status(uow, booking, BookingStatus.RELEASED if held else BookingStatus.CANCELLED)
        given_back.append(booking)
    await uow.session.flush()
    for booking in given_back:
        await record_change(uow, person_id, "booking_cancelled", booking=booking.id)
    await change_use(uow, [(place_of(booking), -1) for booking in given_back])


async def leave_itineraries(uow: Writing, itineraries: Collection[UUID]) -> None:
    """For `routing`, before these itineraries are deleted."""
    await repository.leave_itineraries(uow, itineraries)
