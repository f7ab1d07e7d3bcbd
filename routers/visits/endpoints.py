"""The clerk's side of a visit."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from app.domain.pathways.events import EventKind
from app.errors import InvalidInput, NotFound
from routers.deps import Clerk, WritingUow
from routers.idempotency import KeepingRoute
from routers.problems import problems
from routers.visits.schemas import CheckInIn, OutcomeIn, VisitList, VisitOut, visit_out
from services.points.queries import point
from services.visits import commands
from services.visits.errors import AlreadyArrived, NotArrived, PassRefused

router = APIRouter(prefix="/v1/visits", tags=["visits"], route_class=KeepingRoute)


@router.get("", responses=problems())
async def visits_of_day(
    uow: WritingUow, caller: Clerk, day: Annotated[date | None, Query(description="today by default")] = None
) -> VisitList:
    """The visits of a day at the clerk's own point. The visitors' logs tell that it was read."""
    at = await point(uow, caller.point)
    return VisitList(items=[visit_out(visit, at) for visit in await commands.visits_of(uow, caller, day)])


@router.post("/check-ins", status_code=status.HTTP_201_CREATED, responses=problems(PassRefused, AlreadyArrived))
async def check_in(body: CheckInIn, uow: WritingUow, caller: Clerk) -> VisitOut:
    """Checks a visitor in by the QR pass on their phone."""
    visit = await commands.check_in(uow, caller, body.qr_pass)
    return visit_out(visit, await point(uow, caller.point))


@router.post("/{booking_id}/outcome", responses=problems(NotFound, NotArrived, InvalidInput))
async def finish(booking_id: UUID, body: OutcomeIn, uow: WritingUow, caller: Clerk) -> VisitOut:
    """Says how the visit went; the visitor's pathway moves with it."""
    visit = await commands.finish(uow, caller, booking_id, EventKind(body.outcome), body.expires_on)
    return visit_out(visit, await point(uow, caller.point))
