"""A person's bookings, for themselves; and what becomes of them when the person leaves."""

from collections.abc import Collection
from uuid import UUID

from app.db.own import Own, change_rows, locked, rows_of
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

    What is kept because it was offered, `offers` gives back when the visit that it was offered for stands no more.
    """
    given_back = [booking for booking in await locked(uow, Booking.person_id, person_id) if _to_come(uow, booking)]
    for booking in given_back:
        held = booking.status == BookingStatus.HELD
        repository.set_status(uow, booking, BookingStatus.RELEASED if held else BookingStatus.CANCELLED)
    await uow.session.flush()
    for booking in given_back:
        await record_change(uow, person_id, "booking_cancelled", booking=booking.id)
    await change_use(uow, [(place_of(booking), -1) for booking in given_back])


def _to_come(uow: Writing, booking: Booking) -> bool:
    held = booking.status == BookingStatus.HELD and booking.offer_id is None
    return (held or booking.status == BookingStatus.CONFIRMED) and place_of(booking).starts_at > uow.now


async def leave_itineraries(uow: Writing, itineraries: Collection[UUID]) -> None:
    """For `routing`, before these itineraries are deleted: bookings of theirs are bookings by themselves."""
    await change_rows(uow, Booking.itinerary_id, itineraries, itinerary_id=None)
