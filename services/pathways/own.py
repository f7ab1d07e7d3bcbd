"""What happened on a person's pathway and whom they invited, for themselves; and its end."""

from uuid import UUID

from app.db.own import Own, delete_rows, rows_of, unseal
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.models.pathways import StepEventRow, StepInvitation
from services.audit.access import account_for

TABLES = ("step_events", "step_invitations")


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    await account_for(uow, person_id, purpose)
    invitations = await rows_of(uow, StepInvitation.person_id, [person_id])
    for row in invitations:
        await unseal(uow, person_id, row, "number_sealed", "step_invitations.number")
    return {"step_events": await rows_of(uow, StepEventRow.person_id, [person_id]), "step_invitations": invitations}


async def erase(uow: Writing, person_id: UUID) -> None:
    await delete_rows(uow, StepEventRow.person_id, [person_id])
    await delete_rows(uow, StepInvitation.person_id, [person_id])
