"""Books a whole itinerary: all places of all who go, or none; then one answer.

What the visits stand on is read first, every hard rule is held against it, and one `commit_changes` carries all of it
out. A place that somebody else was faster to take ends it with nothing changed, and with a new plan.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from app.db.changes import Changes
from app.db.unit_of_work import Deciding
from app.domain.audit.purpose import Purpose
from app.domain.bookings.booking import Booked
from app.domain.identity.caller import Caller
from app.domain.routing.standing import OfferStatus
from app.domain.routing.terms import Terms
from app.errors import NotFound
from app.ports import Travel
from services.bookings.ground import Wanted
from services.routing import repository
from services.routing.errors import OfferGone
from services.routing.itineraries_booking import Asking, Basket, Render
from services.routing.itineraries_standing import TERMS, home_of, terms_of
from services.routing.planning import Asked
from services.routing.planning_ground import Traveller, travellers_of, who_goes
from services.routing.planning_proposals import Proposal
from services.routing.repository import Standing


@dataclass(frozen=True, slots=True)
class Itinerary:
    """What was booked: its id, and the visits of everybody who goes, in the order of their beginning."""

    id: UUID
    visits: list[Booked]


async def book_itinerary(
    uow: Deciding,
    travel: Travel,
    caller: Caller,
    people: Sequence[UUID] | None,
    visits: Sequence[Asking],
    asked: Asked,
    render: Render,
) -> Itinerary:
    """Books what a plan proposed. It takes the place of the person's itinerary before, and takes along its visits."""
    going = await who_goes(uow, caller, people)
    standing = await _standing(uow, caller.person)
    itinerary_id = uuid4()
    basket = await Basket.of(uow, travel, going, visits, asked)
    changes, booked = basket.book(itinerary_id)
    if standing is not None:
        repository.replace_standing(changes, standing, uow.now)
    await _add(uow, changes, itinerary_id, caller.person, asked.terms, booked)
    await basket.leave(changes, render)
    return Itinerary(itinerary_id, booked)


async def accept_offer(uow: Deciding, travel: Travel, caller: Caller, offer_id: UUID, render: Render) -> Itinerary:
    """Moves and books all that was offered in one swap: old places are given back only with the new ones had.

    Twice is the same as once. OfferGone when it was withdrawn or declined, NotFound when it is none of the caller's.
    """
    standing = await _standing(uow, caller.person)
    offer = standing.offer if standing else None
    if standing is None or offer is None or offer.id != offer_id:
        return await _accepted_before(uow, caller, offer_id, standing)
    going = await who_goes(uow, caller, standing.people)
    proposal, terms = Proposal.from_json(offer.plan), await terms_of(uow, standing)
    travellers = await travellers_of(uow, uow.gather, going, itinerary_id=standing.id)
    visits = _offered(proposal, travellers)
    asked = Asked(await home_of(uow, travellers, standing.id), terms, replan=True)
    basket = await Basket.of(uow, travel, going, visits, asked)
    changes, booked = basket.book(standing.id)
    repository.decide_offer(changes, offer_id, OfferStatus.ACCEPTED, uow.now)
    await basket.leave(changes, render)
    return Itinerary(standing.id, booked)


def _offered(proposal: Proposal, travellers: Sequence[Traveller]) -> list[Asking]:
    """The visits of an offer. OfferGone if what it was made beside is no longer as it was."""
    found = {traveller.person: traveller for traveller in travellers}
    visits = []
    for visit in proposal.visits:
        for each in visit.going:
            booked = found[each.person].booked_for(visit.step) if each.person in found else None
            same = booked is not None and (booked.point_id, booked.place.starts_at) == (visit.point_id, each.starts_at)
            if (booked.id if booked else None) != each.booking_id or (visit.kept and not same):
                raise OfferGone
            visits.append(Asking(each.person, Wanted(visit.step, visit.service, visit.point_id, each.starts_at)))
    return visits


async def decline_offer(uow: Deciding, caller: Caller, offer_id: UUID) -> None:
    """Everything stays as it is, and the same is not offered again. Twice is the same as once."""
    standing = await _standing(uow, caller.person)
    offer = standing.offer if standing else None
    if offer is not None and offer.id == offer_id:
        changes = Changes(people={})
        repository.decide_offer(changes, offer_id, OfferStatus.DECLINED, uow.now)
        uow.leave(changes, _no_words)
        return
    await uow.driver.release()  # nobody holds a connection while asking for another
    before = await repository.offer_of(uow, caller.person, offer_id, Purpose.OWN_ACCESS)
    if before is None:
        raise NotFound
    if before.status != OfferStatus.DECLINED:
        raise OfferGone


async def _accepted_before(uow: Deciding, caller: Caller, offer_id: UUID, standing: Standing | None) -> Itinerary:
    await uow.driver.release()  # nobody holds a connection while asking for another
    before = await repository.offer_of(uow, caller.person, offer_id, Purpose.OWN_ACCESS)
    if before is None:
        raise NotFound
    if before.status != OfferStatus.ACCEPTED or standing is None or standing.id != before.itinerary_id:
        raise OfferGone
    going = await who_goes(uow, caller, standing.people)
    travellers = await travellers_of(uow, uow.gather, going, itinerary_id=standing.id)
    visits = [b for each in travellers for b in each.ground.own if b.live and b.itinerary_id == standing.id]
    return Itinerary(standing.id, sorted(visits, key=lambda b: b.place.starts_at))


async def _standing(uow: Deciding, person_id: UUID) -> Standing | None:
    part = await repository.standing_part(uow, person_id, Purpose.OWN_ACCESS)
    return (await uow.gather(part))[part]


async def _add(
    uow: Deciding, changes: Changes, itinerary_id: UUID, asker: UUID, terms: Terms, booked: Sequence[Booked]
) -> None:
    sealed = await uow.vault.seal(asker, TERMS, json.dumps(terms.as_json()).encode())
    completes_on = max((b.place.day for b in booked), default=None)
    links = [entry["person_id"] for entry in changes.entries]
    seen = {person: position + links.count(person) for person, position in changes.people.items()}
    repository.add(changes, uow, itinerary_id, asker, sealed, completes_on, seen)


async def _no_words(_constraint: str) -> None:
    return None
