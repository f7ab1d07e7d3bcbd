"""A point's plan, for its manager and the region's operators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from app.domain.identity.caller import Caller, Role
from app.errors import NotFound
from routers.deps import Callers, ReadingUow, WritingUow
from routers.points.plan_schemas import (
    AboutIO,
    ChangeOut,
    PlanChange,
    PlanOut,
    VisitsToMove,
    about_in,
    change_out,
    plan_in,
    plan_out,
    visit_to_move,
)
from routers.problems import problems
from services.points import commands, queries
from services.points.errors import PlanChanged, WouldStrand, WrongPlan

router = APIRouter(prefix="/v1/points/{point_id}", tags=["points"])


async def in_charge(
    point_id: UUID, caller: Annotated[Caller, Depends(Callers(Role.POINT_MANAGER, Role.REGION_OPERATOR))]
) -> Caller:
    """A manager has the one point; to an operator all points are open."""
    if caller.role is Role.POINT_MANAGER and caller.point != point_id:
        raise NotFound
    return caller


InCharge = Depends(in_charge)


@router.get("/plan", dependencies=[InCharge], responses=problems(NotFound))
async def plan_of_point(point_id: UUID, uow: ReadingUow) -> PlanOut:
    """Hours, exceptions, closures, counters and services: everything that the calendar is made from."""
    return plan_out(await queries.plan_of(uow, point_id))


@router.put("/plan", dependencies=[InCharge], responses=problems(NotFound, PlanChanged, WouldStrand, WrongPlan))
async def change_plan(point_id: UUID, body: PlanChange, uow: WritingUow) -> ChangeOut:
    """Changes the plan, and the calendar with it. No visit is dropped: `would_strand` names those that the change
    leaves without a counter or a service; sent again with its `confirmation` they keep their places, to be moved.
    """
    present = await queries.plan_of(uow, point_id)
    changed = await commands.change_plan(
        uow,
        point_id,
        plan_in(body.plan, present.plan),
        version=body.version,
        preview=body.preview,
        confirmation=body.confirmation,
    )
    return change_out(changed, applied=not body.preview)


@router.get("/to-be-moved", dependencies=[InCharge], responses=problems(NotFound))
async def visits_to_be_moved(point_id: UUID, uow: ReadingUow) -> VisitsToMove:
    """Visits still ahead that a change has left without a counter or a service; they keep their places until then."""
    planned, places = await queries.visits_to_be_moved(uow, point_id)
    return VisitsToMove(items=[visit_to_move(place, planned.point) for place in places])


@router.put("/about", dependencies=[InCharge], responses=problems(NotFound))
async def change_about(point_id: UUID, body: AboutIO, uow: WritingUow) -> AboutIO:
    """Languages, accessibility, interpreters, the way there, what to know, contact."""
    await commands.change_about(uow, point_id, about_in(body))
    return body
