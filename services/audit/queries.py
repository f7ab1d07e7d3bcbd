"""Reads of the log: by the person it speaks of, and by `doctor`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.db.gather import Part
from app.db.unit_of_work import Reading
from app.domain.audit.hiding import CITATIONS, HidingGround
from app.models.audit import UseHiding
from services.audit import repository
from services.audit.repository import Shown

MOST_EXPORTED = 100_000
LEDGERS = ("audit_entries", "consent_events")


async def shown_uses(uow: Reading, person_id: UUID, *, before: int | None, limit: int) -> list[Shown]:
    """The person's entries with their numbers, newest first; `before` is the number that the page before ended with.
    What an order keeps from them is left out, and so is the order.
    """
    return await repository.entries(uow, person_id, before, limit)


async def all_uses(uow: Reading, person_id: UUID) -> list[Shown]:
    """All of it, to take along."""
    return await repository.entries(uow, person_id, None, MOST_EXPORTED)


async def keeps_any_from(uow: Reading, person_id: UUID) -> bool:
    """Whether an order keeps uses from the person now, for whoever gives them what would tell of one."""
    return await repository.any_hidden(uow, person_id)


@dataclass(frozen=True, slots=True)
class HiddenFigure:
    """For the public: how many orders there were on a ground, and how many hide something now."""

    ground: HidingGround
    citation: str
    ever: int
    now: int


async def hidden_figures(uow: Reading) -> list[HiddenFigure]:
    """Of every ground, those that nobody used too."""
    counted = await repository.count_hidings(uow)
    return [HiddenFigure(ground, CITATIONS[ground], *counted.get(ground.value, (0, 0))) for ground in HidingGround]


async def hidings(uow: Reading, *, before: datetime | None, limit: int) -> list[UseHiding]:
    """Every order, newest first, for an auditor."""
    return await repository.hidings(uow, before, limit)


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
