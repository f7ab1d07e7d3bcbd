"""Signing in by phone, staying signed in, signing out."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from app.db.unit_of_work import Writing
from app.domain.audit.purpose import Purpose
from app.domain.identity.caller import BY_PHONE, Caller, Role
from app.domain.identity.terms import (
    ACCESS_LIVES,
    DEVICE_CERTIFIED,
    REFRESH_LIVES,
    SIGN_IN_LIVES,
    STAFF_SIGN_IN_LIVES,
)
from app.models.identity import Account, Session
from services.audit.commands import record_change
from services.identity import device_keys, repository
from services.identity.accounts import add_by_phone, seal_for
from services.identity.codes import CodeUse, take_number, use_up, verify_code
from services.identity.errors import ProofRefused, SessionEnded
from services.identity.keyring import KeyRing
from services.identity.phones import e164


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A pair of tokens. `access_seconds` is the life of the first; `device_id` is None for staff."""

    access_token: str
    access_seconds: int
    refresh_token: str
    device_id: UUID | None
    device_certified_until: datetime | None


@dataclass(frozen=True, slots=True)
class Phone:
    """What a phone says of itself: the public half of its key (JWK), and a name for the person to know it by."""

    key: dict[str, Any]
    name: str | None = None


async def sign_in(
    uow: Writing, keyring: KeyRing, number: str, code: str, phone: Phone, address: str, role: Role = Role.MIGRANT
) -> SignedIn:
    """Tokens for the number's account of that role, made on its first sign-in.

    WrongCode after which the try is counted; TooSoon for an address that tries too much.
    """
    jwk = device_keys.checked(phone.key)
    number = e164(number)
    phone_index = await take_number(uow, number)
    await verify_code(uow, phone_index, code, address, CodeUse.SIGN_IN)
    await use_up(uow, phone_index)
    account = await repository.by_phone(uow, phone_index, role, Purpose.OWN_SIGN_IN)
    if account is None:
        account = await add_by_phone(uow, role, phone_index, number)
    return await open_on_phone(uow, keyring, account, jwk, phone.name)


async def open_on_phone(
    uow: Writing, keyring: KeyRing, account: Account, jwk: dict[str, str], name: str | None
) -> SignedIn:
    """A sign-in on a phone whose key was checked."""
    device_id = uuid4()
    sealed = await seal_for(uow, account, f"devices.name:{device_id}", name.encode()) if name else None
    await repository.add_device(uow, device_id, account.id, jwk, uow.now + DEVICE_CERTIFIED, sealed)
    return await open_session(uow, keyring, account, device_id)


async def open_session(uow: Writing, keyring: KeyRing, account: Account, device_id: UUID | None) -> SignedIn:
    """A new family of refresh tokens for an account that has proved itself."""
    session = await repository.add_session(uow, account.id, device_id, uow.now + _term(account))
    if account.person_id:
        actor = _caller(account, session.id)
        await record_change(uow, account.person_id, "signed_in", actor=actor, session=session.id)
    return await _pair(uow, keyring, account, session)


def _term(account: Account) -> timedelta:
    return SIGN_IN_LIVES if account.role in BY_PHONE else STAFF_SIGN_IN_LIVES


async def refresh(uow: Writing, keyring: KeyRing, refresh_token: str, proof: str | None) -> SignedIn:
    """The next pair. A token that was used before means that somebody copied it: the whole family is revoked.

    The phone that lost the answer repeats its request with the same Idempotency-Key and gets the same pair
    (`services.answers`), so it never comes here twice.
    """
    found = await repository.refresh_by_digest(uow, _digest(refresh_token))
    if found is None:
        raise SessionEnded
    token, session, account, device = found
    if token.used_at is not None:
        await repository.revoke_sessions(uow, account.id, session.id)
        raise SessionEnded
    if session.revoked_at is not None or min(token.expires_at, session.ends_at) <= uow.now:
        raise SessionEnded
    if device is not None:
        if proof is None or not device_keys.proves(proof, device.public_jwk, refresh_token, uow.now):
            raise ProofRefused
        await repository.certify_device(uow, device.id, uow.now + DEVICE_CERTIFIED)
    await repository.use_refresh(uow, token.digest)
    return await _pair(uow, keyring, account, session)


async def sign_out(uow: Writing, caller: Caller) -> None:
    """Ends the caller's own sign-in; its access token dies within its ten minutes."""
    await repository.revoke_sessions(uow, caller.account_id, caller.session_id)
    if caller.person_id:
        await record_change(uow, caller.person_id, "signed_out", session=caller.session_id)


async def end_all(uow: Writing, account_id: UUID) -> None:
    """Signs whoever has this account out everywhere, by their other accounts too."""
    await repository.revoke_sessions(uow, account_id)


async def _pair(uow: Writing, keyring: KeyRing, account: Account, session: Session) -> SignedIn:
    refresh_token = secrets.token_urlsafe(32)
    expires_at = min(uow.now + REFRESH_LIVES, session.ends_at)
    await repository.add_refresh(uow, _digest(refresh_token), session.id, expires_at)
    return SignedIn(
        access_token=await keyring.issue(uow.region, _caller(account, session.id), uow.now),
        access_seconds=int(ACCESS_LIVES.total_seconds()),
        refresh_token=refresh_token,
        device_id=session.device_id,
        device_certified_until=uow.now + DEVICE_CERTIFIED if session.device_id else None,
    )


def _caller(account: Account, session_id: UUID) -> Caller:
    return Caller(
        account.id, Role(account.role), session_id, account.person_id, account.point_id, account.organisation_id
    )


async def delete_stale(uow: Writing) -> None:
    """Forgets codes, counts and refresh tokens whose term is over."""
    await repository.delete_old(uow)


def _digest(refresh_token: str) -> bytes:
    return sha256(refresh_token.encode()).digest()
