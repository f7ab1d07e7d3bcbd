"""What a person was told and what they chose of it, for themselves; and its end."""

from uuid import UUID

from app.db.own import Own, delete_rows, rows_of
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.models.reminders import ReminderPlan, ReminderPreference, ReminderRow
from services.audit.access import account_for

TABLES = ("reminders", "reminder_plans", "reminder_preferences")


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    await account_for(uow, person_id, purpose)
    return {
        "reminders": await rows_of(uow, ReminderRow.person_id, [person_id]),
        "reminder_plans": await rows_of(uow, ReminderPlan.person_id, [person_id]),
        "reminder_preferences": await rows_of(uow, ReminderPreference.person_id, [person_id]),
    }


async def erase(uow: Writing, person_id: UUID) -> None:
    for column in (ReminderRow.person_id, ReminderPreference.person_id, ReminderPlan.person_id):
        await delete_rows(uow, column, [person_id])
