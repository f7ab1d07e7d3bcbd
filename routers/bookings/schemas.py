"""Wire types of holds and bookings."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.bookings.booking import Booked
from app.domain.bookings.limits import MOST_TOGETHER
from app.domain.bookings.status import BookingStatus
from app.models.points import Point
from routers.points.schemas import PointBrief, local, point_brief
from routers.schemas import In, Instant, Out
from services.bookings.ground import Wanted

Code = Annotated[str, Field(min_length=1, max_length=40, pattern="^[a-z_]+$")]


class PlaceIn(In):
    """A place: for which step, which service, where and when (as a free time gave it).

    The step is the service's own unless another is named. Settling-in help is no step's: it can be booked without a
    passport, an entry or a pathway.
    """

    step: Code | None = None
    service: Code
    point_id: UUID
    starts_at: Instant


class MoveIn(In):
    """Where and when the visit is to be instead."""

    point_id: UUID
    starts_at: Instant


class FamilyIn(PlaceIn):
    """The first one's place, and who comes, in this order: person ids, or the caller and everybody they act for."""

    people: Annotated[list[UUID], Field(min_length=1, max_length=MOST_TOGETHER)] | None = None


class HoldConfirmation(In):
    """Confirms the hold of that id."""

    hold_id: UUID


class BookingOut(Out):
    """A hold or a booking. Times are in the point's own local time; `held_until` is there while it is a hold.

    Visits that a family booked together share their `group_id`, those of an itinerary its `itinerary_id`.
    `to_be_moved`: the point is closed then, or has fewer counters than it had; other places are offered, and this one
    is kept until one is taken.
    """

    id: UUID
    status: BookingStatus
    step: str
    service: str
    point: PointBrief
    starts_at: datetime
    ends_at: datetime
    held_until: datetime | None
    group_id: UUID | None
    itinerary_id: UUID | None
    to_be_moved: bool


class FamilyVisit(Out):
    person_id: UUID
    booking: BookingOut


class FamilyOut(Out):
    """A visit for each who was named, in that order."""

    items: list[FamilyVisit]


class BookingPage(Out):
    """`next` goes into `cursor` for the page after; None on the last."""

    items: list[BookingOut]
    next: str | None


def wanted(body: PlaceIn) -> Wanted:
    return Wanted(body.step or body.service, body.service, body.point_id, body.starts_at)


def booking_out(booking: Booked, point: Point, language: str, *, to_be_moved: bool = False) -> BookingOut:
    place = booking.place
    return BookingOut(
        id=booking.id,
        status=booking.status,
        step=booking.step,
        service=booking.service,
        point=point_brief(point, language),
        starts_at=local(place.starts_at, point.zone),
        ends_at=local(place.ends_at, point.zone),
        held_until=booking.held_until and local(booking.held_until, point.zone),
        group_id=booking.group_id,
        itinerary_id=booking.itinerary_id,
        to_be_moved=to_be_moved,
    )
