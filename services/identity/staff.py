"""Staff sign in with login, password (argon2id) and a one-time password (TOTP, RFC 6238)."""

import asyncio
from datetime import datetime
from uuid import UUID, uuid4

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from app.db.unit_of_work import Writing
from app.domain.identity.caller import Role
from app.domain.identity.terms import STAFF_LOCK, STAFF_TRIES, TOTP_STEP_SECONDS
from app.models.identity import Account
from services.identity import repository
from services.identity.commands import SignedIn, open_session
from services.identity.errors import WrongCredentials
from services.identity.keyring import KeyRing

_hasher = PasswordHasher()
# An unknown login costs the same time as a known one: verifying against this.
_NOBODY = _hasher.hash("nobody")


async def add_clerk(uow: Writing, login: str, password: str, totp_secret: str, point_id: UUID) -> None:
    """A clerk's account, scoped to one point. `totp_secret` is base32."""
    await add_staff(uow, Role.CLERK, login, password, totp_secret, point_id=point_id)


async def add_staff(
    uow: Writing,
    role: Role,
    login: str,
    password: str,
    totp_secret: str,
    *,
    point_id: UUID | None = None,
    organisation_id: UUID | None = None,
) -> UUID:
    """An account for any role but those that sign in by phone; its scope is what the role asks for."""
    account_id = uuid4()
    await repository.add_staff(
        uow,
        {
            "id": account_id,
            "role": role,
            "login": login,
            "password_hash": await asyncio.to_thread(_hasher.hash, password),
            "totp_sealed": uow.vault.seal_system(f"totp:{login}", totp_secret.encode()),
            "point_id": point_id,
            "organisation_id": organisation_id,
        },
    )
    return account_id


async def sign_in(uow: Writing, keyring: KeyRing, login: str, password: str, totp: str) -> SignedIn:
    """Tokens for staff. WrongCredentials does not say what was wrong, nor that an account is locked for a while."""
    account = await repository.staff_by_login(uow, login)
    locked = bool(account and account.locked_until and uow.now < account.locked_until)
    fits = await asyncio.to_thread(_password_fits, account.password_hash if account else None, password)
    step = _totp_step(uow, account, totp) if account else None
    if account is None or locked or not fits or step is None:
        if account and not locked:
            await _count_failure(uow, account)
        raise WrongCredentials
    await repository.update_account(uow, account.id, totp_last_step=step, failed_tries=0, locked_until=None)
    return await open_session(uow, keyring, account, None)


def _password_fits(password_hash: str | None, password: str) -> bool:
    try:
        _hasher.verify(password_hash or _NOBODY, password)
    except VerifyMismatchError:
        return False
    return password_hash is not None


def _totp_step(uow: Writing, account: Account, totp: str) -> int | None:
    """The time step a code belongs to: this one or a neighbour, and never one that was used before."""
    if account.totp_sealed is None:
        return None
    secret = uow.vault.open_system(f"totp:{account.login}", account.totp_sealed).decode()
    generator = pyotp.TOTP(secret, interval=TOTP_STEP_SECONDS)
    for step in _steps_around(uow.now):
        if step > account.totp_last_step and pyotp.utils.strings_equal(totp, generator.generate_otp(step)):
            return step
    return None


def _steps_around(now: datetime) -> tuple[int, int, int]:
    step = int(now.timestamp()) // TOTP_STEP_SECONDS
    return step - 1, step, step + 1


async def _count_failure(uow: Writing, account: Account) -> None:
    tries = account.failed_tries + 1
    if tries >= STAFF_TRIES:
        await repository.update_account(uow, account.id, failed_tries=0, locked_until=uow.now + STAFF_LOCK)
    else:
        await repository.update_account(uow, account.id, failed_tries=tries)


async def has_staff(uow: Writing, login: str) -> bool:
    return await repository.staff_by_login(uow, login) is not None
