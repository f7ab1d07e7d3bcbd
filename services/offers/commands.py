"""A person's word about what is offered to them."""

from uuid import UUID

from app.db.changes import Changes
from app.db.driver import Changed
from app.db.unit_of_work import Deciding
from app.domain.bookings.booking import Booked
from app.domain.bookings.status import BookingStatus
from app.domain.offers.terms import Cause, EntryStatus, OfferStatus
from app.errors import AppError, NotFound
from services.audit.commands import change_entry
from services.bookings.ground import Ground, ground_parts, nowhere_else
from services.bookings.offered import offered_part, release, swap
from services.offers import repository
from services.offers.errors import PlaceNoLongerOffered
from services.offers.repository import Asked
from services.points.queries import directory_version


async def accept(uow: Deciding, person_id: UUID, offer_id: UUID, choice_id: UUID) -> Booked:
    """The booking moves to the place that was kept: it is had before the old one is given back. Twice is the same as
    once.

    PlaceNoLongerOffered when its time is over; ElsewhereThen when the person has booked something else for then.
    """
    offer, ground, booking, kept = await _offered(uow, person_id, offer_id)
    if offer.status is OfferStatus.ACCEPTED:
        return booking
    chosen = next((each for each in kept if each.id == choice_id), None)
    if chosen is None:
        raise NotFound
    begun = booking.place.starts_at <= uow.now and offer.cause is not Cause.CLOSED
    if (
        booking.status is not BookingStatus.CONFIRMED
        or begun
        or not _stands(uow, offer)
        or not chosen.holds_at(uow.now)
    ):
        raise PlaceNoLongerOffered
    nowhere_else(chosen.place, [other for other in ground.own if other.id != booking.id])
    changes = Changes(people={person_id: ground.position})
    moved = swap(uow, changes, booking, chosen, offer_id)
    _release_others(uow, changes, kept, chosen)
    changes.decide("offers", offer_id, OfferStatus.OPEN, OfferStatus.ACCEPTED, uow.now)
    changes.decide("waitlist", offer.entry_id, EntryStatus.WAITING, EntryStatus.SERVED, uow.now)
    uow.leave(changes, _explain)
    return moved


async def decline(uow: Deciding, person_id: UUID, offer_id: UUID) -> Booked:
    """The places go to whoever is next; the person waits on, and is not offered these again. Twice is once. The booking
    stays as it is.
    """
    offer, ground, booking, kept = await _offered(uow, person_id, offer_id)
    if offer.status is OfferStatus.DECLINED:
        return booking
    if offer.status is not OfferStatus.OPEN:
        raise PlaceNoLongerOffered
    changes = Changes(people={person_id: ground.position})
    _release_others(uow, changes, kept, None)
    changes.decide("offers", offer_id, OfferStatus.OPEN, OfferStatus.DECLINED, uow.now)
    changes.entries.append(change_entry(uow, person_id, "offer_declined", booking=booking.id, offer=offer_id))
    uow.leave(changes, _explain)
    return booking


async def _offered(uow: Deciding, person_id: UUID, offer_id: UUID) -> tuple[Asked, Ground, Booked, list[Booked]]:
    """The offer, what a decision of its person stands on, the booking it is about, and what is kept. NotFound for
    another's.
    """
    asked = repository.offer_part(offer_id)
    position, own = await ground_parts(uow, person_id)
    places, directory = await offered_part(uow, person_id, offer_id), directory_version(uow)
    found = await uow.gather(asked, position, own, places, directory)
    _ = found[directory]
    offer = found[asked]
    ground = Ground(person_id, found[position], found[own])
    if offer is None:
        raise NotFound
    return offer, ground, ground.find(offer.booking_id), found[places]


def _stands(uow: Deciding, offer: Asked) -> bool:
    waits = offer.entry_status is EntryStatus.WAITING
    return offer.status is OfferStatus.OPEN and waits and uow.now < offer.expires_at


def _release_others(uow: Deciding, changes: Changes, kept: list[Booked], chosen: Booked | None) -> None:
    for each in kept:
        if each is not chosen and each.status is BookingStatus.HELD:
            release(uow, changes, each)


async def _explain(constraint: str) -> AppError | None:
    """Another phone, or a worker, was faster: look again."""
    raise Changed from LookupError(constraint)
