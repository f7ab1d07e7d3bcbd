"""Wire types of a point's plan: what its manager reads and changes."""

from datetime import date, datetime, time
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.points.calendar import Hours
from app.domain.points.features import Feature
from app.domain.points.plan import (
    CountersException,
    HoursException,
    Offer,
    Period,
    PointPlan,
    PoolPlan,
    Taken,
)
from app.models.points import Point
from routers.points.schemas import local
from routers.schemas import In, Out
from services.points.commands import About, Changed
from services.points.errors import WrongPlan
from services.points.plans import Planned, hours_document, hours_rows

Code = Annotated[str, Field(min_length=1, max_length=40, pattern="^[a-z0-9_-]+$")]
Service = Annotated[str, Field(min_length=1, max_length=40, pattern="^[a-z_]+$")]
Weekday = Annotated[str, Field(pattern="^[0-6]$")]
Wall = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][05]$", examples=["09:00"])]
Spans = Annotated[list[Annotated[list[Wall], Field(min_length=2, max_length=2)]], Field(max_length=8)]
Language = Annotated[str, Field(min_length=2, max_length=12, pattern="^[A-Za-z-]+$")]
Counters = Annotated[int, Field(ge=0, le=500)]
Minutes = Annotated[int, Field(ge=5, le=600, multiple_of=5)]


class Words(In):
    """A text in the languages that everybody is served in."""

    ru: Annotated[str, Field(min_length=1, max_length=2000)]
    en: Annotated[str, Field(min_length=1, max_length=2000)]


class HoursExceptionIO(In):
    """Days, first and last included, with other hours; closed when `hours` is empty."""

    first_day: date
    last_day: date
    hours: Spans
    reason: Words


class CountersExceptionIO(In):
    first_day: date
    last_day: date
    counters: Counters


class OfferIO(In):
    """`minutes` long, starting every so many minutes from the opening on."""

    service: Service
    minutes: Minutes
    every: Minutes


class PoolIO(In):
    """Counters that give the same services. `weekly_counters`: weekday → another number than `counters`."""

    code: Code
    counters: Annotated[int, Field(ge=1, le=500)]
    weekly_counters: Annotated[dict[Weekday, Counters], Field(default_factory=dict)]
    exceptions: Annotated[list[CountersExceptionIO], Field(default_factory=list, max_length=200)]
    services: Annotated[list[OfferIO], Field(default_factory=list, max_length=40)]


class PlanIO(In):
    """`hours`: weekday (0 is Monday) → intervals of local time; 00:00 as an end is the midnight after."""

    hours: dict[Weekday, Spans]
    open_on_holidays: bool
    exceptions: Annotated[list[HoursExceptionIO], Field(default_factory=list, max_length=200)]
    pools: Annotated[list[PoolIO], Field(max_length=40)]


class PlanOut(Out):
    """`version` goes into the change of this plan."""

    version: str
    plan: PlanIO


class PlanChange(In):
    """The whole plan as it shall be. `version`: of the plan it was made from. A `preview` changes nothing.
    `confirmation`: from a refusal or a preview that named the visits which the change strands.
    """

    version: Annotated[str, Field(max_length=64)]
    plan: PlanIO
    preview: bool = False
    confirmation: Annotated[str, Field(max_length=64)] | None = None


class VisitToMove(Out):
    """A visit without a counter or a service. Whose it is, a manager needs not know. In the point's local time."""

    booking_id: UUID
    service: str
    starts_at: datetime


class VisitsToMove(Out):
    items: list[VisitToMove]


class ChangeOut(Out):
    """`days`: of pools' calendars that differ. `affected`: who keeps a place that the plan no longer has."""

    version: str
    applied: bool
    days: int
    affected: list[VisitToMove]
    confirmation: str | None


class Contact(In):
    """How to reach a point, as far as it can be reached so."""

    phone: Annotated[str, Field(pattern=r"^\+[0-9]{7,15}$")] | None = None
    email: Annotated[str, Field(max_length=200, pattern="^[^@ ]+@[^@ ]+$")] | None = None
    site: Annotated[str, Field(max_length=200, pattern="^https://[^ ]+$")] | None = None


