"""Cases of one document in two profiles, for either side; and their end."""

from uuid import UUID

from app.db.own import Own, delete_rows, rows_of
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.models.merges import MergeCase
from services.audit.access import account_for

TABLES = ("merge_cases",)


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    await account_for(uow, person_id, purpose)
    claimed = await rows_of(uow, MergeCase.claimant_id, [person_id])
    return {"merge_cases": claimed + await rows_of(uow, MergeCase.holder_id, [person_id])}


async def erase(uow: Writing, person_id: UUID) -> None:
    await delete_rows(uow, MergeCase.claimant_id, [person_id])
    await delete_rows(uow, MergeCase.holder_id, [person_id])
