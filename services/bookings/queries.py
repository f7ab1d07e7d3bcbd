"""Reads of bookings."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.bookings.booking import Booked
from app.domain.bookings.status import BookingStatus
from app.errors import NotFound
from app.models.bookings import Booking
from services.bookings import repository
from services.points.stranded import Visit, to_be_moved_among


async def own_bookings(
    uow: Reading, person_id: UUID, *, before: tuple[datetime, UUID] | None, limit: int
) -> list[Booked]:
    """Newest first; `before` is the (created_at, id) that the page before ended with."""
    return await repository.of_person(uow, person_id, Purpose.OWN_ACCESS, before, limit)


async def visits_of(uow: Reading, person_id: UUID, purpose: Purpose, limit: int) -> list[Booked]:
    """The same for who is not the person: the newest, for a purpose that is named and logged."""
    return await repository.of_person(uow, person_id, purpose, None, limit)


async def own_booking(uow: Reading, person_id: UUID, booking_id: UUID) -> Booked:
    """NotFound also when it is somebody else's."""
    booking = await repository.own(uow, person_id, booking_id, Purpose.OWN_ACCESS)
    if booking is None:
        raise NotFound
    return booking


async def to_be_moved(uow: Reading, bookings: Iterable[Booked]) -> set[UUID]:
    """Which of these have lost their counter or their service: they keep their place until they are moved."""
    ahead = [b for b in bookings if b.status is BookingStatus.CONFIRMED and b.place.starts_at > uow.now]
    return await to_be_moved_among(
        uow, [Visit(b.id, b.point_id, b.service, b.place.pool_id, b.place.day) for b in ahead]
    )


async def booking_at(uow: Writing, booking_id: UUID, point_id: UUID, purpose: Purpose) -> Booking | None:
    """For the point's staff: a booking there, locked after its person; None if it is none of theirs."""
    return await repository.at_point_by_id(uow, booking_id, point_id, purpose)


async def bookings_at(
    uow: Writing, point_id: UUID, day: date, purpose: Purpose, *, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Booking]:
    """The day's visits at a point, earliest first; `after` is the (beginning, id) that the page before ended with."""
    return await repository.at_point(uow, point_id, day, purpose, after, limit)


async def bookings_of_visitor(
    uow: Writing, person_id: UUID, point_id: UUID, days: Collection[date], purpose: Purpose
) -> Sequence[Booking]:
    """For the point's staff: a visitor's visits there that are still to be, under way or missed, earliest first."""
    return await repository.at_point_of_person(uow, person_id, point_id, days, purpose)


async def expected_starts(
    uow: Reading, point_id: UUID, services: Collection[str], after: datetime, before: datetime
) -> Sequence[datetime]:
    """When visits for these services begin at the point between two instants to which nobody has come yet, in order.
    Whose they are is not read.
    """
    return [
        begins for begins, service in await repository.expected(uow, point_id, after, before) if service in services
    ]


async def expected_visits(
    uow: Reading, point_id: UUID, after: datetime, before: datetime
) -> Sequence[tuple[datetime, str]]:
    """Beginning and service of all of them, in order."""
    return await repository.expected(uow, point_id, after, before)


async def booked_otherwise(uow: Writing, booking: Booking, purpose: Purpose) -> bool:
    """Whether the person has another visit for the step or at that time, so that this one cannot be live again."""
    return await repository.in_the_way(uow, booking, purpose)


async def ledger_faults(uow: Reading) -> list[str]:
    """Where the capacity ledger is not the sum of the bookings, in words; empty when it is."""
    return [
        f"pool {pool_id}, {day}: the ledger counts {used} ticks where bookings take {taken}"
        for pool_id, day, used, taken in await repository.ledger_faults(uow)
    ]
