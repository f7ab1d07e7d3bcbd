"""Places that are kept for somebody because they are offered to them. For `offers`, which decides whom and which.

Such a place is a hold beside the person's own ones: no limit counts it, and nobody confirms it but by the offer.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from app.db.changes import Changes
from app.db.gather import Part
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.bookings.booking import Booked
from app.domain.bookings.status import BookingStatus
from app.domain.points.places import Place
from services.audit.commands import change_entry
from services.bookings import repository
from services.bookings.upkeep import place_of
from services.points.commands import change_use

_PURPOSE = Purpose.OWN_ACCESS
"""Whatever is read here is read for the person alone, whoever starts it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a booking stands, and whose it is."""

    booking_id: UUID
    person_id: UUID
    service: str
    status: BookingStatus
    point_id: UUID
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Awaited:
    """A visit to which nobody has come yet; whose it is, is not read."""

    booking_id: UUID
    service: str
    starts_at: datetime


def keep(
    uow: Reading, changes: Changes, of: Booked, point_id: UUID, place: Place, until: datetime, offer_id: UUID
) -> Booked:
    """Adds to `changes` that a place is kept for the person of a booking, which stays what it is."""
    kept = replace(
        of,
        id=uuid4(),
        point_id=point_id,
        place=place,
        status=BookingStatus.HELD,
        held_until=until,
        created_at=uow.now,
        changed_at=uow.now,
        version=1,
        moved_at=(),
        group_id=None,
        itinerary_id=None,
        offer_id=offer_id,
    )
    repository.take(changes, place)
    repository.add(changes, kept)
    return kept


def swap(uow: Reading, changes: Changes, booking: Booked, chosen: Booked, offer_id: UUID) -> Booked:
    """Adds to `changes` that the booking stands where the hold kept a place. Its old place is given back for it; it
    does not count as one of the person's own moves.
    """
    moved = replace(booking, point_id=chosen.point_id, place=chosen.place, changed_at=uow.now)
    repository.put(changes, moved)
    repository.put(changes, chosen.ended(BookingStatus.RELEASED, uow.now))
    repository.give_back(changes, booking.place)
    entry = change_entry(uow, booking.person_id, "booking_moved", booking=booking.id, offer=offer_id)
    changes.entries.append(entry)
    return moved


def release(uow: Reading, changes: Changes, kept: Booked) -> None:
    """Adds to `changes` that the place is no longer kept."""
    repository.put(changes, kept.ended(BookingStatus.RELEASED, uow.now))
    repository.give_back(changes, kept.place)


async def release_all(uow: Writing, offer_ids: Collection[UUID], booking_ids: Collection[UUID] = ()) -> int:
    """Gives back what is kept because of these offers, or is one of these; returns how many. Any number of workers
    may call it: what somebody is deciding on right now is left, and found again.
    """
    if not offer_ids and not booking_ids:
        return 0
    kept = await repository.locked_offered(uow, offer_ids, booking_ids)
    for booking in kept:
        repository.set_status(uow, booking, BookingStatus.RELEASED)
    await uow.session.flush()
    await change_use(uow, [(place_of(booking), -1) for booking in kept])
    return len(kept)


async def live_part(uow: Reading, people: Collection[UUID]) -> Part[list[Booked]]:
    """The visits of many that are still to be or under way, and what is kept for them because it is offered: to be
    read along with other parts.
    """
    return await repository.live_part(uow, people, _PURPOSE)


async def offered_part(uow: Reading, person_id: UUID, offer_id: UUID) -> Part[list[Booked]]:
    """What is or was kept for the person because of an offer, to be read along with other parts."""
    return await repository.offered_part(uow, person_id, offer_id, _PURPOSE)


async def offered(uow: Reading, person_id: UUID, offer_ids: Collection[UUID]) -> list[Booked]:
    """What is kept for the person because of these offers, in the order of beginnings."""
    return await repository.offered(uow, person_id, offer_ids, _PURPOSE)


async def awaited(uow: Reading, point_id: UUID, after: datetime, before: datetime) -> list[Awaited]:
    """Visits at the point between two instants to which nobody has come yet, in order."""
    return [Awaited(*row) for row in await repository.awaited(uow, point_id, after, before)]


async def offers_kept(uow: Reading, but: Collection[UUID] = ()) -> set[UUID]:
    """Offers because of which a place is kept, other than these holds."""
    return set(await repository.offers_kept(uow, but))


async def visits_ahead(uow: Reading, person_id: UUID) -> list[Booked]:
    """The person's visits to which they have not come yet, in the order of their beginnings."""
    return await repository.confirmed(uow, person_id, _PURPOSE)


async def passed_by(uow: Reading, offer_ids: Collection[UUID]) -> list[tuple[UUID, UUID, datetime]]:
    """Offer, point and beginning of every place that was kept because of these offers."""
    return await repository.passed_by(uow, offer_ids)


async def standing(uow: Reading, booking_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """Where these bookings stand. For the worker: nobody is shown it."""
    if not booking_ids:
        return {}
    return {
        booking_id: Standing(booking_id, person_id, service, BookingStatus(status), point_id, starts_at)
        for booking_id, person_id, service, status, point_id, starts_at in await repository.standing(uow, booking_ids)
    }
