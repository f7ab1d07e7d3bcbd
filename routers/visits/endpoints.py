"""The clerk's side of a visit."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response, status

from app.domain.pathways.events import EventKind
from app.errors import InvalidInput, NotFound
from routers.deps import Clerk, WritingUow
from routers.etags import unchanged
from routers.idempotency import KeepingRoute
from routers.problems import problems
from routers.schemas import Cursor, Limit, cursor_of, instant_key_of
from routers.visits.schemas import (
    ArrivedOut,
    MigrantIdIn,
    OutcomeIn,
    PassIn,
    TicketBrief,
    VisitOut,
    VisitPage,
    visit_out,
)
from services.points.queries import point
from services.queue import desk
from services.visits import commands, queries
from services.visits.errors import (
    AlreadyArrived,
    BookedAgain,
    NotAbsent,
    NotArrived,
    NotExpectedToday,
    NothingToUndo,
    OutcomeNotAllowed,
    PassRefused,
    StillAwaited,
    UndoTooLate,
    VersionNeeded,
    VisitChanged,
)
from services.visits.queries import Visit

router = APIRouter(prefix="/v1/visits", tags=["visits"], route_class=KeepingRoute)


async def version_seen(
    if_match: Annotated[str | None, Header(max_length=40, description="The ETag, as the caller saw it.")] = None,
) -> int:
    """A strong tag with a number (RFC 9110 §13.1.1). `*` would be the clerk who does not look."""
    if if_match is None:
        raise VersionNeeded
    number = if_match.strip().removeprefix('"').removesuffix('"')
    if if_match.strip() != f'"{number}"' or not (number.isascii() and number.isdigit()):
        raise InvalidInput(field="If-Match")
    return int(number)


VersionSeen = Annotated[int, Depends(version_seen)]
_SAYING = (InvalidInput, NotFound, VersionNeeded, VisitChanged)


@router.get(
    "",
    response_model=VisitPage,
    responses={**problems(InvalidInput), 304: {"description": "Not changed since the ETag sent."}},
)
async def visits_of_day(
    request: Request,
    uow: WritingUow,
    caller: Clerk,
    day: Annotated[date | None, Query(description="today by default; from 31 days ago to the calendar's end")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """The visits of a day at the clerk's own point. The visitors' logs tell of it, once an hour and clerk."""
    at = await point(uow, caller.point)
    after = instant_key_of(cursor) if cursor else None
    found = await queries.visits_of_day(uow, caller, day, after=after, limit=limit + 1)
    items = [visit_out(visit, at) for visit in found[:limit]]
    last = items[-1] if len(found) > limit else None
    following = cursor_of(last.starts_at.isoformat(), str(last.booking_id)) if last else None
    return unchanged(request, VisitPage(items=items, next=following))


@router.post(
    "/check-ins",
    status_code=status.HTTP_201_CREATED,
    responses=problems(PassRefused, NotExpectedToday, AlreadyArrived, BookedAgain),
)
async def check_in(body: PassIn | MigrantIdIn, uow: WritingUow, caller: Clerk, response: Response) -> ArrivedOut:
    """Checks a visitor in by the QR pass on their phone or, when it is dead, by Migrant ID and passport.

    They are in line from now on, and are called by the number of their ticket.
    """
    if isinstance(body, PassIn):
        arrived = await desk.check_in_by_pass(uow, caller, body.qr_pass, body.language, priority=body.priority)
    else:
        arrived = await desk.check_in_by_id(uow, caller, body.migrant_id, body.language, priority=body.priority)
    shown, ticket = await _tagged(arrived.visit, uow, response), arrived.ticket
    return ArrivedOut(**shown.model_dump(), ticket=TicketBrief(id=ticket.id, number=ticket.number))


@router.post("/{booking_id}/outcome", responses=problems(*_SAYING, NotArrived, OutcomeNotAllowed))
async def finish(
    booking_id: UUID, body: OutcomeIn, caller: Clerk, version: VersionSeen, uow: WritingUow, response: Response
) -> VisitOut:
    """Says how the visit went; the visitor's pathway moves with it."""
    visit = await desk.finish(uow, caller, booking_id, version, EventKind(body.outcome), body.expires_on)
    return await _tagged(visit, uow, response)


@router.post("/{booking_id}/no-show", responses=problems(*_SAYING, NotAbsent, StillAwaited))
async def mark_absent(
    booking_id: UUID, caller: Clerk, version: VersionSeen, uow: WritingUow, response: Response
) -> VisitOut:
    """Says that nobody came, some minutes after the booked time. Who comes later that day can still check in."""
    return await _tagged(await commands.mark_absent(uow, caller, booking_id, version), uow, response)


@router.post("/{booking_id}/undo", responses=problems(*_SAYING, NothingToUndo, UndoTooLate, BookedAgain))
async def undo(booking_id: UUID, caller: Clerk, version: VersionSeen, uow: WritingUow, response: Response) -> VisitOut:
    """Takes back the last word about a visit (arrival, no-show or outcome), for some minutes after it was said."""
    return await _tagged(await desk.undo(uow, caller, booking_id, version), uow, response)


async def _tagged(visit: Visit, uow: WritingUow, response: Response) -> VisitOut:
    response.headers["ETag"] = f'"{visit.booking.version}"'
    return visit_out(visit, await point(uow, visit.booking.point_id))
