"""Accounts of people who sign in by phone: a migrant's with its person, a host's without one."""

from uuid import UUID, uuid4

from app.db.locks import lock_person
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.identity.caller import Role
from app.models.identity import Account
from services.identity import repository
from services.identity.errors import NumberTaken


async def add_by_phone(uow: Writing, role: Role, phone_index: bytes, number: str) -> Account:
    """A new account, and for a migrant a new person, who has nothing yet."""
    person_id = await repository.add_person(uow) if role is Role.MIGRANT else None
    account = await repository.add_account(uow, uuid4(), role, person_id)
    await put_number(uow, account, phone_index, await seal_number(uow, account, number))
    return account


async def put_number(uow: Writing, account: Account, phone_index: bytes | None, sealed: bytes | None) -> None:
    """Or takes it away: whoever signs in by that number afterwards is somebody new."""
    await repository.update_account(uow, account.id, phone_index=phone_index, phone_sealed=sealed)


async def refuse_taken(uow: Writing, account: Account, phone_index: bytes) -> None:
    """NumberTaken when another account of the same role has the number. Only for who has shown that they hold it."""
    holder = await repository.by_phone(uow, phone_index, Role(account.role), Purpose.OWN_SIGN_IN)
    if holder is not None and holder.id != account.id:
        raise NumberTaken


async def seal_number(uow: Writing, account: Account, number: str) -> bytes:
    return await seal_for(uow, account, "accounts.phone", number.encode())


async def number_of(uow: Reading, account: Account) -> str | None:
    """The E.164 number an account signs in by; None while it has none. Leaves only in messages to that number."""
    return None if account.phone_sealed is None else await open_number(uow, account, account.phone_sealed)


async def open_number(uow: Reading, account: Account, sealed: bytes) -> str:
    return (await open_for(uow, account, "accounts.phone", sealed)).decode()


async def seal_for(uow: Writing, account: Account, field: str, plain: bytes) -> bytes:
    """With the person's key; a host has none."""
    if account.person_id is None:
        return uow.vault.seal_system(f"{field}:{account.id}", plain)
    return await uow.vault.seal(account.person_id, field, plain)


async def open_for(uow: Reading, account: Account, field: str, sealed: bytes) -> bytes:
    """ErasedError when the person's key was destroyed."""
    if account.person_id is None:
        return uow.vault.open_system(f"{field}:{account.id}", sealed)
    return await uow.vault.open(account.person_id, field, sealed)


async def account_of(uow: Reading, account_id: UUID) -> Account:
    return await repository.account(uow, account_id)


async def lock_person_accounts(uow: Writing, *person_ids: UUID) -> list[Account]:
    """All accounts of persons who are locked, themselves locked in the order of their ids: before any log is."""
    return await repository.accounts_of(uow, *person_ids)


async def lock_owner(uow: Writing, account_id: UUID, person_id: UUID | None) -> Account:
    """The account as it stands, once its person and all accounts of theirs are locked. A host has no person."""
    if person_id is not None:
        await lock_person(uow, person_id)
    await repository.lock_accounts(uow, account_id)
    return await repository.account(uow, account_id)
