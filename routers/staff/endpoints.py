"""Accounts of staff, and their enrolment."""

import re
from uuid import UUID

from fastapi import APIRouter, Request, status

from app.domain.identity.caller import Role
from app.domain.identity.terms import REFRESH_REPEATS
from app.errors import InvalidInput, NotFound
from routers.addresses import address_of
from routers.deps import Anyone, Operator, Overseer, ReadingUow, StaffManager, WritingUow
from routers.idempotency import KeepingRoute, answer_kept_for
from routers.problems import problems
from routers.schemas import Cursor, Limit, cursor_of, id_of, instant_key_of, key_of
from routers.staff.schemas import (
    AuthenticatorOut,
    Enrol,
    InvitationOut,
    Invite,
    NotedOut,
    OrganisationIn,
    OrganisationMade,
    OrganisationOut,
    OrganisationPage,
    StaffLog,
    StaffOut,
    StaffPage,
)
from services.identity.errors import TooSoon
from services.staff import commands, queries
from services.staff.errors import (
    EmployersApply,
    EnrolmentOver,
    LastOperator,
    LoginTaken,
    NobodyConfirms,
    ScopeWrong,
    SecondPersonNeeded,
)

router = APIRouter(tags=["staff"], route_class=KeepingRoute)
_LOGIN = re.compile(r"[A-Za-z0-9@._+-]{1,80}")


@router.post(
    "/v1/staff", status_code=status.HTTP_201_CREATED, responses=problems(LoginTaken, ScopeWrong, NobodyConfirms)
)
@answer_kept_for(REFRESH_REPEATS)
async def invite_staff(body: Invite, uow: WritingUow, caller: StaffManager) -> InvitationOut:
    """A new account and its invitation, shown once. A point's manager invites clerks of that point, an operator all.

    An operator's or auditor's invitation opens nothing until another operator has confirmed it.
    """
    invitation = await commands.invite(
        uow, caller, Role(body.role), body.login, point_id=body.point_id, organisation_id=body.organisation_id
    )
    return InvitationOut.model_validate(invitation)


@router.get("/v1/staff", responses=problems(InvalidInput))
async def list_staff(uow: ReadingUow, caller: StaffManager, cursor: Cursor = None, limit: Limit = 50) -> StaffPage:
    """Staff by login: all of the region for an operator, the point's clerks for its manager."""
    found = await queries.staff(uow, caller, _login(cursor) if cursor else None, limit + 1)
    page = [StaffOut.model_validate(view) for view in found[:limit]]
    return StaffPage(items=page, next=cursor_of(page[-1].login) if len(found) > limit else None)


@router.post(
    "/v1/staff/{account_id}/invitation",
    status_code=status.HTTP_201_CREATED,
    responses=problems(NotFound, NobodyConfirms),
)
@answer_kept_for(REFRESH_REPEATS)
async def invite_staff_again(account_id: UUID, uow: WritingUow, caller: StaffManager) -> InvitationOut:
    """For a lost authenticator or password, or to let a disabled account in again. The old ones are void at once."""
    return InvitationOut.model_validate(await commands.invite_again(uow, caller, account_id))


@router.post(
    "/v1/staff/{account_id}/invitation/confirm",
    status_code=status.HTTP_201_CREATED,
    responses=problems(NotFound, SecondPersonNeeded),
)
@answer_kept_for(REFRESH_REPEATS)
async def confirm_staff_invitation(account_id: UUID, uow: WritingUow, caller: Operator) -> InvitationOut:
    """The second token of an operator's or auditor's invitation, shown once, to another operator than who made it.

    Hand it to the person themselves, and to nobody else: who has both tokens is let in.
    """
    return InvitationOut.model_validate(await commands.confirm(uow, caller, account_id))


@router.get("/v1/staff-log", responses=problems(InvalidInput))
async def staff_log(uow: ReadingUow, _: Overseer, cursor: Cursor = None, limit: Limit = 50) -> StaffLog:
    """Who invited, confirmed and disabled whom, and who stands in for whom since when; newest first."""
    found = await queries.log(uow, instant_key_of(cursor) if cursor else None, limit + 1)
    page = [NotedOut.model_validate(one) for one in found[:limit]]
    more = cursor_of(page[-1].at.isoformat(), str(page[-1].id)) if len(found) > limit else None
    return StaffLog(items=page, next=more)


@router.post(
    "/v1/staff/{account_id}/disable",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(NotFound, LastOperator),
)
async def disable_staff(account_id: UUID, uow: WritingUow, caller: StaffManager) -> None:
    """Ends the account's sign-ins and lets nobody in. An access token given before lives out its ten minutes."""
    await commands.disable(uow, caller, account_id)


@router.post(
    "/v1/auth/enrolments",
    status_code=status.HTTP_201_CREATED,
    dependencies=[Anyone],
    responses=problems(EnrolmentOver, TooSoon, signed_in=False),
)
@answer_kept_for(REFRESH_REPEATS)
async def enrol(body: Enrol, request: Request, uow: WritingUow) -> AuthenticatorOut:
    """Uses an invitation up: sets the password, and gives the authenticator's secret, this once."""
    return AuthenticatorOut.model_validate(
        await commands.enrol(uow, body.token, body.second_token, body.password, address_of(request))
    )


@router.post("/v1/organisations", status_code=status.HTTP_201_CREATED, responses=problems(EmployersApply))
async def add_organisation(body: OrganisationIn, uow: WritingUow, caller: Operator) -> OrganisationMade:
    """An agency, whose staff can be invited then. Employers apply by POST /v1/companies."""
    name = {"ru": body.name_ru, "en": body.name_en}
    return OrganisationMade(id=await commands.add_organisation(uow, caller, body.kind, name))


@router.get("/v1/organisations", responses=problems(InvalidInput))
async def list_organisations(
    uow: ReadingUow, _: Operator, cursor: Cursor = None, limit: Limit = 50
) -> OrganisationPage:
    """Employers and agencies."""
    found = await queries.organisations(uow, id_of(cursor) if cursor else None, limit + 1)
    page = [OrganisationOut.model_validate(view) for view in found[:limit]]
    return OrganisationPage(items=page, next=cursor_of(str(page[-1].id)) if len(found) > limit else None)


def _login(cursor: str) -> str:
    match key_of(cursor):
        case [str(login)] if _LOGIN.fullmatch(login):
            return login
    raise InvalidInput(field="cursor")
