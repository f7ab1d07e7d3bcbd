"""Who is to be told that something is offered to them, or that nothing was found yet."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from app.db.unit_of_work import Writing
from services.bookings.offered import standing
from services.offers import repository
from services.outbox.commands import Payload, emit

OFFER_NEWS = "offers.news"
_PATIENCE = timedelta(hours=2)
_AT_ONCE = 500


async def tell(uow: Writing, unserved: Collection[UUID]) -> int:
    """Queues an event for every new offer, and one for each of these entries for which nothing was found, once. Any
    number of workers may call it.
    """
    news: list[tuple[UUID, UUID | None]] = [
        (booking_id, offer_id) for offer_id, booking_id in await repository.untold_offers(uow, _AT_ONCE)
    ]
    news += [(booking_id, None) for booking_id in await repository.tell_none_found(uow, unserved)]
    stands = await standing(uow, {booking_id for booking_id, _ in news}) if news else {}
    payloads: list[Payload] = [
        {
            "person": str(stands[booking_id].person_id),
            "booking": str(booking_id),
            "offer": offer_id and str(offer_id),
            "at": uow.now.isoformat(),
        }
        for booking_id, offer_id in news
    ]
    await emit(uow, OFFER_NEWS, *payloads, expires_at=uow.now + _PATIENCE)
    return len(news)
