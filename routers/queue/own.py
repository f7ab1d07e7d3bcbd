"""A person's own tickets: where they stand, as it moves, and what they may do about it."""

from uuid import UUID

from fastapi import APIRouter, Request

from app.domain.queue.status import LIVE
from app.errors import InvalidInput, NotFound
from routers.deps import Migrant, ReadingUow, Region, Run, WritingUow
from routers.idempotency import KeepingRoute
from routers.language import language_of
from routers.problems import problems
from routers.queue.rendering import own_out
from routers.queue.schemas import MovedTicket, OwnTicketList, OwnTicketOut, PriorityIn
from routers.queue.streams import LAST_EVENT_ID, EventStream, stream, streamed
from routers.schemas import Out
from routers.visits.endpoints import VersionSeen
from services.points.queries import point
from services.queue import moves, queries
from services.queue.errors import MoveNotPossible, TicketChanged
from services.queue.moves import Seen
from services.visits.errors import NotArrived, VersionNeeded

router = APIRouter(prefix="/v1/me/tickets", tags=["queue"], route_class=KeepingRoute)
_MOVING = (InvalidInput, NotFound, VersionNeeded, TicketChanged, MoveNotPossible)


@router.get("", responses=problems())
async def own_tickets(request: Request, uow: ReadingUow, caller: Migrant) -> OwnTicketList:
    """The caller's tickets of today, newest first."""
    found, language = await queries.own_tickets(uow, caller.person), language_of(request)
    points = {own.ticket.point_id: await point(uow, own.ticket.point_id) for own in found}
    return OwnTicketList(
        items=[own_out(own.ticket, own.state, points[own.ticket.point_id], language, uow.now) for own in found]
    )


@router.get("/{ticket_id}", responses=problems(NotFound))
async def own_ticket(ticket_id: UUID, request: Request, uow: ReadingUow, caller: Migrant) -> OwnTicketOut:
    """Where the ticket stands: how many are before it, or which counter it is called to."""
    ticket = await queries.own_ticket(uow, caller.person, ticket_id)
    at, state = await point(uow, ticket.point_id), await queries.queue_state(uow, ticket.point_id)
    return own_out(ticket, state, at, language_of(request), uow.now)


@router.get(
    "/{ticket_id}/events",
    response_class=EventStream,
    responses=problems(NotFound) | streamed(OwnTicketOut),
    openapi_extra={"parameters": [LAST_EVENT_ID]},
)
async def own_ticket_events(
    ticket_id: UUID, request: Request, uow: ReadingUow, run: Run, region: Region, caller: Migrant
) -> EventStream:
    """The same as it moves (server-sent events), until the ticket or the token ends."""
    ticket = await queries.own_ticket(uow, caller.person, ticket_id)
    at, language = await point(uow, ticket.point_id), language_of(request)
    return stream(
        request,
        run,
        region,
        ticket.point_id,
        lambda state, now: own_out(ticket, state, at, language, now),
        caller=caller,
        last=_over,
    )


@router.post("/{ticket_id}/priority", responses=problems(*_MOVING))
async def set_own_priority(
    ticket_id: UUID, body: PriorityIn, uow: WritingUow, caller: Migrant, version: VersionSeen
) -> MovedTicket:
    """Says that the caller needs to go first today, and never why; or takes it back. It is forgotten at night."""
    ticket = await queries.own_ticket(uow, caller.person, ticket_id)
    moved = await moves.set_priority(uow, Seen(ticket.point_id, ticket_id, version), priority=body.priority)
    return MovedTicket.model_validate(moved)


@router.post("/{ticket_id}/leave", responses=problems(*_MOVING, NotArrived))
async def leave_line(ticket_id: UUID, uow: WritingUow, caller: Migrant, version: VersionSeen) -> MovedTicket:
    """The caller goes. Who booked can book the step again; a clerk can take it back for some minutes."""
    ticket = await queries.own_ticket(uow, caller.person, ticket_id)
    return MovedTicket.model_validate(await moves.leave_own(uow, Seen(ticket.point_id, ticket_id, version)))


def _over(told: Out) -> bool:
    return isinstance(told, OwnTicketOut) and told.status not in LIVE
