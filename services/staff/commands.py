"""Accounts of staff: who made them sees the invitation once, the person alone their password and authenticator."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import pyotp

from app.db.locks import take_turn
from app.db.unit_of_work import Reading, Writing
from app.domain.identity.caller import OF_ORGANISATION, Caller, Role
from app.domain.identity.staff import LET_IN_BY_TWO, StaffAction, may_manage, organisation_kind, scope_fits
from app.domain.identity.terms import ENROLMENT_LIVES, TOTP_STEP_SECONDS
from app.errors import NotAllowed, NotFound
from app.models.identity import Account
from services.identity.codes import count_failure, refuse_tired
from services.identity.devices import require_signed_in
from services.identity.sessions import end_all
from services.identity.staff import hashed, hashed_random, totp_field
from services.staff import repository
from services.staff.deputies import may_be_second
from services.staff.errors import (
    EmployersApply,
    EnrolmentOver,
    LastOperator,
    LoginTaken,
    NobodyConfirms,
    ScopeWrong,
    SecondPersonNeeded,
)

_TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class Invitation:
    """`token` is shown once, and kept by nobody. `needs_second`: it opens nothing without another operator's half."""

    account_id: UUID
    login: str
    token: str
    expires_at: datetime
    needs_second: bool


@dataclass(frozen=True, slots=True)
class Authenticator:
    """The secret (base32) that an authenticator app makes one-time passwords from, and the same as a URI (QR code)."""

    login: str
    totp_secret: str
    otpauth_uri: str


async def invite(
    uow: Writing, caller: Caller, role: Role, login: str, *, point_id: UUID | None, organisation_id: UUID | None
) -> Invitation:
    """A new account. NotAllowed for a role or point that is not the caller's to fill; ScopeWrong, LoginTaken,
    NobodyConfirms.
    """
    await require_signed_in(uow, caller)
    if not may_manage(caller, role, point_id):
        raise NotAllowed
    await _check_scope(uow, role, point_id, organisation_id)
    if await repository.by_login(uow, login) is not None:
        raise LoginTaken
    await _refuse_alone(uow, role, {caller.account_id})
    account_id = await add(uow, role, login, point_id=point_id, organisation_id=organisation_id)
    await repository.note(uow, account_id, StaffAction.INVITED, caller.account_id)
    return await _invitation(uow, account_id, role, login, caller)


async def invite_again(uow: Writing, caller: Caller, account_id: UUID) -> Invitation:
    """For a lost authenticator or password, or a disabled account: what was there is void at once. NobodyConfirms."""
    account = await _managed(uow, caller, account_id)
    await _refuse_alone(uow, Role(account.role), {caller.account_id, account_id})
    await _void(uow, account)
    await repository.change(uow, account_id, disabled_at=None, disabled_by=None)
    await repository.note(uow, account_id, StaffAction.INVITED_AGAIN, caller.account_id)
    return await _invitation(uow, account_id, Role(account.role), str(account.login), caller)


async def confirm(uow: Writing, caller: Caller, account_id: UUID) -> Invitation:
    """The other half of an invitation, for whoever is no second hand of who made it. NotFound, SecondPersonNeeded.

    Each of the two hands their half to the person themselves: neither of them has both.
    """
    account = await _managed(uow, caller, account_id)
    waiting = await repository.to_confirm(uow, account_id)
    if waiting is None or waiting.made_by is None:
        raise NotFound
    if not await may_be_second(uow, waiting.made_by, waiting.made_at, caller.account_id):
        raise SecondPersonNeeded
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    await repository.confirm_enrolment(uow, account_id, _digest(uow, token), caller.account_id)
    await repository.note(uow, account_id, StaffAction.CONFIRMED, caller.account_id)
    return Invitation(account_id, str(account.login), token, waiting.expires_at, needs_second=True)


async def disable(uow: Writing, caller: Caller, account_id: UUID) -> None:
    """Ends the account's sign-ins at once; its access tokens within ten minutes. LastOperator keeps the last one."""
    account = await _managed(uow, caller, account_id)
    if account.role == Role.REGION_OPERATOR:
        await take_turn(uow, "operators")
        if not await repository.working_operators(uow, {account_id}):
            raise LastOperator
    await end_all(uow, account_id)
    await repository.drop_enrolment(uow, account_id)
    if account.disabled_at is None:
        await repository.change(uow, account_id, disabled_at=uow.now, disabled_by=caller.account_id)
        await repository.note(uow, account_id, StaffAction.DISABLED, caller.account_id)


async def enrol(uow: Writing, token: str, second: str, password: str, address: str) -> Authenticator:
    """Sets the person's own password, and makes the secret of their authenticator. EnrolmentOver, TooSoon.

    `second`: the other half of an invitation by two; anything for others.
    """
    await refuse_tired(uow, address)
    account_id = await repository.use_enrolment(uow, _digest(uow, token), _digest(uow, second))
    account = await repository.locked(uow, account_id) if account_id else None
    if account is None or account.disabled_at is not None:
        await count_failure(uow, address)
        raise EnrolmentOver
    login, secret = str(account.login), pyotp.random_base32()
    await _set(uow, account.id, login, await hashed(password), secret)
    await repository.note(uow, account.id, StaffAction.ENROLLED, None)
    uri = pyotp.TOTP(secret, interval=TOTP_STEP_SECONDS).provisioning_uri(name=login, issuer_name="Manzil")
    return Authenticator(login, secret, uri)


