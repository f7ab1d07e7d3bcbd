"""The hall of a point: its board, tickets that visitors take themselves, and which counters there are."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, status

from app.domain.queue.state import QueueState
from app.errors import InvalidInput, NotFound
from routers.deps import Anyone, ReadingUow, Region, Run, WritingUow
from routers.idempotency import KeepingRoute
from routers.language import language_of
from routers.points.plans import InCharge
from routers.problems import problems
from routers.queue.rendering import board_out
from routers.queue.schemas import (
    BoardOut,
    CounterCode,
    CounterIn,
    CounterList,
    CounterOut,
    TakenTicket,
    TakeTicketIn,
    counter_out,
)
from routers.queue.streams import LAST_EVENT_ID, EventStream, stream, streamed
from services.points.queries import point
from services.queue import counters, line, queries
from services.queue.counters import CounterPlan
from services.queue.errors import AlreadyInLine, CounterBusy, HallCodeWrong, NotGivenHere
from services.queue.line import Wish

router = APIRouter(prefix="/v1/points/{point_id}", tags=["queue"], route_class=KeepingRoute)


@router.get("/board", dependencies=[Anyone], responses=problems(NotFound, signed_in=False))
async def board(point_id: UUID, request: Request, uow: ReadingUow) -> BoardOut:
    """Which number is to go to which counter, and who waits, by number: what hangs in the hall."""
    return board_out(await queries.board_of(uow, point_id), language_of(request))


@router.get(
    "/board/events",
    dependencies=[Anyone],
    response_class=EventStream,
    responses=problems(NotFound, signed_in=False) | streamed(BoardOut),
    openapi_extra={"parameters": [LAST_EVENT_ID]},
)
async def board_events(point_id: UUID, request: Request, uow: ReadingUow, run: Run, region: Region) -> EventStream:
    """The same as it moves (server-sent events)."""
    await point(uow, point_id)
    language = language_of(request)
    return stream(request, run, region, point_id, lambda state, _: _board(state, language))


@router.post(
    "/tickets",
    status_code=status.HTTP_201_CREATED,
    dependencies=[Anyone],
    responses=problems(NotFound, InvalidInput, HallCodeWrong, NotGivenHere, AlreadyInLine, signed_in=False),
)
async def take_ticket(point_id: UUID, body: TakeTicketIn, uow: WritingUow) -> TakenTicket:
    """A visitor without a booking takes a ticket, at the hall's terminal or by phone, with the code on its screen.

    Whoever is signed in has it on their phone, unless they want it without a name.
    """
    wish = Wish(body.service, body.language, body.priority)
    ticket = await line.take_ticket(uow, point_id, wish, body.hall_code, named=body.named)
    return TakenTicket(id=ticket.id, number=ticket.number, day=ticket.day)


@router.get("/counters", dependencies=[InCharge], responses=problems(NotFound))
async def counters_of_point(point_id: UUID, uow: ReadingUow) -> CounterList:
    """All counters, those that were given up too."""
    return CounterList(items=[counter_out(each) for each in await queries.counters_of(uow, point_id)])


@router.put("/counters/{code}", dependencies=[InCharge], responses=problems(NotFound, InvalidInput, CounterBusy))
async def put_counter(
    point_id: UUID, code: Annotated[CounterCode, Path()], body: CounterIn, uow: WritingUow
) -> CounterOut:
    """Makes the counter of that code, or changes what it gives and which languages are spoken there."""
    plan = CounterPlan(
        {str(language): text for language, text in body.name.items()},
        tuple(body.services),
        tuple(body.languages),
        retired=body.retired,
    )
    await point(uow, point_id)
    return counter_out(await counters.put_counter(uow, point_id, code, plan))


def _board(state: QueueState, language: str) -> BoardOut:
    """Put together once for all who look at it."""
    key = BoardOut, language
    if key not in state.derived:
        state.derived[key] = board_out(state, language)
    found: BoardOut = state.derived[key]
    return found
