"""Wire types of visits, as staff of a point see them."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.domain.bookings.status import BookingStatus
from app.domain.pathways.events import EventKind
from app.domain.visits.outcomes import Expiry, outcomes_of
from app.models.points import Point
from routers.points.schemas import local
from routers.schemas import In, Out
from services.bookings.upkeep import place_of
from services.visits.queries import Visit


class ArrivalIn(In):
    """`language`: to be served in it, if the visitor asks for one. `priority`: the visitor's own word, for the day, and
    never why.
    """

    language: str | None = Field(None, min_length=2, max_length=12, pattern="^[A-Za-z-]+$")
    priority: bool = False


class PassIn(ArrivalIn):
    """The text of the QR pass on the visitor's screen.

    A token (JWS, ES256) that the phone signs with its device key: `dev` the device's id, `bid` the booking's, `iat` and
    `exp` in seconds since 1970, at most 60 apart. A phone whose clock is wrong counts from an answer's `Date` header.
    """

    qr_pass: str = Field(min_length=1, max_length=2000)


class MigrantIdIn(ArrivalIn):
    """The Migrant ID as the visitor says it, when their phone shows no pass. Compare the name with the passport."""

    migrant_id: str = Field(min_length=1, max_length=40, examples=["7Q2M-K4TV-0XWE"])


class OutcomeIn(In):
    """How the visit went, as its `allowed` says. `expires_on`: the last day of what was issued."""

    outcome: Literal["done", "incomplete", "come_again"]
    expires_on: date | None = None


class AllowedOutcome(Out):
    """A way in which the visit may end; `expires_on`: whether the last day of what was issued is stated with it."""

    outcome: EventKind
    expires_on: Expiry


class VisitOut(Out):
    """What the desk needs and no more: who comes, for which service, when. Not why, nor anything else of theirs.

    `name` is as the passport's zone writes it, `cyrillic_name` as the translation does.
    `version` is the visit's ETag, sent as `If-Match` with what is said of it. `outcome` is there once it was said;
    until `undo_until` the last word can be taken back.
    """

    booking_id: UUID
    version: int
    status: BookingStatus
    service: str
    starts_at: datetime
    ends_at: datetime
    migrant_id: str | None
    name: str | None
    cyrillic_name: str | None
    outcome: EventKind | None
    undo_until: datetime | None
    allowed: list[AllowedOutcome]


class TicketBrief(Out):
    """By this number the visitor is called."""

    id: UUID
    number: int


class ArrivedOut(VisitOut):
    """A visit whose visitor has just checked in."""

    ticket: TicketBrief


class VisitPage(Out):
    """`next` goes into `cursor` for the page after; None on the last."""

    items: list[VisitOut]
    next: str | None


def visit_out(visit: Visit, point: Point) -> VisitOut:
    place = place_of(visit.booking)
    return VisitOut(
        booking_id=visit.booking.id,
        version=visit.booking.version,
        status=BookingStatus(visit.booking.status),
        service=visit.booking.service,
        starts_at=local(place.starts_at, point.zone),
        ends_at=local(place.ends_at, point.zone),
        migrant_id=visit.card.migrant_id if visit.card else None,
        name=visit.card.name if visit.card else None,
        cyrillic_name=visit.card.cyrillic_name if visit.card else None,
        outcome=visit.outcome,
        undo_until=visit.undo_until and local(visit.undo_until, point.zone),
        allowed=[AllowedOutcome(outcome=o.kind, expires_on=o.expires_on) for o in outcomes_of(visit.booking.service)],
    )