async def invite_operator(uow: Writing, login: str) -> Invitation:
    """For the command line: the region's first two operators, or one who lost everything. LoginTaken by another role.

    Whoever has the server's shell is beyond the rule that two let an operator in: they have the database too.
    """
    account = await repository.by_login(uow, login)
    if account is None:
        account_id, action = await add(uow, Role.REGION_OPERATOR, login), StaffAction.INVITED
    elif account.role != Role.REGION_OPERATOR:
        raise LoginTaken
    else:
        account_id, action = account.id, StaffAction.INVITED_AGAIN
        await _void(uow, account)
        await repository.change(uow, account_id, disabled_at=None, disabled_by=None)
    await repository.note(uow, account_id, action, None)
    return await _invitation(uow, account_id, Role.REGION_OPERATOR, login, None)


async def add(
    uow: Writing, role: Role, login: str, *, point_id: UUID | None = None, organisation_id: UUID | None = None
) -> UUID:
    """An account that nobody can use yet."""
    account_id = uuid4()
    scope = {"point_id": point_id, "organisation_id": organisation_id}
    await repository.add(uow, {"id": account_id, "role": role, "login": login, **scope})
    return account_id


async def add_enrolled(
    uow: Writing,
    role: Role,
    login: str,
    password: str,
    totp_secret: str,
    *,
    point_id: UUID | None = None,
    organisation_id: UUID | None = None,
) -> UUID:
    """For demonstrations: an account whose secrets were drawn elsewhere, the password from 112 bits or more.

    `totp_secret` is base32.
    """
    account_id = await add(uow, role, login, point_id=point_id, organisation_id=organisation_id)
    await _set(uow, account_id, login, hashed_random(password), totp_secret)
    return account_id


async def has_staff(uow: Reading, login: str) -> bool:
    return await repository.by_login(uow, login) is not None


async def add_organisation(uow: Writing, caller: Caller, kind: str, name: dict[str, str]) -> UUID:
    """An agency; `name` by language. EmployersApply for an employer."""
    await require_signed_in(uow, caller)
    if kind == "employer":
        raise EmployersApply
    organisation_id = uuid4()
    await repository.add_organisation(uow, organisation_id, kind, name)
    return organisation_id


async def put_organisation(uow: Writing, organisation_id: UUID, kind: str, name: dict[str, str]) -> None:
    """For a feature that knows it by that id already, and has made sure of who asks. Safe to repeat."""
    if not await repository.organisation(uow, organisation_id):
        await repository.add_organisation(uow, organisation_id, kind, name)


async def _managed(uow: Writing, caller: Caller, account_id: UUID) -> Account:
    await require_signed_in(uow, caller)
    account = await repository.locked(uow, account_id)
    if account is None or not may_manage(caller, Role(account.role), account.point_id):
        raise NotFound
    return account


async def _check_scope(uow: Reading, role: Role, point_id: UUID | None, organisation_id: UUID | None) -> None:
    # Whether the point exists, the database says.
    if not scope_fits(role, point_id, organisation_id):
        raise ScopeWrong
    if role in OF_ORGANISATION and organisation_id is not None:
        organisation = await repository.organisation(uow, organisation_id)
        if organisation is None or organisation.kind != organisation_kind(role):
            raise ScopeWrong


async def _refuse_alone(uow: Reading, role: Role, apart_from: set[UUID]) -> None:
    if role in LET_IN_BY_TWO and not await repository.working_operators(uow, apart_from):
        raise NobodyConfirms


async def _void(uow: Writing, account: Account) -> None:
    await end_all(uow, account.id)
    await repository.change(uow, account.id, password_hash=None, totp_sealed=None)


async def _set(uow: Writing, account_id: UUID, login: str, password_hash: str, totp_secret: str) -> None:
    await repository.change(
        uow,
        account_id,
        password_hash=password_hash,
        totp_sealed=uow.vault.seal_system(totp_field(login), totp_secret.encode()),
        failed_tries=0,
        locked_until=None,
    )


async def _invitation(uow: Writing, account_id: UUID, role: Role, login: str, caller: Caller | None) -> Invitation:
    token, expires_at = secrets.token_urlsafe(_TOKEN_BYTES), uow.now + ENROLMENT_LIVES
    needs_second = caller is not None and role in LET_IN_BY_TWO
    values = {
        "digest": _digest(uow, token),
        "made_by": caller.account_id if caller else None,
        "expires_at": expires_at,
        "needs_second": needs_second,
    }
    await repository.put_enrolment(uow, account_id, values)
    return Invitation(account_id, login, token, expires_at, needs_second)


def _digest(uow: Reading, token: str) -> bytes:
    return uow.vault.mac("enrolment", token.encode())
