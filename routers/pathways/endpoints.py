"""The person's pathway."""

from fastapi import APIRouter, Request, Response, status

from routers.deps import Migrant, ReadingUow, Region, WritingUow
from routers.etags import unchanged
from routers.idempotency import KeepingRoute
from routers.language import language_of
from routers.pathways.schemas import DoneIn, PathwayOut, pathway_out
from routers.problems import problems
from services.pathways import commands, queries
from services.pathways.errors import DayDoesNotCount, NeedsProof, ProfileIncomplete, StepBlocked, StepDone, StepUnknown

router = APIRouter(prefix="/v1/me/pathway", tags=["pathway"], route_class=KeepingRoute)


@router.get(
    "",
    response_model=PathwayOut,
    responses={**problems(ProfileIncomplete), 304: {"description": "Not changed since the ETag sent."}},
)
async def own_pathway(request: Request, uow: ReadingUow, caller: Migrant, region: Region) -> Response | PathwayOut:
    """Every step the law asks for, where it stands today, by when, and why. Phones keep it: it bears an ETag."""
    pathway = await queries.pathway_of(uow, caller.person)
    return unchanged(request, pathway_out(pathway, region.day_of(uow.now), language_of(request)))


@router.post(
    "/steps/{code}/done",
    status_code=status.HTTP_201_CREATED,
    responses=problems(ProfileIncomplete, StepUnknown, StepDone, StepBlocked, NeedsProof, DayDoesNotCount),
)
async def declare_done(
    code: str, body: DoneIn, request: Request, uow: WritingUow, caller: Migrant, region: Region
) -> PathwayOut:
    """The person's own word that a step without a visit is done."""
    await commands.declare_done(uow, caller.person, code, body.on)
    pathway = await queries.pathway_of(uow, caller.person)
    return pathway_out(pathway, region.day_of(uow.now), language_of(request))
