"""What is offered to a person, and for what they wait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.bookings.booking import Booked
from app.domain.bookings.status import BookingStatus
from app.domain.offers.terms import Cause, EntryStatus
from app.domain.points.geo import Coordinates
from app.models.offers import WaitlistEntry
from app.models.points import Point
from app.ports import Travel
from services.bookings.offered import offered, offers_kept, standing, visits_ahead
from services.offers import repository
from services.points.stranded import beyond_plans, without_service

_PATIENCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Offered:
    """An entry of a booking, and what is kept for it: nothing while nothing was found."""

    entry: WaitlistEntry
    booking: Booked
    offer_id: UUID | None
    expires_at: datetime | None
    kept: Sequence[Booked]


@dataclass(frozen=True, slots=True)
class Ways:
    """Minutes to the places that are kept, by hold: from the point that is booked, and from where the person is."""

    from_booked: Mapping[UUID, int]
    from_home: Mapping[UUID, int]


async def ways_to(travel: Travel, offered: Offered, points: Mapping[UUID, Point], home: Coordinates | None) -> Ways:
    """Nothing of where the person is, is kept."""
    if not offered.kept:
        return Ways({}, {})
    booked = points[offered.booking.point_id]
    ends = [(points[kept.point_id].lat, points[kept.point_id].lon) for kept in offered.kept]
    starts = [(booked.lat, booked.lon), *([home] if home else [])]
    rows = await travel.table(starts, ends)
    minutes = [dict(zip((kept.id for kept in offered.kept), row, strict=True)) for row in rows]
    return Ways(minutes[0], minutes[1] if home else {})


async def own_offers(uow: Reading, person_id: UUID) -> list[Offered]:
    """All that is sought for the person, in the order of their visits."""
    visits = {visit.id: visit for visit in await visits_ahead(uow, person_id)}
    waiting = await repository.waiting(uow, [*visits])
    kept = await offered(uow, person_id, [each.open_offer for each in waiting if each.open_offer])
    found = [
        Offered(
            entry=each.entry,
            booking=visits[each.entry.booking_id],
            offer_id=each.open_offer,
            expires_at=each.expires_at,
            kept=[place for place in kept if place.offer_id == each.open_offer and place.holds_at(uow.now)],
        )
        for each in waiting
    ]
    return sorted(found, key=lambda each: each.booking.place.starts_at)


async def offer_to_tell(uow: Reading, person_id: UUID, booking_id: UUID, offer_id: UUID | None) -> Offered | None:
    """What is offered for a visit, or without an offer that nothing was found yet; None if it is not so any more."""
    for each in await own_offers(uow, person_id):
        if each.booking.id == booking_id and each.offer_id == offer_id and (offer_id is None or each.kept):
            return each
    return None


async def faults(uow: Reading) -> list[str]:
    """Where offers and what is kept for them differ, in words; empty when they do not."""
    kept, made = await offers_kept(uow), await repository.open_offers(uow)
    late = uow.now - _PATIENCE  # a worker sees to it every second
    found = [f"offer {offer_id}: places are kept for it, and it is not open" for offer_id in kept - set(made)]
    for offer_id, offer in made.items():
        if offer_id not in kept and offer.created_at < late:
            found.append(f"offer {offer_id}: it is open, and no place is kept for it")
        if offer.entry_status is not EntryStatus.WAITING and offer.created_at < late:
            found.append(f"offer {offer_id}: it is open, and its entry is {offer.entry_status}")
    stranded = {taken.booking_id for taken in await beyond_plans(uow)} | set(await without_service(uow))
    stands = await standing(uow, stranded) if stranded else {}
    lost = {b: (b, v.point_id, v.starts_at) for b, v in stands.items() if v.status is BookingStatus.CONFIRMED}
    sought = {each.entry.booking_id for each in await repository.waiting(uow, lost)} if lost else set()
    passed = await repository.given_up(uow, Cause.CLOSED, lost.values(), uow.region.offers.most) if lost else set()
    alone = [b for b, place in lost.items() if b not in sought and place not in passed]
    return found + [f"booking {b}: it has no counter any more, and no other place is sought for it" for b in alone]
