"""How long one waits: in line, or on coming."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from app.errors import NotFound
from routers.deps import Anyone, Migrant, ReadingUow
from routers.idempotency import KeepingRoute
from routers.points.schemas import local
from routers.problems import problems
from routers.schemas import Out
from services.points.queries import minutes_of, point
from services.queue.queries import own_ticket
from services.queue.waits import Estimate, scene_of, wait_of_ticket, wait_on_coming

router = APIRouter(prefix="/v1", tags=["queue"], route_class=KeepingRoute)


class WaitOut(Out):
    """When one is called, in the point's local time: from `least` on in nine of ten cases, by `median` in half of them,
    by `likely` in nine of ten. None where one would not be called today.
    """

    least: datetime | None
    median: datetime | None
    likely: datetime | None


class TicketWaitOut(Out):
    """`wait`: None unless the ticket waits and a counter works today."""

    wait: WaitOut | None


class ServiceWaitOut(Out):
    service: str
    wait: WaitOut


class PointWaitsOut(Out):
    """For whoever comes now without a booking; empty while no counter works today."""

    items: list[ServiceWaitOut]


@router.get("/me/tickets/{ticket_id}/wait", responses=problems(NotFound))
async def own_ticket_wait(ticket_id: UUID, uow: ReadingUow, caller: Migrant) -> TicketWaitOut:
    """When the caller's ticket is called, by what goes on at the counters and what visits took so far."""
    ticket = await own_ticket(uow, caller.person, ticket_id)
    scene, at = await scene_of(uow, ticket.point_id), await point(uow, ticket.point_id)
    wait = wait_of_ticket(scene, ticket_id) if scene else None
    return TicketWaitOut(wait=wait and wait_out(wait, at.zone))


@router.get("/points/{point_id}/waits", dependencies=[Anyone], responses=problems(NotFound, signed_in=False))
async def waits_at_point(point_id: UUID, uow: ReadingUow) -> PointWaitsOut:
    """How long somebody waits who comes now without a booking, for each service of the point."""
    at, services = await point(uow, point_id), await minutes_of(uow, point_id)
    scene = await scene_of(uow, point_id)
    if scene is None:
        return PointWaitsOut(items=[])
    return PointWaitsOut(
        items=[
            ServiceWaitOut(service=service, wait=wait_out(wait_on_coming(scene, service, uow.now), at.zone))
            for service in sorted(services)
        ]
    )


def wait_out(wait: Estimate, zone: str) -> WaitOut:
    def told(at: datetime | None) -> datetime | None:
        return at and local(at.replace(second=0, microsecond=0), zone)

    return WaitOut(least=told(wait.least), median=told(wait.median), likely=told(wait.likely))
