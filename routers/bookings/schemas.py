"""Wire types of holds and bookings."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.bookings.status import BookingStatus
from app.models.bookings import Booking
from app.models.points import Point
from routers.points.schemas import PointBrief, local, point_brief
from routers.schemas import In, Instant, Out
from services.bookings.commands import place_of

Code = Annotated[str, Field(min_length=1, max_length=40, pattern="^[a-z_]+$")]


class PlaceIn(In):
    """A place: for which step, which service, where and when (as a free time gave it)."""

    step: Code
    service: Code
    point_id: UUID
    starts_at: Instant


class HoldConfirmation(In):
    """Confirms the hold of that id."""

    hold_id: UUID


class BookingOut(Out):
    """A hold or a booking. Times are in the point's own local time; `held_until` is there while it is a hold."""

    id: UUID
    status: BookingStatus
    step: str
    service: str
    point: PointBrief
    starts_at: datetime
    ends_at: datetime
    held_until: datetime | None


class BookingPage(Out):
    """`next` goes into `cursor` for the page after; None on the last."""

    items: list[BookingOut]
    next: str | None


def booking_out(booking: Booking, point: Point, language: str) -> BookingOut:
    place = place_of(booking)
    return BookingOut(
        id=booking.id,
        status=BookingStatus(booking.status),
        step=booking.step,
        service=booking.service,
        point=point_brief(point, language),
        starts_at=local(place.starts_at, point.zone),
        ends_at=local(place.ends_at, point.zone),
        held_until=booking.held_until and local(booking.held_until, point.zone),
    )
