"""What a clerk does with a ticket. Each names by `If-Match` the version that was seen."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.domain.pathways.events import EventKind
from app.errors import InvalidInput, NotFound
from routers.deps import Clerk, WritingUow
from routers.idempotency import KeepingRoute
from routers.problems import problems
from routers.queue.rendering import tagged
from routers.queue.schemas import CalledTicket, FinishIn, PriorityIn, TransferIn
from routers.visits.endpoints import VersionSeen
from services.queue import moves
from services.queue.calls import Called
from services.queue.errors import (
    CounterBusy,
    MoveNotPossible,
    NotCalledEnough,
    NotGivenHere,
    OutcomeNeeded,
    TicketChanged,
)
from services.queue.moves import Seen
from services.visits.errors import (
    BookedAgain,
    NotArrived,
    NothingToUndo,
    OutcomeNotAllowed,
    UndoTooLate,
    VersionNeeded,
)

router = APIRouter(prefix="/v1/queue/tickets/{ticket_id}", tags=["queue"], route_class=KeepingRoute)


async def ticket_seen(ticket_id: UUID, caller: Clerk, version: VersionSeen) -> Seen:
    return Seen(caller.point, ticket_id, version)


TicketSeen = Annotated[Seen, Depends(ticket_seen)]
_MOVING = (InvalidInput, NotFound, VersionNeeded, TicketChanged, MoveNotPossible)
_OF_VISIT = (NotArrived, OutcomeNotAllowed, BookedAgain, NothingToUndo, UndoTooLate)


@router.post("/recall", responses=problems(*_MOVING))
async def recall(seen: TicketSeen, uow: WritingUow, response: Response) -> CalledTicket:
    """Calls the number once more."""
    return await tagged(await moves.recall(uow, seen), uow, response)


@router.post("/serve", responses=problems(*_MOVING))
async def serve(seen: TicketSeen, uow: WritingUow, response: Response) -> CalledTicket:
    """The visitor is at the counter: the service begins."""
    return await tagged(await moves.serve(uow, seen), uow, response)


@router.post("/finish", responses=problems(*_MOVING, *_OF_VISIT[:2], OutcomeNeeded))
async def finish_ticket(body: FinishIn, seen: TicketSeen, uow: WritingUow, response: Response) -> CalledTicket:
    """The service is over. With the outcome of a booked visit, the visitor's pathway moves."""
    outcome = EventKind(body.outcome) if body.outcome else None
    return await tagged(await moves.finish(uow, seen, outcome, body.expires_on), uow, response)


@router.post("/skip", responses=problems(*_MOVING))
async def skip(seen: TicketSeen, uow: WritingUow, response: Response) -> CalledTicket:
    """Nobody came: the counter is free for the next, and the ticket waits aside."""
    return await tagged(await moves.skip(uow, seen), uow, response)


@router.post("/back", responses=problems(*_MOVING))
async def back_in_line(seen: TicketSeen, uow: WritingUow, response: Response) -> CalledTicket:
    """The visitor turned up, or is not ready: in line again, behind the next three."""
    return await tagged(await moves.back(uow, seen), uow, response)


@router.post("/transfer", responses=problems(*_MOVING, NotGivenHere))
async def transfer(body: TransferIn, seen: TicketSeen, uow: WritingUow, response: Response) -> CalledTicket:
    """To another service, or to one counter, with the turn that the visitor has."""
    return await tagged(await moves.transfer(uow, seen, body.service, body.counter_id), uow, response)


@router.post("/no-show", responses=problems(*_MOVING, NotCalledEnough, NotArrived))
async def mark_no_show(seen: TicketSeen, uow: WritingUow, response: Response) -> CalledTicket:
    """Called three times, and nobody came. Who booked can book the step again."""
    return await tagged(await moves.no_show(uow, seen), uow, response)


@router.post("/leave", responses=problems(*_MOVING, NotArrived))
async def leave(seen: TicketSeen, uow: WritingUow, response: Response) -> CalledTicket:
    """The visitor tells that they go. Who booked can book the step again."""
    return await tagged(await moves.leave(uow, seen), uow, response)


@router.post("/priority", responses=problems(*_MOVING))
async def set_priority(body: PriorityIn, seen: TicketSeen, uow: WritingUow, response: Response) -> CalledTicket:
    """The visitor asks for priority today, or no longer; as long as nobody has called them."""
    ticket = await moves.set_priority(uow, seen, priority=body.priority)
    return await tagged(Called(ticket, None), uow, response)


@router.post("/undo", responses=problems(*_MOVING, *_OF_VISIT, CounterBusy))
async def undo_move(seen: TicketSeen, uow: WritingUow, response: Response) -> CalledTicket:
    """Takes back the last move for some minutes, with what it said of a booked visit."""
    return await tagged(await moves.undo(uow, seen), uow, response)
