"""What identity does for family and merges: persons without an account, tokens of guardians, accounts that move."""

from dataclasses import replace
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from app.db.unit_of_work import Reading, Writing
from app.domain.identity.caller import Caller, Role
from app.domain.identity.terms import ACCESS_LIVES
from services.identity import repository
from services.identity.keyring import KeyRing

U = TypeVar("U", bound=Reading)


async def add_person(uow: Writing) -> UUID:
    """A person without a way to sign in: a child, for whom a guardian acts."""
    return await repository.add_person(uow)


def acting_for(uow: U, guardian: Caller, ward_id: UUID) -> U:
    """The same unit of work as the guardian has it while they act for the ward: the ward's log names them."""
    return replace(uow, caller=replace(guardian, role=Role.GUARDIAN, person_id=ward_id))


async def guardian_token(acting: Writing, keyring: KeyRing) -> tuple[str, timedelta]:
    """An access token by which the guardian acts for the ward, and how long it lives. It cannot be refreshed."""
    if acting.caller is None or acting.caller.role is not Role.GUARDIAN:
        raise LookupError("nobody acts for anybody here")
    return await keyring.issue(acting.region, acting.caller, acting.now), ACCESS_LIVES


async def move_accounts(uow: Writing, from_person: UUID, to_person: UUID) -> None:
    """The accounts of one person become the other's; numbers and names of phones are sealed anew. Sign-ins stay.

    The next token names the other person; one given before names the first for its ten minutes.
    """
    for account in await repository.accounts_of(uow, from_person):
        account.phone_sealed = await _resealed(uow, from_person, to_person, "accounts.phone", account.phone_sealed)
        for device in await repository.devices_of(uow, account.id):
            field = f"devices.name:{device.id}"
            device.name_sealed = await _resealed(uow, from_person, to_person, field, device.name_sealed)
        account.person_id = to_person
    await uow.session.flush()


async def _resealed(uow: Writing, from_person: UUID, to_person: UUID, field: str, sealed: bytes | None) -> bytes | None:
    if sealed is None:
        return None
    return await uow.vault.seal(to_person, field, await uow.vault.open(from_person, field, sealed))


async def cut_off(uow: Writing, person_id: UUID) -> None:
    """Whoever signed in as this person begins anew, as somebody else: the number proves nothing about this one."""
    if await repository.accounts_of(uow, person_id):
        await repository.revoke_sessions_of(uow, person_id)
        await move_accounts(uow, person_id, await repository.add_person(uow))


async def mark_merged(uow: Writing, person_id: UUID, into: UUID) -> None:
    """The person is the other one from now on: nothing is added to them any more."""
    await repository.set_merged(uow, person_id, into)
