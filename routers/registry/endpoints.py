"""The mirror as the operator and the person see it, and the keys by which the regional registry knows Manzil."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response, status

from app.domain.identity.caller import Role
from app.errors import NotFound, UnknownRegion
from routers.deps import Anyone, Callers, Migrant, ReadingUow, Run, WritingUow
from routers.idempotency import KeepingRoute
from routers.problems import problems
from routers.registry.schemas import (
    AlarmOut,
    Alarms,
    DeadLetterOut,
    DeadLetters,
    ErasureOut,
    Erasures,
    MirrorKeySet,
    MirrorStanding,
)
from services.registry import dying, queries
from services.registry.errors import NoGroundLeft
from services.registry.grounds import ConsentGrounds
from services.registry.keys import published_keys

router = APIRouter(prefix="/v1", tags=["registry"], route_class=KeepingRoute)
ByOperator = Depends(Callers(Role.REGION_OPERATOR))
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/registry/{code}/jwks.json", dependencies=[Anyone], responses=problems(signed_in=False))
async def mirror_keys(code: Annotated[str, Path(max_length=40)], runtime: Run, response: Response) -> MirrorKeySet:
    """The public keys that this region's mirror is signed with. The next one is here days before it signs."""
    region = runtime.regions.get(code)
    if region is None:
        raise UnknownRegion
    response.headers["Cache-Control"] = "public, max-age=300"
    return MirrorKeySet.model_validate(await published_keys(runtime.database, region))


@router.get("/registry/standing", dependencies=[ByOperator], responses=problems())
async def mirror_standing(uow: ReadingUow) -> MirrorStanding:
    """How far the mirror is behind, and what waits for somebody."""
    return MirrorStanding.model_validate(await queries.standing(uow))


@router.get("/registry/dead-letters", dependencies=[ByOperator], responses=problems())
async def dead_letters(uow: ReadingUow, limit: Limit = 50) -> DeadLetters:
    """What the registry would not take, oldest first."""
    return DeadLetters(items=[DeadLetterOut.model_validate(one) for one in await queries.dead_letters(uow, limit)])


@router.post(
    "/registry/dead-letters/{letter_id}/put-back",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[ByOperator],
    responses=problems(NotFound, NoGroundLeft),
)
async def put_back_dead_letter(letter_id: UUID, uow: WritingUow) -> None:
    """Queues it anew, if its ground still stands."""
    await dying.put_letter_back(uow, ConsentGrounds(), letter_id)


@router.get("/registry/alarms", dependencies=[ByOperator], responses=problems())
async def mirror_alarms(uow: ReadingUow, limit: Limit = 50) -> Alarms:
    """Those that nobody has settled yet, newest first."""
    return Alarms(items=[AlarmOut.model_validate(one) for one in await queries.alarms(uow, limit)])


@router.post(
    "/registry/alarms/{alarm_id}/settle",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[ByOperator],
    responses=problems(NotFound),
)
async def settle_mirror_alarm(alarm_id: Annotated[int, Path(ge=1, le=2**63 - 1)], uow: WritingUow) -> None:
    """Somebody has looked after it."""
    await dying.settle_alarm(uow, alarm_id)


@router.get("/me/erasures", responses=problems())
async def erasures(uow: ReadingUow, caller: Migrant) -> Erasures:
    """What the regional registry was told to erase after a withdrawal, and its receipts."""
    return Erasures(items=[ErasureOut.model_validate(one) for one in await queries.erasures_of(uow, caller.person)])