class AboutIO(In):
    """What people are told of a point. `interpreters`: weekday → languages."""

    languages: Annotated[list[Language], Field(max_length=40)]
    step_free: bool
    features: Annotated[list[Feature], Field(default_factory=list, max_length=20)]
    interpreters: Annotated[dict[Weekday, Annotated[list[Language], Field(max_length=40)]], Field(default_factory=dict)]
    directions: Words | None = None
    to_know: Words | None = None
    contact: Contact | None = None


def plan_out(planned: Planned) -> PlanOut:
    plan = planned.plan
    return PlanOut(
        version=plan.digest,
        plan=PlanIO(
            hours=hours_document(plan.week),
            open_on_holidays=plan.open_on_holidays,
            exceptions=[
                HoursExceptionIO(
                    first_day=each.period.first,
                    last_day=each.period.last,
                    hours=hours_rows(each.hours),
                    reason=Words(**each.reason),
                )
                for each in plan.exceptions
            ],
            pools=[
                PoolIO(
                    code=pool.code,
                    counters=pool.counters,
                    weekly_counters={str(weekday): count for weekday, count in pool.weekly.items()},
                    exceptions=[
                        CountersExceptionIO(
                            first_day=each.period.first, last_day=each.period.last, counters=each.counters
                        )
                        for each in pool.exceptions
                    ],
                    services=[OfferIO(service=o.service, minutes=o.minutes, every=o.every) for o in pool.offers],
                )
                for pool in plan.pools
            ],
        ),
    )


def plan_in(stated: PlanIO, present: PointPlan) -> PointPlan:
    """The plan that was sent; WrongPlan when its parts contradict each other."""
    try:
        return PointPlan(
            zone=present.zone,
            week={int(weekday): _spans(spans) for weekday, spans in sorted(stated.hours.items()) if spans},
            open_on_holidays=stated.open_on_holidays,
            exceptions=tuple(
                HoursException(Period(each.first_day, each.last_day), _spans(each.hours), each.reason.model_dump())
                for each in stated.exceptions
            ),
            pools=tuple(
                PoolPlan(
                    code=pool.code,
                    counters=pool.counters,
                    weekly={int(weekday): count for weekday, count in pool.weekly_counters.items()},
                    exceptions=tuple(
                        CountersException(Period(each.first_day, each.last_day), each.counters)
                        for each in pool.exceptions
                    ),
                    offers=tuple(Offer(o.service, o.minutes, o.every) for o in pool.services),
                )
                for pool in stated.pools
            ),
        )
    except ValueError as error:
        raise WrongPlan(fault=str(error)) from None


def change_out(changed: Changed, *, applied: bool) -> ChangeOut:
    return ChangeOut(
        version=changed.planned.plan.digest,
        applied=applied,
        days=changed.days,
        affected=[visit_to_move(place, changed.planned.point) for place in changed.stranded],
        confirmation=changed.confirmation,
    )


def visit_to_move(place: Taken, point: Point) -> VisitToMove:
    return VisitToMove(booking_id=place.booking_id, service=place.service, starts_at=local(place.starts_at, point.zone))


def about_in(stated: AboutIO) -> About:
    return About(
        languages=stated.languages,
        step_free=stated.step_free,
        features=[feature.value for feature in stated.features],
        interpreters=dict(stated.interpreters),
        directions=_members(stated.directions),
        to_know=_members(stated.to_know),
        contact=_members(stated.contact),
    )


def wall_in(stated: str | None) -> time | None:
    """A time on the wall."""
    return None if stated is None else time.fromisoformat(stated)


def _members(stated: In | None) -> dict[str, str] | None:
    return None if stated is None else stated.model_dump(exclude_none=True)


def _spans(spans: list[list[str]]) -> tuple[Hours, ...]:
    return tuple(Hours(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in spans)
