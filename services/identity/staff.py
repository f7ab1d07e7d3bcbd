"""Staff sign in with login, password (argon2id) and a one-time password (TOTP, RFC 6238)."""

import asyncio
from datetime import datetime
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from app.db.unit_of_work import Writing
from app.domain.identity.terms import STAFF_LOCK, STAFF_TRIES, TOTP_STEP_SECONDS
from app.models.identity import Account
from services.identity import repository
from services.identity.codes import count_failure, refuse_tired
from services.identity.errors import WrongCredentials
from services.identity.keyring import KeyRing
from services.identity.sessions import SignedIn, open_session

_hasher = PasswordHasher()
_least = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def _nobody() -> str:
    """An unknown login costs the same time as a known one: verifying against this. Made once, when first needed."""
    return _hasher.hash("nobody")


async def hashed(password: str) -> str:
    """Argon2id, in a thread: it takes its time."""
    return await asyncio.to_thread(_hasher.hash, password)


def hashed_random(password: str) -> str:
    """Argon2id at its least cost, for a password drawn at random: 112 bits are found by no number of guesses, so there
    is nothing in making each of them dear (NIST SP 800-63B, 5.1.2.2).
    """
    return _least.hash(password)


async def sign_in(uow: Writing, keyring: KeyRing, login: str, password: str, totp: str, address: str) -> SignedIn:
    """Tokens for staff. WrongCredentials does not say what was wrong, nor that an account is locked or disabled."""
    await refuse_tired(uow, address)
    account = await repository.staff_by_login(uow, login)
    disabled = bool(account and account.disabled_at)
    locked = bool(account and account.locked_until and uow.now < account.locked_until)
    fits = await asyncio.to_thread(_password_fits, account.password_hash if account else None, password)
    step = _totp_step(uow, account, totp) if account else None
    if account is None or disabled or locked or not fits or step is None:
        await count_failure(uow, address)
        if account and not locked:
            await _count_failure(uow, account)
        raise WrongCredentials
    await repository.update_account(uow, account.id, totp_last_step=step, failed_tries=0, locked_until=None)
    return await open_session(uow, keyring, account, None)


def totp_field(login: str | None) -> str:
    """What a sealed authenticator secret is bound to."""
    return f"totp:{login}"


def _password_fits(password_hash: str | None, password: str) -> bool:
    nobody = _nobody()
    try:
        _hasher.verify(password_hash or nobody, password)
    except VerifyMismatchError:
        return False
    return password_hash is not None


def _totp_step(uow: Writing, account: Account, totp: str) -> int | None:
    """The time step a code belongs to: this one or a neighbour, and never one that was used before."""
    if account.totp_sealed is None:
        return None
    secret = uow.vault.open_system(totp_field(account.login), account.totp_sealed).decode()
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
