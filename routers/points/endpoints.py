"""Where a service is given, and when there is a place."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.domain.bookings.limits import MOST_TOGETHER
from app.domain.points.features import Feature
from app.errors import InvalidInput, NotFound
from routers.deps import Anyone, ReadingUow, Region
from routers.etags import unchanged
from routers.language import language_of, own_language_of
from routers.points.rendering import free_times_json
from routers.points.schemas import (
    FreeStartList,
    FreeTimeList,
    PointDetails,
    PointList,
    ServiceList,
    free_start_out,
    point_details,
    point_out,
    service_out,
)
from routers.problems import problems
from routers.schemas import Instant
from services.points import queries
from services.points.queries import Wanted

router = APIRouter(prefix="/v1", tags=["points"])

Service = Annotated[str, Query(min_length=1, max_length=40, pattern="^[a-z_]+$", examples=["medical"])]


@router.get(
    "/services",
    response_model=ServiceList,
    dependencies=[Anyone],
    responses={**problems(signed_in=False), 304: {"description": "Not changed since the ETag sent."}},
)
async def services(request: Request, uow: ReadingUow) -> Response:
    """What can be had in the region, what it is for, and at how many points; settling-in help too."""
    language, found = own_language_of(request), await queries.all_services(uow)
    return unchanged(request, ServiceList(items=[service_out(each, points, language) for each, points in found]))


async def wanted(
    languages: Annotated[
        list[Annotated[str, Query(max_length=12)]] | None,
        Query(max_length=20, description="Any of these is spoken there, by staff or an interpreter."),
    ] = None,
    step_free: Annotated[bool, Query(description="Only points without steps.")] = False,
    features: Annotated[list[Feature] | None, Query(max_length=10, description="All of these.")] = None,
) -> Wanted | None:
    """What a person needs of a point; None when nothing is asked for."""
    needed = frozenset([*(features or ()), *(("step_free",) if step_free else ())])
    return Wanted(frozenset(languages or ()), needed) if languages or needed else None


Needs = Annotated[Wanted | None, Depends(wanted)]


@router.get(
    "/points",
    response_model=PointList,
    dependencies=[Anyone],
    responses={**problems(signed_in=False), 304: {"description": "Not changed since the ETag sent."}},
)
async def points(
    request: Request, uow: ReadingUow, needs: Needs, service: Service | None = None
) -> Response | PointList:
    """All service points, or those that give a service. A region has tens of them: there is one page."""
    language = language_of(request)
    found = await queries.all_points(uow, service, needs)
    return unchanged(request, PointList(items=[point_out(p, services, language) for p, services in found]))


@router.get(
    "/free-times",
    response_model=FreeTimeList,
    dependencies=[Anyone],
    responses=problems(InvalidInput, signed_in=False),
)
async def first_free_times(
    *,
    request: Request,
    uow: ReadingUow,
    region: Region,
    needs: Needs,
    service: Service,
    not_before: Annotated[Instant | None, Query()] = None,
    days: Annotated[int, Query(ge=0, le=366)] = 31,
    lat: Annotated[float | None, Query(ge=-90, le=90)] = None,
    lon: Annotated[float | None, Query(ge=-180, le=180)] = None,
    people: Annotated[int, Query(ge=1, le=MOST_TOGETHER, description="A family: at once or one after another.")] = 1,
    limit: Annotated[int, Query(ge=1, le=100, description="So many points, the nearest.")] = queries.POINTS_SHOWN,
) -> Response:
    """The first free time at each point that gives the service, soonest first. `lat` and `lon` go together; they
    choose and sort, and are not kept.
    """
    if (lat is None) != (lon is None):
        raise InvalidInput(field="lat" if lat is None else "lon")
    near = None if lat is None or lon is None else (lat, lon)
    found = await queries.first_free_times(
        uow,
        service,
        not_before=not_before,
        days=min(days, region.calendar_days),
        near=near,
        wanted=needs,
        people=people,
        limit=limit,
    )
    return Response(free_times_json(found, service, language_of(request)), media_type="application/json")


@router.get(
    "/points/{point_id}",
    response_model=PointDetails,
    dependencies=[Anyone],
    responses={**problems(NotFound, signed_in=False), 304: {"description": "Not changed since the ETag sent."}},
)
async def one_point(point_id: UUID, request: Request, uow: ReadingUow) -> Response:
    """A point with its next two weeks: usual hours, holidays, exceptions and why."""
    planned, days = await queries.point_with_days(uow, point_id)
    return unchanged(request, point_details(planned, days, language_of(request)))


@router.get(
    "/points/{point_id}/days/{day}",
    dependencies=[Anyone],
    responses=problems(NotFound, signed_in=False),
)
async def day_of_point(point_id: UUID, day: date, service: Service, uow: ReadingUow) -> FreeStartList:
    """Every free start of one local day at one point; empty when it is closed or its calendar not yet made."""
    starts = await queries.day_of(uow, point_id, service, day)
    return FreeStartList(items=[free_start_out(start) for start in starts])
