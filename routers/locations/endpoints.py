"""Where one was: sent by the phone while one agrees to it, seen and deleted by oneself. Nobody else has a route to it:
the region is told where many are, and never of one.
"""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, status
from fastapi.responses import JSONResponse

from app.domain.identity.caller import Role
from app.domain.locations.precision import COARSEST, FINEST, Choices
from app.domain.locations.samples import AHEAD, Sample, instant
from app.errors import InvalidInput, NotFound
from routers.deps import Callers, DecidingUow, Migrant, ReadingUow, WritingUow
from routers.idempotency import KeepingRoute
from routers.locations.schemas import (
    LAST,
    ChoicesBody,
    CrowdedCell,
    CrowdedCells,
    Deleted,
    SamplePage,
    Verdicts,
    body_of_samples,
    sample_out,
    taken_of,
)
from routers.problems import problems
from routers.schemas import Cursor, Instant, cursor_of, key_of
from services.consents.errors import NoConsent
from services.locations import commands, queries

router = APIRouter(prefix="/v1", tags=["locations"], route_class=KeepingRoute)
_MILLISECOND = timedelta(milliseconds=1)


@router.post("/me/locations", response_model=Verdicts, responses=problems(NoConsent), openapi_extra=body_of_samples())
async def record_locations(
    uow: DecidingUow, caller: Migrant, samples: Annotated[list[Sample], Depends(taken_of)]
) -> JSONResponse:
    """Keeps samples that were taken while the person agrees to it, once each; says of each what became of it."""
    return JSONResponse({"results": await commands.record(uow, caller.person, samples)})


@router.get("/me/locations", responses=problems(InvalidInput))
async def own_locations(
    uow: ReadingUow,
    caller: Migrant,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> SamplePage:
    """What is kept of where the person was, newest first."""
    until = instant(_before(cursor)) if cursor else uow.now + AHEAD
    found = await queries.own_samples(uow, caller.person, until=until, limit=limit + 1)
    following = cursor_of(found[limit].at) if len(found) > limit else None
    return SamplePage(items=[sample_out(kept) for kept in found[:limit]], next=following)


@router.delete("/me/locations", responses=problems(InvalidInput))
async def delete_locations(
    uow: WritingUow,
    caller: Migrant,
    since: Annotated[Instant | None, Query()] = None,
    until: Annotated[Instant | None, Query()] = None,
) -> Deleted:
    """Deletes what was taken from `since` on and before `until`: all of it without both. Without `since` it stays
    deleted, also where the phone sends it again.
    """
    return Deleted(deleted=await commands.delete(uow, caller.person, since=since, until=until))


@router.delete("/me/locations/{sample_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(NotFound))
async def delete_location(sample_id: Annotated[int, Path(ge=0, le=LAST)], uow: WritingUow, caller: Migrant) -> None:
    """Deletes one sample."""
    at = instant(sample_id)
    if not await commands.delete(uow, caller.person, since=at, until=at + _MILLISECOND):
        raise NotFound


@router.get("/me/location-choices", responses=problems())
async def own_location_choices(uow: ReadingUow, caller: Migrant) -> ChoicesBody:
    """How exactly the person lets themselves be located, and for how long it is kept."""
    return ChoicesBody.model_validate(await queries.own_choices(uow, caller.person))


@router.put("/me/location-choices", responses=problems())
async def choose_location(body: ChoicesBody, uow: WritingUow, caller: Migrant) -> ChoicesBody:
    """Chooses it anew: what is kept already becomes as coarse, and what is too old for it goes."""
    await commands.choose(uow, caller.person, Choices(body.resolution, body.keep_days))
    return body


@router.get("/crowded-cells", dependencies=[Depends(Callers(Role.REGION_OPERATOR))], responses=problems())
async def crowded_cells(uow: ReadingUow, resolution: Annotated[int, Query(ge=COARSEST, le=FINEST)] = 7) -> CrowdedCells:
    """In which cells at least ten of those who let themselves be located were last, and how many, in whole tens."""
    found = await queries.crowded_cells(uow, resolution)
    return CrowdedCells(items=[CrowdedCell(cell=cell, people=count) for cell, count in sorted(found.items())])


def _before(cursor: str) -> int:
    match key_of(cursor):
        case [int(at)] if 0 <= at <= LAST:
            return at
    raise InvalidInput(field="cursor")
