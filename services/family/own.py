"""Family links, for either side; and their end."""

from uuid import UUID

from app.db.own import Own, delete_rows, rows_of
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.models.family import FamilyLink
from services.audit.access import account_for

TABLES = ("family_links",)


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    await account_for(uow, person_id, purpose)
    asked = await rows_of(uow, FamilyLink.person_id, [person_id])
    return {"family_links": asked + await rows_of(uow, FamilyLink.other_id, [person_id])}


async def erase(uow: Writing, person_id: UUID) -> None:
    await delete_rows(uow, FamilyLink.person_id, [person_id])
    await delete_rows(uow, FamilyLink.other_id, [person_id])
