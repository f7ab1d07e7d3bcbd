"""What a person said of visits and complained of, for themselves; and its end."""

from uuid import UUID

from app.db.own import Own, delete_rows, rows_of, unseal
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.models.feedback import Complaint, Rating
from services.audit.access import account_for
from services.feedback.sealing import ANSWER, COMMENT, TEXT

TABLES = ("ratings", "complaints")


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    await account_for(uow, person_id, purpose)
    ratings = await rows_of(uow, Rating.person_id, [person_id])
    complaints = await rows_of(uow, Complaint.person_id, [person_id])
    for row in ratings:
        await unseal(uow, person_id, row, "comment_sealed", COMMENT)
    for row in complaints:
        await unseal(uow, person_id, row, "text_sealed", TEXT)
        await unseal(uow, person_id, row, "answer_sealed", ANSWER)
    return {"ratings": ratings, "complaints": complaints}


async def erase(uow: Writing, person_id: UUID) -> None:
    """A month that was counted stays: it is of ten people at least, and names none."""
    await delete_rows(uow, Rating.person_id, [person_id])
    await delete_rows(uow, Complaint.person_id, [person_id])
