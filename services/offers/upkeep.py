"""What becomes of the waitlist and of offers without anybody's word, every second, by any number of workers.

Rows are the truth: each time it is looked anew which visits have no counter any more, which offers have run out, and
which entries are about a visit that no longer stands as it did.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from app.db.locks import take_turn
from app.db.unit_of_work import Writing
from app.domain.bookings.status import BookingStatus
from app.domain.offers.terms import Cause, EntryStatus, OfferStatus
from app.models.offers import WaitlistEntry
from services.bookings.offered import Standing, offers_kept, release_all, standing
from services.offers import repository
from services.offers.repository import Waiting
from services.points.stranded import beyond_plans


@dataclass(frozen=True, slots=True)
class Unserved:
    """An entry that waits and has no offer, and whose it is."""

    waiting: Waiting
    person_id: UUID

    @property
    def entry(self) -> WaitlistEntry:
        return self.waiting.entry

    @property
    def looked_at(self) -> tuple[UUID, Cause, int]:
        """The same until something is offered, or sought for another cause."""
        return self.entry.id, Cause(self.entry.cause), self.waiting.made


async def tidy(uow: Writing, no_service: Collection[UUID]) -> list[Unserved]:
    """Sees to entries and offers; gives those that wait and have no offer. Workers take turns.

    `no_service`: visits that `without_service` found, which changes with the directory only.
    """
    await take_turn(uow, "offers")
    stranded = {taken.booking_id for taken in await beyond_plans(uow)} | set(no_service)
    stands = await standing(uow, stranded)
    # A place that was offered and has lost its counter as well is not offered any more.
    lost = [booking_id for booking_id in stranded if stands[booking_id].status is BookingStatus.HELD]
    await _end_run_out(uow, lost)
    known = await repository.waiting(uow)
    if known or stranded:
        stands |= await standing(uow, [each.entry.booking_id for each in known])
        over = [each for each in known if _is_over(each, stands, stranded, uow)]
        await _end(uow, over)
        await _take_up(uow, stranded, stands, [each for each in known if each not in over])
    # Last of all: whoever accepts or leaves locks offers and entries, then bookings, then the ledger. Read before what
    # is open, so that nothing is taken for ended that was offered just now. With what somebody was deciding on when
    # their offer ended.
    kept = await offers_kept(uow)
    await release_all(uow, kept - set(await repository.open_offers(uow)) if kept else (), lost)
    left = [each for each in await repository.waiting(uow) if each.open_offer is None] if known or stranded else []
    stands |= await standing(uow, [each.entry.booking_id for each in left if each.entry.booking_id not in stands])
    return [Unserved(each, stands[each.entry.booking_id].person_id) for each in left]


async def _end(uow: Writing, entries: Collection[Waiting]) -> None:
    """Nothing is sought for these any more. An offer is locked before its entry, as whoever accepts it does."""
    await repository.end_offers(uow, [each.open_offer for each in entries if each.open_offer], OfferStatus.WITHDRAWN)
    await repository.end_entries(uow, [each.entry.id for each in entries])


async def _end_run_out(uow: Writing, lost: Collection[UUID]) -> None:
    """Ends offers whose time is over, of which nothing is kept any more but what is lost, or for an entry that does not
    wait.
    """
    made = await repository.open_offers(uow)
    kept = await offers_kept(uow, but=lost) if made else set()
    run_out = [
        offer_id
        for offer_id, offer in made.items()
        if offer_id not in kept or offer.expires_at <= uow.now or offer.entry_status is not EntryStatus.WAITING
    ]
    await repository.end_offers(uow, run_out, OfferStatus.EXPIRED)


def _is_over(each: Waiting, stands: Mapping[UUID, Standing], stranded: set[UUID], uow: Writing) -> bool:
    """Whether nothing is to be sought any more."""
    entry, visit = each.entry, stands.get(each.entry.booking_id)
    if visit is None or visit.status is not BookingStatus.CONFIRMED:
        return True
    if (visit.point_id, visit.starts_at) != (entry.point_id, entry.starts_at):
        return True
    if each.open_offer is None and each.made >= uow.region.offers.most:
        return True
    begun = visit.starts_at <= uow.now
    return not begun and entry.booking_id not in stranded if entry.cause == Cause.CLOSED else begun


async def _take_up(
    uow: Writing, stranded: Iterable[UUID], stands: Mapping[UUID, Standing], known: Iterable[Waiting]
) -> None:
    """Another place is sought for every visit that has lost its counter, unless its person let all offers pass.

    What was sought for it for another cause is over, and what was offered: those offers say nothing of the closure, and
    do not count among those for it. Who asked first keeps that.
    """
    known = [*known]
    waits = {each.entry.booking_id for each in known if each.entry.cause == Cause.CLOSED}
    new: dict[UUID, tuple[UUID, UUID, datetime]] = {
        booking_id: (booking_id, visit.point_id, visit.starts_at)
        for booking_id in stranded
        if booking_id not in waits and (visit := stands[booking_id]).status is BookingStatus.CONFIRMED
    }
    if not new:
        return
    given_up = await repository.given_up(uow, Cause.CLOSED, new.values(), uow.region.offers.most)
    wanted = sorted(place for place in new.values() if place not in given_up)
    before = {each.entry.booking_id: each for each in known}
    await _end(uow, [before[booking_id] for booking_id, _, _ in wanted if booking_id in before])
    rows = [
        repository.entry_row(
            uuid4(),
            booking_id,
            stands[booking_id].service,
            Cause.CLOSED,
            (point_id, starts_at),
            before[booking_id].entry.asked_at if booking_id in before else uow.now,
        )
        for booking_id, point_id, starts_at in wanted
    ]
    await repository.add(uow, rows)
