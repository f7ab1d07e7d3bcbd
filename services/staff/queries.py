"""Who works here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.identity.caller import Caller, Role
from app.domain.identity.staff import StaffAction
from app.models.identity import Account, Enrolment
from services.staff import repository


@dataclass(frozen=True, slots=True)
class StaffView:
    """`enrolled`: whether they have set their password; until then the account opens to nobody. `to_confirm`: their
    invitation waits for another operator than `invited_by`, who made the one that is open.
    """

    account_id: UUID
    role: Role
    login: str
    point_id: UUID | None
    organisation_id: UUID | None
    enrolled: bool
    disabled: bool
    invited_by: UUID | None
    to_confirm: bool


@dataclass(frozen=True, slots=True)
class OrganisationView:
    id: UUID
    kind: str
    name: dict[str, str]
    created_at: datetime


async def staff(uow: Reading, caller: Caller, after: str | None, limit: int) -> list[StaffView]:
    """By login: all staff for an operator, the clerks of their point for a manager."""
    point_id = caller.point if caller.role is Role.POINT_MANAGER else None
    return [_view(account, invitation) for account, invitation in await repository.page(uow, point_id, after, limit)]


def _view(account: Account, invitation: Enrolment | None) -> StaffView:
    return StaffView(
        account_id=account.id,
        role=Role(account.role),
        login=str(account.login),
        point_id=account.point_id,
        organisation_id=account.organisation_id,
        enrolled=account.password_hash is not None,
        disabled=account.disabled_at is not None,
        invited_by=invitation.made_by if invitation else None,
        to_confirm=bool(invitation and invitation.needs_second and invitation.confirmed_by is None),
    )


@dataclass(frozen=True, slots=True)
class Noted:
    """What was done with an account of staff. `by`: None for the person themselves, or the server's shell."""

    id: UUID
    at: datetime
    account_id: UUID
    login: str | None
    action: StaffAction
    by: UUID | None


async def log(uow: Reading, before: tuple[datetime, UUID] | None, limit: int) -> list[Noted]:
    """Newest first; `before` is the (instant, id) that the page before ended with."""
    rows = await repository.noted(uow, before, limit)
    return [Noted(row.id, row.at, row.account_id, login, StaffAction(row.action), row.by_id) for row, login in rows]


async def organisations(uow: Reading, after: UUID | None, limit: int) -> list[OrganisationView]:
    """By id."""
    rows = await repository.organisations(uow, after, limit)
    return [OrganisationView(row.id, row.kind, row.name, row.created_at) for row in rows]


async def organisation_name(uow: Reading, organisation_id: UUID) -> dict[str, str] | None:
    """By language; None if there is no such."""
    found = await repository.organisation(uow, organisation_id)
    return found.name if found else None


async def organisation_names(
    uow: Reading, ids: Collection[UUID], kind: str | None = None
) -> dict[UUID, dict[str, str]]:
    """What these are called, by language; those of a kind."""
    return await repository.organisation_names(uow, ids, kind) if ids else {}


async def agencies_named(uow: Reading, names: Collection[str]) -> list[dict[str, str]]:
    """What agencies of these English names are called, by language: a person's log has those."""
    return await repository.agencies_named(uow, names) if names else []


async def account_of(uow: Reading, login: str) -> UUID | None:
    """Whose login it is."""
    account = await repository.by_login(uow, login)
    return account.id if account else None
