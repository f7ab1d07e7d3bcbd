"""Wire types of visits, as staff of a point see them."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.domain.bookings.status import BookingStatus
from app.models.points import Point
from routers.points.schemas import local
from routers.schemas import In, Out
from services.bookings.upkeep import place_of
from services.visits.commands import Visit


class CheckInIn(In):
    """The text of the QR pass on the visitor's screen.

    A token (JWS, ES256) that the phone signs with its device key: `dev` the device's id, `bid` the booking's, `iat` and
    `exp` in seconds since 1970, at most 60 apart. A phone whose clock is wrong counts from an answer's `Date` header.
    """

    qr_pass: str = Field(min_length=1, max_length=2000)


class OutcomeIn(In):
    """How the visit went. `expires_on`: the last day of what was issued, only with *done*."""

    outcome: Literal["done", "incomplete", "come_again"]
    expires_on: date | None = None


class VisitOut(Out):
    """What the desk needs and no more: who comes, for which service, when. Not why, nor anything else of theirs.

    `name` is as the passport's zone writes it, `cyrillic_name` as the translation does.
    """

    booking_id: UUID
    status: BookingStatus
    service: str
    starts_at: datetime
    ends_at: datetime
    migrant_id: str | None
    name: str | None
    cyrillic_name: str | None


class VisitList(Out):
    items: list[VisitOut]


def visit_out(visit: Visit, point: Point) -> VisitOut:
    place = place_of(visit.booking)
    return VisitOut(
        booking_id=visit.booking.id,
        status=BookingStatus(visit.booking.status),
        service=visit.booking.service,
        starts_at=local(place.starts_at, point.zone),
        ends_at=local(place.ends_at, point.zone),
        migrant_id=visit.card.migrant_id if visit.card else None,
        name=visit.card.name if visit.card else None,
        cyrillic_name=visit.card.cyrillic_name if visit.card else None,
    )
