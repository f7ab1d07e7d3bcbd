"""A person asks for an earlier time for a visit of theirs, and asks no more."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from app.db.changes import Changes
from app.db.driver import Changed
from app.db.unit_of_work import Deciding, Reading
from app.domain.audit.purpose import Purpose
from app.domain.bookings.booking import Booked
from app.domain.bookings.status import BookingStatus
from app.domain.offers.bounds import Bounds, bounds_of
from app.domain.offers.terms import Cause, EntryStatus, OfferStatus
from app.domain.points.geo import Coordinates
from app.errors import AppError, NotFound
from services.audit.commands import change_entry
from services.bookings.errors import NotMovable
from services.bookings.ground import Ground, ground_parts
from services.bookings.offered import live_part, release
from services.offers import repository
from services.offers.errors import NothingEarlier
from services.pathways.errors import ProfileIncomplete
from services.pathways.queries import events_part, pathway_from
from services.points.directory import Directory
from services.points.ledger import directory_with_offers
from services.profiles.queries import facts_part


@dataclass(frozen=True, slots=True)
class Wish:
    """Within which bounds: from when to when (excluded), and where: at these points, or at the nearest to a place,
    which is not kept. Where nothing is said, at any point that is not too far from the one that is booked.
    """

    earliest: datetime | None = None
    latest: datetime | None = None
    points: Collection[UUID] | None = None
    near: Coordinates | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands in line: their entry, and the booking that it is for."""

    entry_id: UUID
    booking_id: UUID


async def ask(uow: Deciding, person_id: UUID, booking_id: UUID, wish: Wish) -> Place:
    """Puts the booking on the waitlist. Asked again, with other bounds, it is asked for anew.

    A visit that has to be moved is sought a place for in any case, and stays with what is sought for it.
    """
    ground, entry, bounds = await _ground(uow, person_id, booking_id)
    booking = ground.find(booking_id)
    if booking.status is not BookingStatus.CONFIRMED or booking.place.starts_at <= uow.now:
        raise NotMovable
    if entry is not None and entry.cause is not Cause.ASKED:
        return Place(entry.id, booking_id)
    directory, offers = await directory_with_offers(uow)
    points = _points(uow, directory, booking, wish)
    giving = offers.get(booking.service, {})
    if (points is not None and not any(point in giving for point in points)) or not _possible(uow, booking, wish):
        raise NothingEarlier
    changes = Changes(people={person_id: ground.position})
    if entry is not None:
        await _end(uow, changes, person_id, entry)
    place = Place(uuid4(), booking_id)
    changes.inserted["waitlist"] = [
        repository.entry_row(
            place.entry_id,
            booking_id,
            booking.service,
            Cause.ASKED,
            (booking.point_id, booking.place.starts_at),
            uow.now,
            points=points,
            earliest=wish.earliest,
            latest=wish.latest,
            deadline=bounds.needed_by,
        )
    ]
    changes.entries.append(change_entry(uow, person_id, "earlier_time_asked", booking=booking_id))
    uow.leave(changes, _look_again)
    return place


async def leave(uow: Deciding, person_id: UUID, booking_id: UUID) -> None:
    """Nothing earlier is sought for the booking any more; what is offered goes to whoever is next. Twice is once."""
    ground, entry, _ = await _ground(uow, person_id, booking_id)
    ground.find(booking_id)
    if entry is None:
        return
    if entry.cause is not Cause.ASKED:
        raise NotFound
    changes = Changes(people={person_id: ground.position})
    await _end(uow, changes, person_id, entry)
    changes.entries.append(change_entry(uow, person_id, "earlier_time_not_asked", booking=booking_id))
    uow.leave(changes, _look_again)


async def _ground(
    uow: Deciding, person_id: UUID, booking_id: UUID
) -> tuple[Ground, repository.OwnEntry | None, Bounds]:
    position, own = await ground_parts(uow, person_id)
    facts = await facts_part(uow, person_id, Purpose.OWN_ACCESS)
    events = await events_part(uow, person_id, Purpose.OWN_ACCESS)
    entries = repository.entries_part([booking_id])
    found = await uow.gather(position, own, facts, events, entries)
    ground = Ground(person_id, found[position], found[own])
    booking = ground.find(booking_id)
    try:
        pathway = pathway_from(uow, found[facts], found[events])
    except ProfileIncomplete:
        bounds = Bounds()
    else:
        visits = [visit for visit in ground.own if visit.live]
        today, calendar = uow.region.day_of(uow.now), uow.region.book.calendar
        bounds = bounds_of(pathway, visits, booking, today, uow.region.calendar_days, calendar)
    return ground, next(iter(found[entries]), None), bounds


async def _end(uow: Deciding, changes: Changes, person_id: UUID, entry: repository.OwnEntry) -> None:
    """The entry is over, and what is offered because of it with it."""
    changes.decide("waitlist", entry.id, EntryStatus.WAITING, EntryStatus.ENDED, uow.now)
    if entry.open_offer is not None:
        kept = await live_part(uow, [person_id])
        changes.decide("offers", entry.open_offer, OfferStatus.OPEN, OfferStatus.WITHDRAWN, uow.now)
        for each in (await uow.gather(kept))[kept]:
            if each.status is BookingStatus.HELD and each.offer_id == entry.open_offer:
                release(uow, changes, each)


def _points(uow: Reading, directory: Directory, booking: Booked, wish: Wish) -> Collection[UUID] | None:
    if wish.near is not None:
        return directory.nearest(booking.service, wish.near, uow.region.offers.nearest)
    return wish.points


def _possible(uow: Reading, booking: Booked, wish: Wish) -> bool:
    soonest = max(uow.now, wish.earliest or uow.now)
    return soonest < min(booking.place.starts_at, wish.latest or booking.place.starts_at)


async def _look_again(constraint: str) -> AppError | None:
    raise Changed from LookupError(constraint)
