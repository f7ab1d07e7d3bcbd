"""Wire types of plans and itineraries."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from app.domain.bookings.limits import MOST_TOGETHER
from app.domain.points.features import Feature
from app.domain.routing.itinerary import Obstacle, Reason
from app.domain.routing.journey import MOST_TASKS
from app.domain.routing.standing import Cause
from app.domain.routing.terms import MOST_MINUTES, MOST_VISITS, free_hours
from routers.bookings.schemas import BookingOut, Code
from routers.points.schemas import PointBrief
from routers.schemas import In, Instant, Out

Span = Annotated[list[Annotated[str, Field(pattern="^[0-2][0-9]:[0-5][05]$")]], Field(min_length=2, max_length=2)]
Spans = Annotated[list[Span], Field(max_length=6)]
Weekday = Annotated[str, Field(pattern="^[0-6]$")]


def _hours(value: dict[str, list[list[str]]] | None) -> dict[str, list[list[str]]] | None:
    if value is not None:
        free_hours(value)
    return value


Free = Annotated[dict[Weekday, Spans] | None, AfterValidator(_hours)]


class PlanIn(In):
    """How somebody wants to go, from where (degrees WGS 84; used for the plan, and not kept).

    `people`: who of the family goes, person ids; the caller alone by default. `free`: weekday (0 is Monday) →
    [from, to] on the region's clock, from leaving home to being back; always by default. `most_minutes` from home to a
    point. `offers`: settling-in help too. `replan`: visits that are booked may move; else they stay as they are.
    """

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    people: Annotated[list[UUID], Field(min_length=1, max_length=MOST_TOGETHER)] | None = None
    languages: list[Annotated[str, Field(max_length=12)]] = Field(default_factory=list, max_length=20)
    step_free: bool = False
    features: list[Feature] = Field(default_factory=list, max_length=10)
    free: Free = None
    most_visits: Annotated[int, Field(ge=1, le=MOST_TASKS)] = MOST_VISITS
    most_minutes: Annotated[int | None, Field(ge=1, le=MOST_MINUTES)] = None
    offers: bool = False
    replan: bool = False


class VisitIn(In):
    """A place as the plan proposed it. `person_id`: whose visit it is, the first of `people` unless it says so."""

    person_id: UUID | None = None
    step: Code
    service: Code
    point_id: UUID
    starts_at: Instant


class ItineraryIn(PlanIn):
    """What the plan was asked with, and the `book` of one of its itineraries."""

    visits: Annotated[list[VisitIn], Field(min_length=1, max_length=MOST_TASKS * MOST_TOGETHER)]


class GoingOut(Out):
    """Whose visit it is, from when to when. `booking_id`: the visit that is booked, and stays or would move here."""

    person_id: UUID
    starts_at: datetime
    ends_at: datetime
    booking_id: UUID | None


class PlannedVisitOut(Out):
    """A visit, in the point's own time. `way_minutes` from home or the visit before. `booked`: it is, and stays."""

    step: str
    title: str
    service: str
    point: PointBrief
    starts_at: datetime
    ends_at: datetime
    way_minutes: int
    booked: bool
    going: list[GoingOut]


class OutingOut(Out):
    """A day out: when to leave home, when one is back; `home_minutes` back from the last point, `minutes` in all."""

    day: date
    leaves_at: datetime
    back_at: datetime
    home_minutes: int
    minutes: int
    visits: list[PlannedVisitOut]


class ObstacleOut(Out):
    """A step that is late, or has no place: why, in a word for programs and in words for people. `by`: another step.

    `days_late` is None for a step without a place.
    """

    step: str
    title: str
    deadline: date | None
    days_late: int | None
    obstacle: Obstacle
    by: str | None
    text: str


class AssumedOut(Out):
    """A step without a visit that is counted on, by that day at the latest."""

    person_id: UUID
    step: str
    title: str
    by_host: bool
    on: date | None
    text: str


class VisitOut(Out):
    """A visit as it is to be sent for booking."""

    person_id: UUID
    step: str
    service: str
    point_id: UUID
    starts_at: datetime


class AgainstOut(Out):
    """A step that comes before, or without, what is advised first."""

    step: str
    advised: str
    title: str
    advised_title: str


class ProposalOut(Out):
    """An itinerary that can be had. `reason` and `text`: why it is proposed; `minutes` on the way in all.

    `missed`: the deadlines that it cannot meet. `book`: its visits as `POST /v1/itineraries` takes them.
    """

    reason: Reason
    text: str
    completes_on: date
    days_out: int
    minutes: int
    missed: list[ObstacleOut]
    against_advice: list[AgainstOut]
    assumes: list[AssumedOut]
    outings: list[OutingOut]
    book: list[VisitOut]


class PlanOut(Out):
    """Up to three itineraries, the best first. `unplaced`: steps that have a place in none of them."""

    itineraries: list[ProposalOut]
    unplaced: list[ObstacleOut]


class ItineraryVisitOut(Out):
    person_id: UUID
    booking: BookingOut


class ItineraryOut(Out):
    """What was booked: a visit for each who goes, in the order of their beginning."""

    id: UUID
    completes_on: date | None
    visits: list[ItineraryVisitOut]


class FailedOut(Out):
    """A step that the itinerary no longer brings about: `cause` for programs, `text` for people."""

    person_id: UUID
    step: str
    title: str
    cause: Cause
    booking_id: UUID | None
    text: str


class OfferOut(Out):
    """What the rest could become, to be accepted or declined; nothing moves before. `why`: what failed.

    Where people live is not kept: its ways begin at the point of the itinerary that is nearest to all the others.
    """

    id: UUID
    created_at: datetime
    why: list[FailedOut]
    proposal: ProposalOut


class StandingVisitOut(Out):
    """`good`: it can be made as it is booked."""

    person_id: UUID
    good: bool
    booking: BookingOut


class StandingOut(Out):
    """The itinerary that stands: its visits, whatever became of them; what failed; and what is offered, if anything."""

    id: UUID
    created_at: datetime
    completes_on: date | None
    whole: bool
    visits: list[StandingVisitOut]
    failed: list[FailedOut]
    assumes: list[AssumedOut]
    offer: OfferOut | None
