"""Migrants sign in by phone: a code by SMS, then tokens bound to the phone's key."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from app.db.locks import take_turn
from app.db.unit_of_work import Writing
from app.domain.audit.purpose import Purpose
from app.domain.identity.caller import Caller, Role
from app.domain.identity.terms import (
    ACCESS_LIVES,
    CODE_COOL_DOWN,
    CODE_DIGITS,
    CODE_LIVES,
    CODE_TRIES,
    DEVICE_CERTIFIED,
    REFRESH_LIVES,
)
from app.models.identity import Account
from services.audit.commands import record_change
from services.identity import device_keys, repository
from services.identity.errors import ProofRefused, SessionEnded, TooSoon, WrongCode
from services.identity.keyring import KeyRing
from services.identity.phones import e164
from services.outbox.commands import emit

CODE_REQUESTED = "identity.code_requested"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A pair of tokens. `access_seconds` is the life of the first; `device_id` is None for staff."""

    access_token: str
    access_seconds: int
    refresh_token: str
    device_id: UUID | None
    device_certified_until: datetime | None


async def request_code(uow: Writing, phone: str, language: str) -> None:
    """Sends a new code by SMS. The answer is the same whether or not the number is known.

    TooSoon within the cool-down, InvalidPhone for what is no number.
    """
    number = e164(phone)
    phone_index = uow.vault.blind_index("phone", number)
    await take_turn(uow, "phone", int.from_bytes(phone_index[:8], signed=True))
    sent = await repository.code_of(uow, phone_index)
    if sent and uow.now < sent.sent_at + CODE_COOL_DOWN:
        wait = sent.sent_at + CODE_COOL_DOWN - uow.now
        raise TooSoon(retry_after=max(1, round(wait.total_seconds())))
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    expires_at = uow.now + CODE_LIVES
    await repository.put_code(uow, phone_index, _code_mac(uow, phone_index, code), expires_at)
    payload = {"phone": number, "code": code, "language": language}
    await emit(uow, CODE_REQUESTED, payload, expires_at=expires_at)


def _code_mac(uow: Writing, phone_index: bytes, code: str) -> bytes:
    # Keyed and bound to the number: six digits alone would be found in a second from a stolen table.
    return uow.vault.mac("sign-in-code", phone_index + code.encode())


async def sign_in(uow: Writing, keyring: KeyRing, phone: str, code: str, device_jwk: dict[str, Any]) -> SignedIn:
    """Tokens for the number's account, made on its first sign-in. WrongCode after which the try is counted."""
    jwk = device_keys.checked(device_jwk)
    number = e164(phone)
    phone_index = uow.vault.blind_index("phone", number)
    await take_turn(uow, "phone", int.from_bytes(phone_index[:8], signed=True))
    sent = await repository.code_of(uow, phone_index)
    if sent is None or sent.expires_at <= uow.now or sent.tries >= CODE_TRIES:
        raise WrongCode
    if not hmac.compare_digest(sent.code_mac, _code_mac(uow, phone_index, code)):
        await repository.count_try(uow, phone_index)
        raise WrongCode
    await repository.use_up_code(uow, phone_index)
    account = await repository.migrant_by_phone(uow, phone_index, Purpose.OWN_SIGN_IN)
    if account is None:
        person_id = await repository.add_person(uow)
        sealed = await uow.vault.seal(person_id, "accounts.phone", number.encode())
        account = await repository.add_migrant(uow, person_id, phone_index, sealed)
    device_id = await repository.add_device(uow, account.id, jwk, uow.now + DEVICE_CERTIFIED)
    return await open_session(uow, keyring, account, device_id)


async def open_session(uow: Writing, keyring: KeyRing, account: Account, device_id: UUID | None) -> SignedIn:
    """A new family of refresh tokens for an account that has proved itself."""
    session_id = await repository.add_session(uow, account.id, device_id)
    if account.person_id:
        actor = _caller(account, session_id)
        await record_change(uow, account.person_id, "signed_in", actor=actor, session=session_id)
    return await _pair(uow, keyring, account, session_id, device_id)


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
        await repository.revoke_session(uow, session.id)
        raise SessionEnded
    if session.revoked_at is not None or token.expires_at <= uow.now:
        raise SessionEnded
    if device is not None:
        if proof is None or not device_keys.proves(proof, device.public_jwk, refresh_token, uow.now):
            raise ProofRefused
        await repository.certify_device(uow, device.id, uow.now + DEVICE_CERTIFIED)
    await repository.use_refresh(uow, token.digest)
    return await _pair(uow, keyring, account, session.id, device.id if device else None)


async def sign_out(uow: Writing, caller: Caller) -> None:
    """Ends the caller's own sign-in; its access token dies within its ten minutes."""
    await repository.revoke_session(uow, caller.session_id)
    if caller.person_id:
        await record_change(uow, caller.person_id, "signed_out", session=caller.session_id)


async def _pair(uow: Writing, keyring: KeyRing, account: Account, session_id: UUID, device_id: UUID | None) -> SignedIn:
    refresh_token = secrets.token_urlsafe(32)
    await repository.add_refresh(uow, _digest(refresh_token), session_id, uow.now + REFRESH_LIVES)
    return SignedIn(
        access_token=await keyring.issue(uow.region, _caller(account, session_id), uow.now),
        access_seconds=int(ACCESS_LIVES.total_seconds()),
        refresh_token=refresh_token,
        device_id=device_id,
        device_certified_until=uow.now + DEVICE_CERTIFIED if device_id else None,
    )


def _caller(account: Account, session_id: UUID) -> Caller:
    return Caller(
        account.id, Role(account.role), session_id, account.person_id, account.point_id, account.organisation_id
    )


async def delete_stale(uow: Writing) -> None:
    """Forgets codes and refresh tokens whose term is over."""
    await repository.delete_old(uow)


def _digest(refresh_token: str) -> bytes:
    return sha256(refresh_token.encode()).digest()
