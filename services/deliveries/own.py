"""The ways of messages and the addresses they go to, for whose they are; and their end."""

from uuid import UUID

from app.db.own import Own, delete_rows, rows_of
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.models.reminders import Delivery, PushAddress
from services.audit.access import account_for

TABLES = ("deliveries", "push_addresses")


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    await account_for(uow, person_id, purpose)
    addresses = await rows_of(uow, PushAddress.person_id, [person_id])
    return {"deliveries": await rows_of(uow, Delivery.person_id, [person_id]), "push_addresses": addresses}


async def erase(uow: Writing, person_id: UUID) -> None:
    await delete_rows(uow, Delivery.person_id, [person_id])
    await delete_rows(uow, PushAddress.person_id, [person_id])
