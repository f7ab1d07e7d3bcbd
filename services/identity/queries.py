"""Reads of identity for other features."""

from typing import Any
from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.audit.purpose import Purpose
from services.audit.access import account_for
from services.identity import repository
from services.identity.accounts import number_of


async def certified_device(uow: Reading, device_id: UUID) -> tuple[dict[str, Any], UUID] | None:
    """The public key and the person of a phone whose sign-in stands and whose certificate has not run out."""
    found = await repository.device_with_person(uow, device_id)
    if found is None or found[0].certified_until <= uow.now:
        return None
    return found[0].public_jwk, found[1]


async def is_own_account(uow: Reading, account_id: UUID, person_id: UUID) -> bool:
    """Whether whoever signs in by that account signs in as that person too: both have one number."""
    return await repository.shares_number(uow, account_id, person_id)


async def number_of_person(uow: Reading, person_id: UUID, purpose: Purpose) -> str | None:
    """The E.164 number that the person signed in by last, for messages to it; None while they have none."""
    await account_for(uow, person_id, purpose)
    account = await repository.newest_account(uow, person_id)
    return await number_of(uow, account) if account else None
