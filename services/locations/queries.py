"""Reads of where people were."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.audit.purpose import Purpose
from app.domain.locations.crowds import crowds
from app.domain.locations.precision import MOST_DAYS, Choices
from app.domain.locations.samples import milliseconds
from app.ports import ErasedError
from services.locations import repository
from services.locations.cells import coarser, name_of, resolution_of
from services.locations.sealing import Kept, open_batch, open_cell

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class LatestCell:
    """Where somebody was last: the H3 cell by its name, at the precision that they chose."""

    cell: str
    resolution: int
    at: datetime


async def own_choices(uow: Reading, person_id: UUID) -> Choices:
    return (await repository.state_of(uow, person_id, Purpose.OWN_ACCESS)).choices


async def own_samples(uow: Reading, person_id: UUID, *, until: datetime, limit: int) -> list[Kept]:
    """The person's samples that were taken by then, newest first."""
    oldest = milliseconds(uow.now - (await own_choices(uow, person_id)).keep)
    newest, found = milliseconds(until), list[Kept]()
    days, enough = list[date](), 0
    for day, count in (await repository.days_of(uow, person_id, Purpose.OWN_ACCESS, until=until)).items():
        days.append(day)
        # Of the first day part may be newer than what is asked for.
        enough += count if len(days) > 1 else 0
        if enough >= limit:
            break
    for batch in await repository.batches(uow, person_id, Purpose.OWN_ACCESS, days=days, until=until):
        found += await open_batch(uow, person_id, batch.sealed)
    found = [kept for kept in found if oldest <= kept.at <= newest]
    return sorted(found, key=lambda kept: -kept.at)[:limit]


async def latest_cell(uow: Reading, person_id: UUID, purpose: Purpose) -> LatestCell | None:
    """For `registry`, which makes sure of the consent: where the person was last; None if nothing is known of it.

    For another purpose than the person's own it takes a writing unit of work, since their log tells of it.
    """
    state = await repository.state_of(uow, person_id, purpose)
    if state.latest_at is None or state.latest_sealed is None or state.latest_at < uow.now - state.choices.keep:
        return None
    try:
        cell = await open_cell(uow, person_id, state.latest_sealed)
    except ErasedError:
        return None
    return LatestCell(name_of(cell), resolution_of(cell), state.latest_at)


async def crowded_cells(uow: Reading, resolution: int) -> dict[str, int]:
    """In which cells of that resolution at least ten people were last, and how many, in whole tens.

    Whoever is known less exactly than that is not counted. Each is unsealed to be counted: nothing that lies in the
    database tells where one person is.
    """
    return crowds([name_of(cell) async for cell in _latest_of_all(uow, resolution)])


async def _latest_of_all(uow: Reading, resolution: int) -> AsyncIterator[int]:
    after, oldest = None, uow.now - Choices(keep_days=MOST_DAYS).keep
    while people := await repository.some_latest(uow, after, oldest, _AT_ONCE):
        for person_id, sealed in people:
            try:
                cell = await open_cell(uow, person_id, sealed)
            except ErasedError:
                continue
            if resolution_of(cell) >= resolution:
                yield coarser(cell, resolution)
        after = people[-1][0]
