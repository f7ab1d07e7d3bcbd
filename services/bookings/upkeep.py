"""What becomes of bookings without their person's doing: by the worker and by the staff of their point."""

from collections.abc import Sequence
from uuid import UUID

from app.db.locks import lock_person
from app.db.unit_of_work import Writing
from app.domain.audit.purpose import Purpose
from app.domain.bookings.status import BookingStatus
from app.domain.points.places import Place
from app.models.bookings import Booking
from services.audit.commands import record_change
from services.bookings import repository
from services.points.commands import change_use

UNSAID = "visit_unsaid"
"""In the log: somebody was there, and nobody has said how it went."""


async def expire_holds(uow: Writing, *, limit: int = 200) -> int:
    """Gives back what nobody confirmed in time; returns how many. Any number of workers may call it."""
    expired = await repository.claim_expired(uow, limit)
    for booking in expired:
        repository.set_status(uow, booking, BookingStatus.EXPIRED)
    await uow.session.flush()
    await change_use(uow, [(place_of(booking), -1) for booking in expired])
    return len(expired)


async def end_missed(uow: Writing, *, limit: int = 200) -> int:
    """Ends visits whose local day is over and to which nobody came, so that the step can be booked again.

    Some points never close: who had the last time of a day may be as late as anybody else.
    """
    over = uow.now - uow.region.queue.late
    due = await repository.of_past_days(uow, BookingStatus.CONFIRMED, over, limit)
    return await _end(uow, due, BookingStatus.CONFIRMED, BookingStatus.MISSED, "visit_missed")


async def end_unsaid(uow: Writing, *, limit: int = 200) -> int:
    """Ends visits of which no clerk has said for days how they went, so that the step can be booked again.

    The visitor came, so they have missed nothing; whether the step is done, nobody knows: the pathway stays as it is.
    """
    over = uow.now - uow.region.visits.said_within
    due = await repository.of_past_days(uow, BookingStatus.ARRIVED, over, limit)
    return await _end(uow, due, BookingStatus.ARRIVED, BookingStatus.COMPLETED, UNSAID)


async def _end(
    uow: Writing, due: Sequence[tuple[UUID, UUID]], before: BookingStatus, after: BookingStatus, what: str
) -> int:
    """Of these bookings and their persons."""
    ended = 0
    for booking_id, person_id in due:
        await lock_person(uow, person_id, gone_too=True)
        booking = await repository.still(uow, booking_id, before)
        if booking is not None:
            repository.set_status(uow, booking, after)
            await uow.session.flush()
            await record_change(uow, person_id, what, booking=booking_id)
            ended += 1
    return ended


async def miss(uow: Writing, booking: Booking) -> None:
    """Nobody came. Its place stays taken: that time is over."""
    repository.set_status(uow, booking, BookingStatus.MISSED)
    await uow.session.flush()


async def reopen(uow: Writing, booking: Booking, status: BookingStatus) -> None:
    """The last word about the visit is taken back. For `visits`, which has seen to it that nothing is in the way."""
    repository.set_status(uow, booking, status)
    await uow.session.flush()


async def arrive(uow: Writing, booking: Booking) -> None:
    """The visitor is at the point. For `visits`, which has checked whose booking it is, where and when."""
    repository.set_status(uow, booking, BookingStatus.ARRIVED)
    await uow.session.flush()


async def complete(uow: Writing, booking: Booking) -> None:
    """The visit is over. Its place stays taken: the counter was used."""
    repository.set_status(uow, booking, BookingStatus.COMPLETED)
    await uow.session.flush()


async def move_bookings(uow: Writing, from_person: UUID, to_person: UUID) -> bool:
    """For a merge, which holds both persons' locks. False, and nothing is moved, when one would be in two places or
    have a step booked twice.
    """
    if await repository.clash(uow, from_person, to_person, Purpose.IDENTITY_CHECK):
        return False
    await repository.move(uow, from_person, to_person)
    return True


def place_of(booking: Booking) -> Place:
    """The ledger's place that a booking uses."""
    starts_at = booking.during.lower
    if starts_at is None:
        raise ValueError("a booking has a beginning")
    return Place(booking.pool_id, booking.day, booking.first_tick, booking.ticks, starts_at)
