"""Reads of plans and itineraries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from app.db.unit_of_work import Deciding, Reading, look
from app.domain.audit.purpose import Purpose
from app.domain.identity.caller import Caller
from app.domain.routing.itinerary import Obstructed
from app.domain.routing.keeping import Failed
from app.errors import NotFound
from app.models.points import Point
from app.ports import Travel
from services.bookings.families import family_of
from services.points.ledger import directory_with_offers
from services.routing import repository
from services.routing.itineraries_standing import Look, look_at, visits_of
from services.routing.planning import Asked, Planned, plan_journey
from services.routing.planning_ground import travellers_of, who_goes
from services.routing.planning_proposals import Proposal, failures_of, obstructed, proposals_of
from services.routing.repository import Offered, Standing


@dataclass(frozen=True, slots=True)
class Proposals:
    """What can be had, and the steps that have a place in none of it."""

    proposals: list[Proposal]
    unplaced: list[Obstructed]
    points: dict[UUID, Point]


async def plan_for(
    uow: Deciding, travel: Travel, caller: Caller, people: Sequence[UUID] | None, asked: Asked
) -> Proposals:
    """Up to three itineraries for the caller, or these of their family. Changes nothing."""
    going = await who_goes(uow, caller, people)
    travellers = await travellers_of(uow, uow.gather, going)
    await uow.driver.release()
    return proposals_in(uow, await plan_journey(uow, travel, travellers, asked))


def proposals_in(uow: Reading, planned: Planned) -> Proposals:
    return Proposals(
        proposals_of(uow, planned),
        obstructed(planned, planned.plan.unplaced),
        {point.id: point for point in planned.points},
    )


@dataclass(frozen=True, slots=True)
class Offer:
    id: UUID
    created_at: datetime
    why: list[Failed]
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Own:
    """The itinerary that stands, what became of its visits, and what is offered in its place, if anything is."""

    standing: Standing
    look: Look
    offer: Offer | None
    points: Mapping[UUID, Point]


async def own_itinerary(uow: Reading, travel: Travel, caller: Caller) -> Own:
    """NotFound when none stands."""
    part = await repository.standing_part(uow, caller.person, Purpose.OWN_ACCESS)
    standing = (await look(uow, part))[part]
    if standing is None:
        raise NotFound
    if standing.people != [caller.person]:
        await family_of(uow, caller)  # who has come of age meanwhile is left out
    going = [person for person in standing.people if person == caller.person or person in uow.acts_for]
    travellers = await travellers_of(uow, partial(look, uow), going, itinerary_id=standing.id)
    if not visits_of(travellers, standing.id):
        raise NotFound
    directory, _ = await directory_with_offers(uow)
    return Own(
        standing=standing,
        look=await look_at(uow, travel, travellers, standing),
        offer=_offer(standing.offer),
        points=directory.points,
    )


def _offer(stored: Offered | None) -> Offer | None:
    if stored is None:
        return None
    return Offer(stored.id, stored.created_at, failures_of(stored.why), Proposal.from_json(stored.plan))
