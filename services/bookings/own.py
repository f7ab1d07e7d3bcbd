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
from services.bookings.upkeep import UNSAID, place_of
from services.points.commands import change_use

TABLES = ("bookings",)


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    await account_for(uow, person_id, purpose)
    return {"bookings": await rows_of(uow, Booking.person_id, [person_id])}


async def erase(uow: Writing, person_id: UUID) -> None:
    """Gives back every place that is still to be, for a person who is locked; a visit that has begun without them is
    missed, one that they came to is over. The rows stay, as a point's work: the ledger of places is their sum, and they
    name nobody.

    What is kept because it was offered, `offers` gives back when the visit that it was offered for stands no more.
    """
    rows = await locked(uow, Booking.person_id, person_id)
    missed = [row for row in rows if row.status == BookingStatus.CONFIRMED and not _ahead(uow, row)]
    given_back = [row for row in rows if _open(row) and _ahead(uow, row)]
    came = [row for row in rows if row.status == BookingStatus.ARRIVED]
    for row in came:
        repository.set_status(uow, row, BookingStatus.COMPLETED)
    for row in missed:
        repository.set_status(uow, row, BookingStatus.MISSED)
    for row in given_back:
        held = row.status == BookingStatus.HELD
        repository.set_status(uow, row, BookingStatus.RELEASED if held else BookingStatus.CANCELLED)
    await uow.session.flush()
    for what, ended in {UNSAID: came, "visit_missed": missed, "booking_cancelled": given_back}.items():
        for row in ended:
            await record_change(uow, person_id, what, booking=row.id)
    await change_use(uow, [(place_of(row), -1) for row in given_back])


def _open(row: Booking) -> bool:
    return row.status == BookingStatus.CONFIRMED or (row.status == BookingStatus.HELD and row.offer_id is None)


def _ahead(uow: Writing, row: Booking) -> bool:
    return place_of(row).starts_at > uow.now


async def leave_itineraries(uow: Writing, itineraries: Collection[UUID]) -> None:
    """For `routing`, before these itineraries are deleted: bookings of theirs are bookings by themselves."""
    await change_rows(uow, Booking.itinerary_id, itineraries, itinerary_id=None)
