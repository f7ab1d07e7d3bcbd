"""Changes of number that wait, for whoever asked; and their end."""

from uuid import UUID

from app.db.own import Own, delete_rows, rows_of, unseal
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.models.identity import NumberChange, Recovery
from services.audit.access import account_for
from services.identity.own import accounts_of

TABLES = ("number_changes", "recoveries")


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    await account_for(uow, person_id, purpose)
    accounts = await accounts_of(uow, person_id)
    changes = await rows_of(uow, NumberChange.account_id, accounts)
    for row in changes:
        await unseal(uow, person_id, row, "phone_sealed", "accounts.phone")
    return {"number_changes": changes, "recoveries": await rows_of(uow, Recovery.account_id, accounts)}


async def erase(uow: Writing, person_id: UUID) -> None:
    await drop_moves(uow, await accounts_of(uow, person_id))


async def drop_moves(uow: Writing, accounts: list[UUID]) -> None:
    """Moves to another number that wait, and codes on paper."""
    await delete_rows(uow, NumberChange.account_id, accounts)
    await delete_rows(uow, Recovery.account_id, accounts)
