"""The person's pathway."""

from uuid import UUID

from fastapi import APIRouter, Request, Response, status

from app.db.unit_of_work import Reading
from app.domain.identity.caller import Caller
from app.errors import NotFound
from routers.deps import Migrant, ReadingUow, WritingUow
from routers.etags import unchanged
from routers.idempotency import KeepingRoute
from routers.language import own_language_of
from routers.pathways.invitation_schemas import InvitationList, InvitationOut, InvitedOut
from routers.pathways.schemas import DoneIn, PathwayOut, pathway_out
from routers.problems import problems
from services.pathways import commands, invitations, queries
from services.pathways.errors import (
    DayDoesNotCount,
    NeedsProof,
    NotForHosts,
    NothingToTakeBack,
    ProfileIncomplete,
    StepBlocked,
    StepDone,
    StepUnknown,
)

router = APIRouter(prefix="/v1/me/pathway", tags=["pathway"], route_class=KeepingRoute)


async def _own(request: Request, uow: Reading, caller: Caller) -> PathwayOut:
    pathway = await queries.pathway_of(uow, caller.person)
    return pathway_out(pathway, uow.region.day_of(uow.now), own_language_of(request))


@router.get(
    "",
    response_model=PathwayOut,
    responses={**problems(ProfileIncomplete), 304: {"description": "Not changed since the ETag sent."}},
)
async def own_pathway(request: Request, uow: ReadingUow, caller: Migrant) -> Response | PathwayOut:
    """Every step the law asks for, where it stands today, by when, and why. Phones keep it: it bears an ETag."""
    return unchanged(request, await _own(request, uow, caller))


@router.post(
    "/steps/{code}/done",
    status_code=status.HTTP_201_CREATED,
    responses=problems(ProfileIncomplete, StepUnknown, StepDone, StepBlocked, NeedsProof, DayDoesNotCount),
)
async def declare_done(code: str, body: DoneIn, request: Request, uow: WritingUow, caller: Migrant) -> PathwayOut:
    """The person's own word that a step without a visit is done."""
    await commands.declare_done(uow, caller.person, code, body.on, body.expires_on)
    return await _own(request, uow, caller)


@router.post(
    "/steps/{code}/take-back",
    status_code=status.HTTP_201_CREATED,
    responses=problems(ProfileIncomplete, StepUnknown, NothingToTakeBack),
)
async def take_back(code: str, request: Request, uow: WritingUow, caller: Migrant) -> PathwayOut:
    """Takes back the person's own word for a step, or disputes what their host said."""
    await commands.take_back(uow, caller.person, code)
    return await _own(request, uow, caller)


@router.post(
    "/steps/{code}/invitations",
    status_code=status.HTTP_201_CREATED,
    responses=problems(ProfileIncomplete, StepUnknown, StepDone, NotForHosts),
)
async def invite_host(code: str, uow: WritingUow, caller: Migrant) -> InvitedOut:
    """A code (to say or to show as a QR code) by which the person's host confirms the step. It lives a week."""
    return InvitedOut.model_validate(await invitations.invite(uow, caller.person, code))


@router.get("/invitations", responses=problems())
async def own_invitations(uow: ReadingUow, caller: Migrant) -> InvitationList:
    """The person's invitations, newest first, with what their hosts answered."""
    found = await invitations.own_invitations(uow, caller.person)
    return InvitationList(items=[InvitationOut.model_validate(item) for item in found])


@router.post(
    "/invitations/{invitation_id}/withdraw", status_code=status.HTTP_204_NO_CONTENT, responses=problems(NotFound)
)
async def withdraw_invitation(invitation_id: UUID, uow: WritingUow, caller: Migrant) -> None:
    """The code of an open invitation stops working."""
    await invitations.withdraw(uow, caller.person, invitation_id)
