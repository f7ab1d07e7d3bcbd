"""The host's side of a step: they read an invitation and confirm it. The code is in the body, never in a URL."""

from fastapi import APIRouter, Request, status

from routers.deps import Host, WritingUow
from routers.idempotency import KeepingRoute
from routers.language import own_language_of
from routers.pathways.invitation_schemas import AskedOut, CodeIn, ConfirmIn, asked_out
from routers.problems import problems
from services.pathways import invitations
from services.pathways.errors import DayDoesNotCount, InvitationGone, OwnHost

router = APIRouter(prefix="/v1/host/invitations", tags=["hosts"], route_class=KeepingRoute)


@router.post("/read", responses=problems(InvitationGone))
async def read_invitation(body: CodeIn, request: Request, uow: WritingUow, _: Host) -> AskedOut:
    """Whom and what the code is about: a first name, an initial, the step. The person sees that it was read."""
    return asked_out(await invitations.look(uow, body.code), own_language_of(request))


@router.post(
    "/confirm",
    status_code=status.HTTP_201_CREATED,
    responses=problems(InvitationGone, OwnHost, DayDoesNotCount),
)
async def confirm_invitation(body: ConfirmIn, request: Request, uow: WritingUow, _: Host) -> AskedOut:
    """The host's word that the registration was filed on that day. A code confirms once."""
    return asked_out(await invitations.confirm(uow, body.code, body.on, body.number), own_language_of(request))
