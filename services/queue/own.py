"""A person's tickets, for themselves; and what becomes of them when the person leaves."""

from uuid import UUID

from app.db.own import Own, change_rows, rows_of
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.models.queue import Ticket
from services.audit.access import account_for

TABLES = ("tickets",)


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    await account_for(uow, person_id, purpose)
    return {"tickets": await rows_of(uow, Ticket.person_id, [person_id])}


async def erase(uow: Writing, person_id: UUID) -> None:
    """Tickets are numbers of a day: they stay, and are nobody's."""
    nobody = {"person_id": None, "booking_id": None, "language": None, "before": None}
    await change_rows(uow, Ticket.person_id, [person_id], **nobody)
