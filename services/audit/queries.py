"""Reads of the log: by the person it speaks of, and by `doctor`."""

from collections.abc import Collection
from uuid import UUID

from app.db.gather import Part
from app.db.unit_of_work import Reading
from app.models.audit import AuditEntry
from services.audit import repository

LEDGERS = ("audit_entries", "consent_events")


async def uses_of(uow: Reading, person_id: UUID, *, before: int | None, limit: int) -> list[AuditEntry]:
    """The person's entries, newest first; `before` is the `seq` that the page before ended with."""
    return await repository.entries(uow, person_id, before, limit)


def log_position(person_id: UUID) -> Part[int]:
    """How long the person's log is. Every change of a person is in it, so it tells whether anything has changed."""
    return repository.log_position(person_id)


def log_positions(people: Collection[UUID]) -> Part[dict[UUID, int]]:
    """The same of many; who was joined with another meanwhile is left out."""
    return repository.log_positions(people)


async def unplanned_among(uow: Reading, people: Collection[UUID]) -> set[UUID]:
    """Those of the people to whom something has happened that their reminders do not take into account yet."""
    return await repository.unplanned_among(uow, people) if people else set()


async def broken_chains(uow: Reading) -> list[str]:
    """Every fault of the ledgers and of their seals, in words; empty when they hold."""
    faults = [fault for ledger in LEDGERS for fault in await repository.broken_links(uow, ledger)]
    return faults + await repository.broken_seals(uow)
