"""The itinerary that stands: what of it is still good, and what the rest could become."""

from collections.abc import Sequence
from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.bookings.booking import Booked
from app.domain.pathways.events import EventKind
from app.domain.points.geo import Coordinates, distance_km
from app.domain.routing.keeping import Failed, failed
from services.points.queries import point
from services.routing.planning import Planned
from services.routing.planning_ground import Traveller


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
    """All that were booked under it, whatever became of them."""
    return [b for each in travellers for b in each.ground.own if b.itinerary_id == itinerary_id]


def failed_in(planned: Planned, itinerary_id: UUID) -> list[Failed]:
    """What no longer holds. The plan is one in which nothing moves that is booked."""
    outcomes: dict[tuple[UUID, str], EventKind] = {
        (each.person, step.code): step.outcome
        for each in planned.travellers
        for step in each.member.pathway.steps
        if step.outcome is not None
    }
    return failed(planned.work, planned.journey, visits_of(planned.travellers, itinerary_id), outcomes)
