"""Wire types of points and their free times."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domain.profiles.languages import Language
from app.locales.reading import service_text
from app.models.points import Point
from app.models.points import Service as CataloguedService
from routers.schemas import Out
from services.points.plans import Planned, hours_rows
from services.points.queries import FreeStart, OpenDay


class PointBrief(Out):
    """A point as it stands beside a visit or a free time. Coordinates in degrees, WGS 84."""

    id: UUID
    name: str
    municipality: str
    lat: float
    lon: float
    zone: str


class PointOut(PointBrief):
    """`hours`: weekday (0 is Monday) → intervals of local time. `languages` are spoken there, `interpreters` on those
    weekdays; `features` help people who need them.
    """

    code: str
    kind: str
    services: list[str]
    languages: list[str]
    step_free: bool
    hours: dict[str, list[list[str]]]
    features: list[str]
    interpreters: dict[str, list[str]]


class PointList(Out):
    items: list[PointOut]


class ServiceOut(Out):
    """A service and what it is for. `settling_in`: no step of a pathway asks for it; come if you like."""

    code: str
    name: str
    purpose: str
    settling_in: bool
    points: int


class ServiceList(Out):
    items: list[ServiceOut]


class OfferOut(Out):
    """A service at a point: how many minutes a visit takes."""

    service: str
    minutes: int


class OpenDayOut(Out):
    """A local day: closed without hours. `reason`: why it differs from the usual week, if an exception says so."""

    day: date
    hours: list[list[str]]
    holiday: bool
    reason: str | None


class PointDetails(PointOut):
    """All that a visitor wants to know; `days` are the next two weeks with their exceptions."""

    offers: list[OfferOut]
    directions: str | None
    to_know: str | None
    contact: dict[str, str] | None
    days: list[OpenDayOut]


class FreeTimeOut(Out):
    """The first free time at a point, in its own local time; None if nothing is free in the period."""

    point: PointBrief
    service: str
    minutes: int
    starts_at: datetime | None
    distance_km: float | None


class FreeTimeList(Out):
    items: list[FreeTimeOut]


class FreeStartOut(Out):
    """`left`: how many persons can still start then."""

    starts_at: datetime
    left: int


class FreeStartList(Out):
    items: list[FreeStartOut]


def point_brief(point: Point, language: str) -> PointBrief:
    return PointBrief(
        id=point.id,
        name=point.name[language],
        municipality=point.municipality[language],
        lat=point.lat,
        lon=point.lon,
        zone=point.zone,
    )


def point_out(point: Point, services: list[str], language: str) -> PointOut:
    return PointOut(
        **point_brief(point, language).model_dump(),
        code=point.code,
        kind=point.kind,
        services=services,
        languages=point.languages,
        step_free=point.step_free,
        hours=point.hours,
        features=point.features,
        interpreters=point.interpreters,
    )


def service_out(service: CataloguedService, points: int, language: Language) -> ServiceOut:
    return ServiceOut(
        code=service.code,
        name=service_text(service.name, language),
        purpose=service_text(service.purpose, language),
        settling_in=service.settling_in,
        points=points,
    )


def point_details(planned: Planned, days: list[OpenDay], language: str) -> PointDetails:
    point = planned.point
    offers = sorted((o.service, o.minutes) for pool in planned.plan.pools for o in pool.offers)
    return PointDetails(
        **point_out(point, [service for service, _ in offers], language).model_dump(),
        offers=[OfferOut(service=service, minutes=minutes) for service, minutes in offers],
        directions=point.directions and point.directions[language],
        to_know=point.to_know and point.to_know[language],
        contact=point.contact,
        days=[
            OpenDayOut(
                day=each.day,
                hours=hours_rows(each.hours),
                holiday=each.holiday,
                reason=each.reason[language] if each.reason else None,
            )
            for each in days
        ],
    )


def free_start_out(start: FreeStart) -> FreeStartOut:
    return FreeStartOut(starts_at=local(start.starts_at, start.zone), left=start.left)


def local(instant: datetime, zone: str) -> datetime:
    """The same instant with the point's own offset: what stands on the clock at its wall."""
    return instant.astimezone(ZoneInfo(zone))
