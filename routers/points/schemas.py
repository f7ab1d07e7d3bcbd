"""Wire types of points and their free times."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.models.points import Point
from routers.schemas import Out
from services.points.queries import FreeStart


class PointBrief(Out):
    """A point as it stands beside a visit or a free time. Coordinates in degrees, WGS 84."""

    id: UUID
    name: str
    municipality: str
    lat: float
    lon: float
    zone: str


class PointOut(PointBrief):
    """`hours`: weekday (0 is Monday) → intervals of local time. `languages` are spoken there."""

    code: str
    kind: str
    services: list[str]
    languages: list[str]
    step_free: bool
    hours: dict[str, list[list[str]]]


class PointList(Out):
    items: list[PointOut]


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
    )


def free_start_out(start: FreeStart, zone: str) -> FreeStartOut:
    return FreeStartOut(starts_at=local(start.starts_at, zone), left=start.left)


def local(instant: datetime, zone: str) -> datetime:
    """The same instant with the point's own offset: what stands on the clock at its wall."""
    return instant.astimezone(ZoneInfo(zone))
