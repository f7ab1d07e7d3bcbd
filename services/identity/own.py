"""What there is of how a person signs in, for themselves; and its end."""

from collections.abc import Collection
from uuid import UUID

from app.db.own import Own, delete_rows, rows_of, unseal
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.models.identity import Account, Device, RefreshToken, Session
from services.audit.access import account_for
from services.identity import repository

TABLES = ("accounts", "devices", "sessions")


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    await account_for(uow, person_id, purpose)
    accounts = await rows_of(uow, Account.person_id, [person_id])
    ids = [row["id"] for row in accounts]
    devices = await rows_of(uow, Device.account_id, ids)
    for row in accounts:
        await unseal(uow, person_id, row, "phone_sealed", "accounts.phone")
    for row in devices:
        await unseal(uow, person_id, row, "name_sealed", f"devices.name:{row['id']}")
    return {"accounts": accounts, "devices": devices, "sessions": await rows_of(uow, Session.account_id, ids)}


async def accounts_of(uow: Reading, person_id: UUID) -> list[UUID]:
    """For features whose rows hang on accounts."""
    return [row["id"] for row in await rows_of(uow, Account.person_id, [person_id])]


async def erase(uow: Writing, person_id: UUID) -> None:
    """Nobody signs in as this person any more; what others hang on the accounts is gone already."""
    await end_accounts(uow, await accounts_of(uow, person_id))


async def end_accounts(uow: Writing, accounts: list[UUID]) -> None:
    """With the phones and sign-ins of each."""
    sessions = [row["id"] for row in await rows_of(uow, Session.account_id, accounts)]
    await delete_rows(uow, RefreshToken.session_id, sessions)
    await delete_rows(uow, Session.account_id, accounts)
    await delete_rows(uow, Device.account_id, accounts)
    await delete_rows(uow, Account.id, accounts)


async def ever_been(uow: Reading, person_id: UUID) -> list[UUID]:
    """The person, and whom they were before they were joined with them: something may still stand under those names."""
    return [person_id, *await repository.joined_with(uow, person_id)]


async def mark_erased(uow: Writing, people: Collection[UUID]) -> None:
    """What is left is a number that nothing is added to: tokens that are still good for minutes open nothing."""
    await repository.set_erased(uow, *people)
