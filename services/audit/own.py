"""The log of a person, for themselves. It stays: what was done with their data cannot be undone by deleting it."""

from uuid import UUID

from app.db.own import Own, rows_of
from app.db.unit_of_work import Reading
from app.domain.audit.purpose import Purpose
from app.models.audit import AuditEntry, ChainHead
from services.audit.access import account_for

TABLES = ("audit_entries", "chain_heads")


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    await account_for(uow, person_id, purpose)
    return {
        "audit_entries": await rows_of(uow, AuditEntry.person_id, [person_id]),
        "chain_heads": await rows_of(uow, ChainHead.person_id, [person_id]),
    }
