"""Reads of identity for other features."""

from typing import Any
from uuid import UUID

from app.db.unit_of_work import Reading
from services.identity import repository


async def certified_device(uow: Reading, device_id: UUID) -> tuple[dict[str, Any], UUID] | None:
    """The public key and the person of a phone whose sign-in stands and whose certificate has not run out."""
    found = await repository.device_with_person(uow, device_id)
    if found is None or found[0].certified_until <= uow.now:
        return None
    return found[0].public_jwk, found[1]


async def is_own_account(uow: Reading, account_id: UUID, person_id: UUID) -> bool:
    """Whether whoever signs in by that account signs in as that person too: both have one number."""
    return await repository.shares_number(uow, account_id, person_id)
