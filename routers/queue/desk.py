"""The clerk's side of the queue. Names are shown of those who were called, and of nobody else."""

from uuid import UUID

from fastapi import APIRouter, Request, Response, status

from app.errors import InvalidInput, NotFound
from routers.deps import Clerk, PointStaff, ReadingUow, Region, Run, WritingUow
from routers.idempotency import KeepingRoute
from routers.language import language_of
from routers.points.schemas import local
from routers.problems import problems
from routers.queue.rendering import called_out, queue_out, tagged
from routers.queue.schemas import (
    CalledNext,
    CalledTicket,
    CounterOut,
    HallCodeOut,
    QueueOut,
    WalkInIn,
    counter_out,
)
from routers.queue.streams import LAST_EVENT_ID, EventStream, stream, streamed
from services.points.queries import point
from services.queue import calls, counters, line, queries
from services.queue.calls import Called
from services.queue.errors import (
    AlreadyInLine,
    CounterBusy,
    CounterClosed,
    CounterTaken,
    NotGivenHere,
    StandsElsewhere,
)
from services.queue.line import Wish

router = APIRouter(prefix="/v1/queue", tags=["queue"], route_class=KeepingRoute)


@router.get("", responses=problems())
async def queue(request: Request, uow: ReadingUow, region: Region, caller: PointStaff) -> QueueOut:
    """Counters and tickets of the caller's point: numbers, services and states, and nobody's name."""
    at = await point(uow, caller.point)
    state = await queries.queue_state(uow, caller.point)
    return queue_out(state, at.zone, language_of(request), caller.account_id, region.queue.undo_for)


@router.get(
    "/events",
    response_class=EventStream,
    responses=problems() | streamed(QueueOut),
    openapi_extra={"parameters": [LAST_EVENT_ID]},
)
async def queue_events(request: Request, uow: ReadingUow, run: Run, region: Region, caller: PointStaff) -> EventStream:
    """The same as it moves (server-sent events), until the token ends."""
    at, language, undo_for = await point(uow, caller.point), language_of(request), region.queue.undo_for
    return stream(
        request,
        run,
        region,
        caller.point,
        lambda state, _: queue_out(state, at.zone, language, caller.account_id, undo_for),
        caller=caller,
    )


@router.get("/hall-code", responses=problems())
async def hall_code(uow: ReadingUow, caller: PointStaff) -> HallCodeOut:
    """What the screen in the hall shows, for those who take a ticket themselves."""
    shown = await line.hall_code(uow, caller.point)
    return HallCodeOut(code=shown.code, until=local(shown.until, (await point(uow, caller.point)).zone))


@router.post("/counters/{counter_id}/open", responses=problems(NotFound, CounterTaken, StandsElsewhere))
async def open_counter(counter_id: UUID, uow: WritingUow, caller: Clerk) -> CounterOut:
    """The caller stands at the counter from now on."""
    return counter_out(await counters.open_counter(uow, caller, counter_id))


@router.post("/counters/{counter_id}/close", responses=problems(NotFound, CounterBusy))
async def close_counter(counter_id: UUID, uow: WritingUow, caller: PointStaff) -> CounterOut:
    """Nobody stands there any more. Also for a counter that a colleague left open."""
    return counter_out(await counters.close_counter(uow, caller, counter_id))


@router.post("/counters/{counter_id}/call", responses=problems(NotFound, CounterClosed, CounterBusy))
async def call_next(counter_id: UUID, uow: WritingUow, region: Region, caller: Clerk) -> CalledNext:
    """Calls whose turn it is to the caller's counter. The visitor's log tells that their name was shown."""
    called = await calls.call_next(uow, caller, counter_id)
    if called is None:
        return CalledNext(ticket=None)
    zone = (await point(uow, caller.point)).zone
    return CalledNext(ticket=called_out(called, zone, region.queue.undo_for))


@router.post(
    "/tickets", status_code=status.HTTP_201_CREATED, responses=problems(InvalidInput, NotGivenHere, AlreadyInLine)
)
async def add_walk_in(body: WalkInIn, uow: WritingUow, caller: Clerk, response: Response) -> CalledTicket:
    """Puts a visitor without a booking in line; without a name, unless they give their Migrant ID."""
    wish = Wish(body.service, body.language, body.priority)
    ticket = await line.add_walk_in(uow, caller.point, wish, body.migrant_id)
    return await tagged(Called(ticket, None), uow, response)


@router.get("/tickets/{ticket_id}", responses=problems(NotFound))
async def ticket(ticket_id: UUID, uow: WritingUow, caller: Clerk, response: Response) -> CalledTicket:
    """One ticket; with the name while it is called or served. The visitor's log tells of it, once an hour and clerk."""
    return await tagged(await calls.called_ticket(uow, caller, ticket_id), uow, response)
