"""A family's visits, booked together."""

from fastapi import APIRouter, Request, status

from app.errors import NotFound
from routers.bookings.endpoints import TAKING
from routers.bookings.schemas import FamilyIn, FamilyOut, FamilyVisit, booking_out, wanted
from routers.deps import DecidingUow, Migrant
from routers.idempotency import KeepingRoute
from routers.language import language_of
from routers.problems import problems
from services.bookings.families import book_for_family
from services.points.queries import point

router = APIRouter(prefix="/v1", tags=["bookings"], route_class=KeepingRoute)


@router.post("/family-bookings", status_code=status.HTTP_201_CREATED, responses=problems(*TAKING, NotFound))
async def book_together(body: FamilyIn, request: Request, uow: DecidingUow, caller: Migrant) -> FamilyOut:
    """Books one service for several of a family at one point, at once or one after another: all of them or nobody.
    An error that is about one of them names who it is in `member`.
    """
    booked = await book_for_family(uow, caller, body.people, wanted(body))
    at, language = await point(uow, body.point_id), language_of(request)
    visits = [FamilyVisit(person_id=b.person_id, booking=booking_out(b, at, language)) for b in booked]
    return FamilyOut(items=visits)
