"""Wire types of offers and of the waitlist."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.offers.terms import Cause
from app.models.points import Point
from routers.bookings.schemas import BookingOut, booking_out
from routers.points.schemas import PointBrief, local, point_brief
from routers.schemas import In, Instant, Out
from services.offers.queries import Offered, Ways
from services.offers.waitlist import Wish

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class Near(In):
    """Degrees, WGS 84. Used to choose points, and not kept."""

    lat: Latitude
    lon: Longitude


class WishIn(In):
    """An earlier time for a booking: `earliest` and `latest` bound its beginning (the latest excluded). At `points`, or
    at the nearest to a place; without either at any point that is not too far from the one that is booked.
    """

    booking_id: UUID
    earliest: Instant | None = None
    latest: Instant | None = None
    points: Annotated[list[UUID], Field(min_length=1, max_length=40)] | None = None
    near: Near | None = None


class WaitOut(Out):
    """The booking waits for an earlier time. Offers are told by `GET /v1/me/offers`."""

    booking_id: UUID


class AcceptIn(In):
    """Which of the offer's choices."""

    choice_id: UUID


class ChoiceOut(Out):
    """A place that is kept until `kept_until`. `travel_minutes`: from the point that is booked; `minutes_from_you`:
    from where you asked.
    """

    id: UUID
    point: PointBrief
    starts_at: datetime
    ends_at: datetime
    kept_until: datetime
    travel_minutes: int
    minutes_from_you: int | None


class OfferOut(Out):
    """What is offered instead of a booking, which stays until one of the `choices` is accepted.

    `cause`: `closed` (the booking has no counter any more), `behind` (its point runs late), `asked` (for an earlier
    time). Without an `id` nothing was found yet, and it is looked for every second.
    """

    id: UUID | None
    cause: Cause
    booking: BookingOut
    expires_at: datetime | None
    choices: list[ChoiceOut]


class OffersOut(Out):
    items: list[OfferOut]


def wish(body: WishIn) -> Wish:
    near = (body.near.lat, body.near.lon) if body.near else None
    return Wish(body.earliest, body.latest, body.points, near)


def offer_out(
    offered: Offered,
    points: Mapping[UUID, Point],
    language: str,
    ways: Ways,
    *,
    to_be_moved: bool,
) -> OfferOut:
    at = points[offered.booking.point_id]
    choices = []
    for kept in offered.kept:
        point = points[kept.point_id]
        choices.append(
            ChoiceOut(
                id=kept.id,
                point=point_brief(point, language),
                starts_at=local(kept.place.starts_at, point.zone),
                ends_at=local(kept.place.ends_at, point.zone),
                kept_until=local(kept.held_until or kept.place.starts_at, point.zone),
                travel_minutes=ways.from_booked[kept.id],
                minutes_from_you=ways.from_home.get(kept.id),
            )
        )
    return OfferOut(
        id=offered.offer_id,
        cause=Cause(offered.entry.cause),
        booking=booking_out(offered.booking, at, language, to_be_moved=to_be_moved),
        expires_at=offered.expires_at and local(offered.expires_at, at.zone),
        choices=choices,
    )
