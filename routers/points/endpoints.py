"""Where a service is given, and when there is a place."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.errors import InvalidInput, NotFound
from routers.deps import Anyone, ReadingUow, Region
from routers.etags import unchanged
from routers.language import language_of
from routers.points.rendering import free_times_json
from routers.points.schemas import (
    FreeStartList,
    FreeTimeList,
    PointList,
    free_start_out,
    point_out,
)
from routers.problems import problems
from routers.schemas import Instant
from services.points import queries

router = APIRouter(prefix="/v1", tags=["points"])

Service = Annotated[str, Query(min_length=1, max_length=40, pattern="^[a-z_]+$", examples=["medical"])]


@router.get(
    "/points",
    response_model=PointList,
    dependencies=[Anyone],
    responses={**problems(signed_in=False), 304: {"description": "Not changed since the ETag sent."}},
)
async def points(request: Request, uow: ReadingUow, service: Service | None = None) -> Response | PointList:
    """All service points, or those that give a service. A region has tens of them: there is one page."""
    language = language_of(request)
    found = await queries.all_points(uow, service)
    return unchanged(request, PointList(items=[point_out(p, services, language) for p, services in found]))


@router.get(
    "/free-times",
    response_model=FreeTimeList,
    dependencies=[Anyone],
    responses=problems(InvalidInput, signed_in=False),
)
async def first_free_times(
    request: Request,
    uow: ReadingUow,
    region: Region,
    service: Service,
    not_before: Annotated[Instant | None, Query()] = None,
    days: Annotated[int, Query(ge=0, le=366)] = 31,
    lat: Annotated[float | None, Query(ge=-90, le=90)] = None,
    lon: Annotated[float | None, Query(ge=-180, le=180)] = None,
) -> Response:
    """The first free time at each point that gives the service, soonest first. `lat` and `lon` go together; they
    sort and are not kept.
    """
    if (lat is None) != (lon is None):
        raise InvalidInput(field="lat" if lat is None else "lon")
    near = None if lat is None or lon is None else (lat, lon)
    found = await queries.first_free_times(
        uow, service, not_before=not_before, days=min(days, region.calendar_days), near=near
    )
    return Response(free_times_json(found, service, language_of(request)), media_type="application/json")


@router.get(
    "/points/{point_id}/days/{day}",
    dependencies=[Anyone],
    responses=problems(NotFound, signed_in=False),
)
async def day_of_point(point_id: UUID, day: date, service: Service, uow: ReadingUow) -> FreeStartList:
    """Every free start of one local day at one point; empty when it is closed or its calendar not yet made."""
    zone = (await queries.point(uow, point_id)).zone
    starts = await queries.day_of(uow, point_id, service, day)
    return FreeStartList(items=[free_start_out(start, zone) for start in starts])
