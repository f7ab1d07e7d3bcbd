"""Whoever may be found, as each process keeps them in memory: unsealed, and without anything that names them.

Work profiles are sealed in the database, so that an erased key erases them; to rank a whole region they have to lie
open somewhere, and that is here. What changed is read at each look; who is gone is forgotten within a minute. Nobody
is shown from here without their consent being looked at in the same transaction.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy.pool import Pool as Connections

from app.db.unit_of_work import Reading
from app.domain.employers.lists import Suggestions, suggestions
from app.domain.matching.columns import Columns
from app.domain.matching.ranking import Ranking
from app.domain.matching.terms import Vacancy, Worker
from app.models.employers import WorkProfileRow
from app.ports import ErasedError
from services.employers import repository
from services.employers.postings import load_posting
from services.employers.profiles import worker_of

_OVERLAP = timedelta(seconds=60)
"""A change is known by when its transaction began: one that took longer to commit is still read."""
_SWEEP = timedelta(seconds=60)
_AT_ONCE = 0.05
"""Seconds: what takes no longer is done before the answer, anything else beside it."""
_REST = 10
"""So many times as long as it took nothing is built anew."""


@dataclass(slots=True)
class Built:
    """Columns of everybody, and the assignment over all vacancies: built of what there was at `version`."""

    version: tuple[object, ...]
    ranking: Ranking
    vacancies: dict[UUID, Vacancy]
    suggested: Suggestions
    took: float
    at: float

    def due(self, version: tuple[object, ...]) -> bool:
        return version != self.version and time.monotonic() >= self.at + self.took * _REST


@dataclass(slots=True)
class Pool:
    """Of one region in one process."""

    workers: dict[UUID, Worker] = field(default_factory=dict)
    stamps: dict[UUID, datetime] = field(default_factory=dict)
    changes: int = 0
    newest: datetime | None = None
    swept_at: datetime | None = None
    built: Built | None = None
    building: "asyncio.Task[None] | None" = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


_pools: WeakKeyDictionary[Connections, Pool] = WeakKeyDictionary()


async def pool_of(uow: Reading) -> tuple[Pool, Built]:
    """Everybody who may be found, as the database has it now, and what was built of it last."""
    pool = _pools.setdefault(uow.opened.pool, Pool())
    async with pool.turn:
        await _read(uow, pool)
        posted = await repository.posted_state(uow, uow.region.day_of(uow.now))
        version = (pool.changes, posted)
        built = pool.built
        if built is None or (built.due(version) and built.took < _AT_ONCE):
            await _build(pool, version, await _vacancies(uow))
        elif built.due(version) and (pool.building is None or pool.building.done()):
            pool.building = asyncio.create_task(_build(pool, version, await _vacancies(uow)))
        if pool.built is None:
            raise LookupError("nothing was built")
        return pool, pool.built


async def _read(uow: Reading, pool: Pool) -> None:
    """Takes in what changed, and once a minute forgets who is not there any more."""
    since = None if pool.newest is None else pool.newest - _OVERLAP
    for row in await repository.pool_since(uow, since):
        pool.newest = max(pool.newest or row.changed_at, row.changed_at)
        if pool.stamps.get(row.person_id) != row.changed_at:
            await _take(uow, pool, row)
    pool.newest = pool.newest or uow.now
    if pool.swept_at is None or not pool.swept_at <= uow.now < pool.swept_at + _SWEEP:
        gone = pool.workers.keys() - await repository.pool_ids(uow)
        _forget(pool, *gone)
        pool.swept_at = uow.now


async def _take(uow: Reading, pool: Pool, row: WorkProfileRow) -> None:
    if not row.visible:
        _forget(pool, row.person_id)
        return
    try:
        pool.workers[row.person_id] = await worker_of(uow, row)
    except ErasedError:
        _forget(pool, row.person_id)
        return
    pool.stamps[row.person_id] = row.changed_at
    pool.changes += 1


def _forget(pool: Pool, *people: UUID) -> None:
    for person_id in people:
        pool.stamps.pop(person_id, None)
        if pool.workers.pop(person_id, None) is not None:
            pool.changes += 1


async def _vacancies(uow: Reading) -> list[Vacancy]:
    rows = await repository.published(uow, uow.region.day_of(uow.now))
    return [load_posting(row.posting).asked(row.id) for row in rows]


async def _build(pool: Pool, version: tuple[object, ...], vacancies: Sequence[Vacancy]) -> None:
    """In a thread: with a hundred thousand people it takes seconds."""
    begun, workers = time.monotonic(), list(pool.workers.values())
    built: Callable[[], tuple[Columns, Suggestions]] = lambda: _made(workers, vacancies)  # noqa: E731
    columns, suggested = await asyncio.to_thread(built)
    took = time.monotonic() - begun
    by_id = {vacancy.id: vacancy for vacancy in vacancies}
    pool.built = Built(version, Ranking(columns), by_id, suggested, took, time.monotonic())


def _made(workers: Sequence[Worker], vacancies: Sequence[Vacancy]) -> tuple[Columns, Suggestions]:
    columns = Columns.of(workers)
    return columns, suggestions(columns, vacancies)
