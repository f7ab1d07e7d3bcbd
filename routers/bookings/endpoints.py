"""Places: held, confirmed, given back."""

from uuid import UUID

from fastapi import APIRouter, Request, Response, status

from app.errors import InvalidInput, NotFound
from routers.bookings.calendar_file import calendar_file
from routers.bookings.schemas import (
    BookingOut,
    BookingPage,
    HoldConfirmation,
    MoveIn,
    PlaceIn,
    booking_out,
    wanted,
)
from routers.deps import DecidingUow, Migrant, ReadingUow
from routers.idempotency import KeepingRoute
from routers.language import language_of
from routers.problems import problems
from routers.schemas import Cursor, Limit, cursor_of, instant_key_of
from services.bookings import commands, queries
from services.bookings.errors import (
    ElsewhereThen,
    HoldGone,
    NotCancellable,
    NotMovable,
    StepBooked,
    TooEarly,
    TooLate,
    TooManyChanges,
    TooManyOpen,
    WrongService,
)
from services.pathways.errors import ProfileIncomplete, StepBlocked, StepDone, StepUnknown
from services.points.errors import NoSuchPlace, PlaceTaken
from services.points.queries import point

router = APIRouter(prefix="/v1", tags=["bookings"], route_class=KeepingRoute)


class CalendarFile(Response):
    media_type = "text/calendar"


TAKING = (
    ProfileIncomplete,
    StepUnknown,
    StepDone,
    StepBlocked,
    WrongService,
    StepBooked,
    NoSuchPlace,
    PlaceTaken,
    TooEarly,
    TooLate,
    TooManyOpen,
    TooManyChanges,
    ElsewhereThen,
)


@router.post("/holds", status_code=status.HTTP_201_CREATED, responses=problems(*TAKING))
async def hold(body: PlaceIn, request: Request, uow: DecidingUow, caller: Migrant) -> BookingOut:
    """Keeps a place for a few minutes while the person decides. A new hold for a step replaces the one before."""
    held = await commands.hold(uow, caller.person, wanted(body))
    return booking_out(held, await point(uow, held.point_id), language_of(request))


@router.post("/bookings", status_code=status.HTTP_201_CREATED, responses=problems(*TAKING, NotFound, HoldGone))
async def book(body: HoldConfirmation | PlaceIn, request: Request, uow: DecidingUow, caller: Migrant) -> BookingOut:
    """Confirms a hold, or takes a place at once."""
    if isinstance(body, HoldConfirmation):
        booked = await commands.confirm(uow, caller.person, body.hold_id)
    else:
        booked = await commands.book(uow, caller.person, wanted(body))
    return booking_out(booked, await point(uow, booked.point_id), language_of(request))


@router.post(
    "/bookings/{booking_id}/reschedule",
    responses=problems(*TAKING, NotFound, NotMovable),
)
async def reschedule(booking_id: UUID, body: MoveIn, request: Request, uow: DecidingUow, caller: Migrant) -> BookingOut:
    """Moves a visit to another time or point in one swap: if the new place is gone, the old one stays."""
    moved = await commands.reschedule(uow, caller.person, booking_id, body.point_id, body.starts_at)
    return booking_out(moved, await point(uow, moved.point_id), language_of(request))


@router.get("/me/bookings", responses=problems(InvalidInput))
async def own_bookings(
    request: Request,
    uow: ReadingUow,
    caller: Migrant,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> BookingPage:
    """The person's holds and bookings, newest first."""
    before = instant_key_of(cursor) if cursor else None
    found = await queries.own_bookings(uow, caller.person, before=before, limit=limit + 1)
    page, language = found[:limit], language_of(request)
    last = page[-1] if len(found) > limit else None
    stranded = await queries.to_be_moved(uow, page)
    return BookingPage(
        items=[booking_out(b, await point(uow, b.point_id), language, to_be_moved=b.id in stranded) for b in page],
        next=cursor_of(last.created_at.isoformat(), str(last.id)) if last else None,
    )


@router.get("/bookings/{booking_id}", responses=problems(NotFound))
async def own_booking(booking_id: UUID, request: Request, uow: ReadingUow, caller: Migrant) -> BookingOut:
    """One of the person's own holds or bookings."""
    booking = await queries.own_booking(uow, caller.person, booking_id)
    stranded = booking.id in await queries.to_be_moved(uow, [booking])
    return booking_out(booking, await point(uow, booking.point_id), language_of(request), to_be_moved=stranded)


@router.get(
    "/bookings/{booking_id}/calendar.ics",
    response_class=CalendarFile,
    responses={**problems(NotFound), 200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}},
)
async def own_booking_as_calendar_file(
    booking_id: UUID, request: Request, uow: ReadingUow, caller: Migrant
) -> CalendarFile:
    """The visit for the phone's own calendar. Fetched again after a change, it changes the entry that is there."""
    booking = await queries.own_booking(uow, caller.person, booking_id)
    content = calendar_file(booking, await point(uow, booking.point_id), language_of(request))
    return CalendarFile(content, headers={"Content-Disposition": 'attachment; filename="visit.ics"'})


@router.post("/bookings/{booking_id}/cancel", responses=problems(NotFound, NotCancellable))
async def cancel(booking_id: UUID, request: Request, uow: DecidingUow, caller: Migrant) -> BookingOut:
    """Gives a hold or a booking back. Cancelling twice is the same as once."""
    booking = await commands.cancel(uow, caller.person, booking_id)
    return booking_out(booking, await point(uow, booking.point_id), language_of(request))
