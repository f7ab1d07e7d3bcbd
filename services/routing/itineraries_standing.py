"""The itinerary that stands: what of it is still good, and what it counts on."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.db.unit_of_work import Reading, Writing
from app.domain.bookings.booking import Booked
from app.domain.pathways.events import EventKind
from app.domain.points.geo import Coordinates, distance_km
from app.domain.routing.keeping import Failed, failed, kept_visits
from app.domain.routing.terms import Terms
from app.ports import Travel
from services.points.queries import point
from services.routing.itineraries_wanted import journey_to_check
from services.routing.planning import Asked, work_for
from services.routing.planning_ground import Traveller
from services.routing.planning_proposals import Counted, counted_on
from services.routing.repository import Standing

TERMS = "itineraries.terms"


@dataclass(frozen=True, slots=True)
class Look:
    """What an itinerary is found to be: `visits` are all that were booked under it, whatever became of them."""

    visits: list[Booked]
    failed: list[Failed]
    assumes: list[Counted]
    asked: Asked

    @property
    def good(self) -> frozenset[UUID]:
        """The visits that can be made as they are booked."""
        broken = {each.booking_id for each in self.failed}
        return frozenset(booked.id for booked in self.visits if booked.live and booked.id not in broken)


async def look_at(uow: Reading, travel: Travel, travellers: Sequence[Traveller], standing: Standing) -> Look:
    """Holds what is booked against the rules and against what happened since."""
    asked = Asked(await home_of(uow, travellers, standing.id), await terms_of(uow, standing))
    work = work_for(uow, travellers, asked.terms, lambda _: False)
    journey, _ = await journey_to_check(uow, travel, work, asked)
    outcomes: dict[tuple[UUID, str], EventKind] = {
        (each.person, step.code): step.outcome
        for each in travellers
        for step in each.member.pathway.steps
        if step.outcome is not None
    }
    visits = sorted(visits_of(travellers, standing.id), key=lambda b: (b.place.starts_at, b.id))
    days = {visit.code: visit.day for visit in kept_visits(work, journey)}
    assumes = counted_on(uow, work, days, journey.first, journey.last)
    return Look(visits, failed(work, journey, visits, outcomes), assumes, asked)


async def home_of(uow: Reading, travellers: Sequence[Traveller], itinerary_id: UUID) -> Coordinates:
    """Where plans begin that nobody is there to say a home for: at the point of theirs nearest to all the others.

    Where people live is not kept.
    """
    ids = sorted({booked.point_id for booked in visits_of(travellers, itinerary_id)})
    if not ids:
        raise LookupError("an itinerary has visits")
    places = [(found.lat, found.lon) for found in [await point(uow, point_id) for point_id in ids]]
    return min(places, key=lambda place: sum(distance_km(place, other) for other in places))


def visits_of(travellers: Sequence[Traveller], itinerary_id: UUID) -> list[Booked]:
    return [b for each in travellers for b in each.ground.own if b.itinerary_id == itinerary_id]


async def terms_of(uow: Reading, standing: Standing) -> Terms:
    """How they wanted to go. ErasedError when the person's key is gone."""
    return Terms.from_json(json.loads(await uow.vault.open(standing.person_id, TERMS, standing.terms_sealed)))


async def reseal_terms(uow: Writing, from_person: UUID, to_person: UUID, sealed: bytes) -> bytes:
    """The same, sealed for another who turned out to be the same person."""
    return await uow.vault.seal(to_person, TERMS, await uow.vault.open(from_person, TERMS, sealed))
