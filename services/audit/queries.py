"""Reads of the log: by the person it speaks of, and by `doctor`."""

from uuid import UUID

from app.db.unit_of_work import Reading
from app.models.audit import AuditEntry
from services.audit import repository

LEDGERS = ("audit_entries", "consent_events")


async def uses_of(uow: Reading, person_id: UUID, *, before: int | None, limit: int) -> list[AuditEntry]:
    """The person's entries, newest first; `before` is the `seq` that the page before ended with."""
    return await repository.entries(uow, person_id, before, limit)


async def broken_chains(uow: Reading) -> list[str]:
    """Every fault of the ledgers and of their seals, in words; empty when they hold."""
    faults = [fault for ledger in LEDGERS for fault in await repository.broken_links(uow, ledger)]
    return faults + await repository.broken_seals(uow)
