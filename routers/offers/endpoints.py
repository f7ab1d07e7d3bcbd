"""What is offered to a person, and their word."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from app.errors import InvalidInput, NotFound
from routers.bookings.schemas import BookingOut, booking_out
from routers.deps import DecidingUow, Migrant, ReadingUow, Run
from routers.idempotency import KeepingRoute
from routers.language import language_of
from routers.offers.schemas import AcceptIn, Latitude, Longitude, OffersOut, offer_out
from routers.problems import problems
from services.bookings.errors import ElsewhereThen
from services.bookings.queries import to_be_moved
from services.offers import commands, queries
from services.offers.errors import PlaceNoLongerOffered
from services.points.queries import point

router = APIRouter(prefix="/v1/me/offers", tags=["offers"], route_class=KeepingRoute)


@router.get("", responses=problems(InvalidInput))
async def own_offers(
    request: Request,
    uow: ReadingUow,
    run: Run,
    caller: Migrant,
    lat: Annotated[Latitude | None, Query()] = None,
    lon: Annotated[Longitude | None, Query()] = None,
) -> OffersOut:
    """Other places that are kept for the person: where a point closed or runs late, or an earlier time was asked for.
    With `lat` and `lon` each is told with the way from there, which is not kept.
    """
    if (lat is None) != (lon is None):
        raise InvalidInput(field="lat")
    found = await queries.own_offers(uow, caller.person)
    stranded = await to_be_moved(uow, [each.booking for each in found])
    named = {each.booking.point_id for each in found} | {kept.point_id for each in found for kept in each.kept}
    points = {point_id: await point(uow, point_id) for point_id in named}
    home = (lat, lon) if lat is not None and lon is not None else None
    return OffersOut(
        items=[
            offer_out(
                each,
                points,
                language_of(request),
                await queries.ways_to(run.travel, each, points, home),
                to_be_moved=each.booking.id in stranded,
            )
            for each in found
        ]
    )


@router.post("/{offer_id}/accept", responses=problems(NotFound, PlaceNoLongerOffered, ElsewhereThen))
async def accept_offer(
    offer_id: UUID, body: AcceptIn, request: Request, uow: DecidingUow, caller: Migrant
) -> BookingOut:
    """Moves the booking to a place that was kept, in one swap: the old place is given back once the new one is had."""
    moved = await commands.accept(uow, caller.person, offer_id, body.choice_id)
    return booking_out(moved, await point(uow, moved.point_id), language_of(request))


@router.post("/{offer_id}/decline", responses=problems(NotFound, PlaceNoLongerOffered))
async def decline_offer(offer_id: UUID, request: Request, uow: DecidingUow, caller: Migrant) -> BookingOut:
    """Lets the places go to whoever is next. The booking stays; if it has to be moved, others are looked for."""
    booking = await commands.decline(uow, caller.person, offer_id)
    stranded = booking.id in await to_be_moved(uow, [booking])
    return booking_out(booking, await point(uow, booking.point_id), language_of(request), to_be_moved=stranded)
