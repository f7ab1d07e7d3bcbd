"""Plans of whole pathways, and itineraries: booked together, kept good."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, status

from app.db.unit_of_work import Reading
from app.domain.routing.terms import Terms, free_hours
from app.errors import NotFound
from routers.bookings.endpoints import TAKING
from routers.bookings.schemas import booking_out
from routers.deps import DecidingUow, Migrant, ReadingUow, Run
from routers.idempotency import KeepingRoute
from routers.language import language_of, reading_of
from routers.problems import problems
from routers.routing.itineraries_out import Words, assumed_out, failed_out, plan_out, proposal_out, visits_out
from routers.routing.itineraries_schemas import (
    ItineraryIn,
    ItineraryOut,
    OfferOut,
    PlanIn,
    PlanOut,
    StandingOut,
    StandingVisitOut,
    VisitIn,
)
from services.bookings.errors import NotMovable
from services.bookings.ground import Wanted
from services.pathways.errors import ProfileIncomplete
from services.points.queries import point
from services.routing import itineraries as commands
from services.routing import itineraries_queries as queries
from services.routing.errors import ItineraryBreaks, ItineraryTaken, OfferGone, TooMuchToPlan
from services.routing.itineraries_booking import Asking, Render
from services.routing.itineraries_queries import Own
from services.routing.planning import Asked, Planned

router = APIRouter(prefix="/v1", tags=["itineraries"], route_class=KeepingRoute)

PLANNING = (NotFound, ProfileIncomplete, TooMuchToPlan)
BOOKING = (*TAKING, NotFound, NotMovable, TooMuchToPlan, ItineraryTaken, ItineraryBreaks)


@router.post("/itineraries/plan", responses=problems(*PLANNING))
async def plan_itinerary(body: PlanIn, request: Request, run: Run, uow: DecidingUow, caller: Migrant) -> PlanOut:
    """Everything that the caller's pathway still asks for, planned at once: up to three itineraries, the best first.

    Nothing is changed, and nothing kept. Best is what misses the fewest deadlines, then is the fewest days late, then
    done the soonest, then takes the fewest days out, then the least travel.
    """
    found = await queries.plan_for(uow, run.travel, caller, body.people, _asked(body))
    return plan_out(found.proposals, found.unplaced, found.points, _words(uow, request))


@router.post("/itineraries", status_code=status.HTTP_201_CREATED, responses=problems(*BOOKING))
async def book_itinerary(
    body: ItineraryIn, request: Request, run: Run, uow: DecidingUow, caller: Migrant
) -> ItineraryOut:
    """Books an itinerary as it was planned: all places of all who go, or none.

    If a place is gone, `itinerary_taken` names the visits in `taken` and bears a new plan in `plan`. The itinerary
    takes the place of the one before, and takes along its visits.
    """
    visits = [Asking(visit.person_id, _wanted(visit)) for visit in body.visits]
    asked, render = _asked(body), _render(uow, request)
    booked = await commands.book_itinerary(uow, run.travel, caller, body.people, visits, asked, render)
    return await _booked(uow, request, booked)


@router.get("/me/itinerary", responses=problems(NotFound, ProfileIncomplete, TooMuchToPlan))
async def own_itinerary(request: Request, run: Run, uow: ReadingUow, caller: Migrant) -> StandingOut:
    """The caller's itinerary: its visits, what is still good, why the rest is not, and what is offered instead."""
    return _standing_out(await queries.own_itinerary(uow, run.travel, caller), _words(uow, request))


@router.post("/itinerary-offers/{offer_id}/accept", responses=problems(*BOOKING, OfferGone))
async def accept_itinerary_offer(
    offer_id: UUID, request: Request, run: Run, uow: DecidingUow, caller: Migrant
) -> ItineraryOut:
    """Moves and books all that was offered in one swap: if a place is gone, every visit stays as it was."""
    booked = await commands.accept_offer(uow, run.travel, caller, offer_id, _render(uow, request))
    return await _booked(uow, request, booked)


@router.post(
    "/itinerary-offers/{offer_id}/decline",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(NotFound, OfferGone),
)
async def decline_itinerary_offer(offer_id: UUID, uow: DecidingUow, caller: Migrant) -> None:
    """Everything stays as it is."""
    await commands.decline_offer(uow, caller, offer_id)


def _asked(body: PlanIn) -> Asked:
    features = frozenset([*body.features, *(("step_free",) if body.step_free else ())])
    terms = Terms(
        languages=frozenset(body.languages),
        features=features,
        free=None if body.free is None else free_hours(body.free),
        most_visits=body.most_visits,
        most_minutes=body.most_minutes,
        offers=body.offers,
    )
    return Asked((body.lat, body.lon), terms, replan=body.replan)


def _wanted(visit: VisitIn) -> Wanted:
    return Wanted(visit.step, visit.service, visit.point_id, visit.starts_at)


def _words(uow: Reading, request: Request) -> Words:
    return Words(uow.region.book, reading_of(request))


def _render(uow: Reading, request: Request) -> Render:
    """The plan that `itinerary_taken` bears, as a plan is told that was asked for."""

    def render(planned: Planned) -> dict[str, Any]:
        found = queries.proposals_in(uow, planned)
        return plan_out(found.proposals, found.unplaced, found.points, _words(uow, request)).model_dump(mode="json")

    return render


async def _booked(uow: Reading, request: Request, booked: commands.Itinerary) -> ItineraryOut:
    points = {each.point_id: await point(uow, each.point_id) for each in booked.visits}
    return ItineraryOut(
        id=booked.id,
        completes_on=max((each.place.day for each in booked.visits), default=None),
        visits=visits_out(booked.visits, points, language_of(request)),
    )


def _standing_out(own: Own, words: Words) -> StandingOut:
    found, offer = own.look, own.offer
    return StandingOut(
        id=own.standing.id,
        created_at=own.standing.created_at,
        completes_on=own.standing.completes_on,
        whole=not found.failed,
        visits=[
            StandingVisitOut(
                person_id=booked.person_id,
                good=booked.id in found.good,
                booking=booking_out(booked, own.points[booked.point_id], words.language),
            )
            for booked in found.visits
        ],
        failed=[failed_out(each, words) for each in found.failed],
        assumes=[assumed_out(each, words) for each in found.assumes],
        offer=offer
        and OfferOut(
            id=offer.id,
            created_at=offer.created_at,
            why=[failed_out(each, words) for each in offer.why],
            proposal=proposal_out(offer.proposal, own.points, words),
        ),
    )
