"""A person's work profile and the lists they stood in, for themselves; and their end."""

from uuid import UUID

from app.db.own import Own, delete_rows, rows_of, unseal
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.models.employers import VacancyCard, WorkProfileRow
from services.audit.access import account_for
from services.employers.profiles import FIELD

TABLES = ("work_profiles", "vacancy_cards")


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    await account_for(uow, person_id, purpose)
    profiles = await rows_of(uow, WorkProfileRow.person_id, [person_id])
    for row in profiles:
        row["profile_sealed"] = row.pop("sealed")
        await unseal(uow, person_id, row, "profile_sealed", FIELD)
    return {"work_profiles": profiles, "vacancy_cards": await rows_of(uow, VacancyCard.person_id, [person_id])}


async def erase(uow: Writing, person_id: UUID) -> None:
    await delete_rows(uow, VacancyCard.person_id, [person_id])
    await delete_rows(uow, WorkProfileRow.person_id, [person_id])
