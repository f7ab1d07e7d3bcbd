"""Whoever may be found, as each process keeps them in memory: unsealed, and without anything that names them.

Work profiles are sealed in the database, so that an erased key erases them; to rank a whole region they have to lie
open somewhere, and that is here. What changed is read at each look; who is gone is forgotten within a minute. Nobody
is shown from here without their consent, and their profile as it stands, being looked at in the same transaction.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy.pool import Pool as Connections

from app.db.bulk import gather_within
from app.db.unit_of_work import Database, LazySession, Reading, Writing, look
from app.domain.matching.terms import Vacancy, Worker
from app.domain.region.policy import RegionPolicy
from app.memory import loading_much
from services.employers import parts, repository
from services.employers.building import Built, build
from services.employers.postings import load_posting
from services.employers.profiles import workers_of

_SWEEP = timedelta(seconds=60)
_PAGE = 500
"""People at once: what is read of them takes the process for itself for a few milliseconds, while others wait."""


@dataclass(slots=True)
class Pool:
    """Of one region in one process. `stamps`: in which transaction what is known of each was written; `watermark`: what
    was written in an earlier one has been read.
    """

    workers: dict[UUID, Worker] = field(default_factory=dict)
    stamps: dict[UUID, int] = field(default_factory=dict)
    changes: int = 0
    watermark: int | None = None
    swept_at: datetime | None = None
    built: Built | None = None
    meanwhile: dict[UUID, Worker | None] = field(default_factory=dict)
    """Who has changed since people were last copied to be built of."""
    building: "asyncio.Task[Built] | None" = None
    loading: "asyncio.Task[None] | None" = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def put(self, person_id: UUID, worker: Worker | None, stamp: int = 0) -> None:
        """How somebody is now; None: not to be found."""
        if worker is None:
            self.stamps.pop(person_id, None)
            if self.workers.pop(person_id, None) is None:
                return
        else:
            self.workers[person_id], self.stamps[person_id] = worker, stamp
        self.changes += 1
        self.meanwhile[person_id] = worker
        if self.built is not None:
            self.built.ordered.change(person_id, worker)


_pools: WeakKeyDictionary[Connections, Pool] = WeakKeyDictionary()


def pool_here(uow: Reading) -> Pool | None:
    """What this process has of them; None until they are read whole."""
    pool = _pools.get(uow.opened.pool)
    return pool if pool is not None and pool.watermark is not None else None


async def read_ahead(database: Database, region: RegionPolicy) -> None:
    """For a process that has just begun: has all of them read before somebody asks."""
    async with database.reading(region) as uow:
        try:
            await read_whole(uow)
        except asyncio.CancelledError:
            if (loading := _pools[uow.opened.pool].loading) is not None:
                loading.cancel()
            raise


async def read_whole(uow: Reading) -> Pool:
    """Reads all of them. The connection is given back first: this may take long, and no transaction is kept waiting."""
    await uow.opened.release()
    pool = _pools.setdefault(uow.opened.pool, Pool())
    if pool.loading is None or pool.loading.done():
        pool.loading = asyncio.create_task(_load_all(uow, pool))
    await asyncio.shield(pool.loading)
    return pool


async def up_to_date(uow: Writing, pool: Pool) -> Built:
    """Brings the pool up to what the database has now; what was built of it last, with who has changed since. A
    statement of the session must have come before.
    """
    async with pool.turn:
        changed = parts.changed_part(pool.watermark or 0)
        posted = parts.posted_part(uow.region.day_of(uow.now))
        found = await gather_within(uow, changed, posted)
        stamps, pool.watermark = found[changed]
        await _take(uow, pool, [one for one, stamp in stamps.items() if pool.stamps.get(one) != stamp])
        if pool.swept_at is None or not pool.swept_at <= uow.now < pool.swept_at + _SWEEP:
            await _sweep(uow, pool)
        built, state = pool.built, found[posted]
        if built is None:
            raise LookupError("the pool was not made ready")
        if built.due((pool.changes, state)) and (pool.building is None or pool.building.done()):
            pool.building = asyncio.create_task(_build(pool, await _vacancies(uow), state))
            if built.quick:
                return await pool.building
        return built


async def _build(pool: Pool, vacancies: Sequence[Vacancy], state: str) -> Built:
    workers, version, pool.meanwhile = list(pool.workers.values()), (pool.changes, state), {}
    built = await build(workers, vacancies, version)
    for person_id, worker in pool.meanwhile.items():
        built.ordered.change(person_id, worker)
    pool.built = built
    return built


async def _vacancies(uow: Reading) -> list[Vacancy]:
    rows = await repository.published(uow, uow.region.day_of(uow.now))
    return [load_posting(row.posting).asked(row.id) for row in rows]


async def _load_all(uow: Reading, pool: Pool) -> None:
    with loading_much():
        await _load(uow, pool)


async def _load(uow: Reading, pool: Pool) -> None:
    """All of them, by pages: each a transaction of its own."""
    after: UUID | None = None
    async with LazySession(uow.opened.engine, autoflush=False) as opened:
        page = Reading(opened, uow.region, uow.now, uow.vault, None)
        watermark = await repository.oldest_open(page)
        while rows := await repository.pool_after(page, after, _PAGE):
            await _put(page, pool, rows)
            await opened.release()
            after = rows[-1].person_id
        posted = parts.posted_part(uow.region.day_of(uow.now))
        state, vacancies = (await look(page, posted))[posted], await _vacancies(page)
        await opened.release()
        await _build(pool, vacancies, state)
    # Only now the pool is whole. What was changed meanwhile is read again by the look that waits for this.
    pool.watermark = watermark


async def _take(uow: Reading, pool: Pool, people: Sequence[UUID]) -> None:
    for first in range(0, len(people), _PAGE):
        await _put(uow, pool, await repository.pool_of(uow, people[first : first + _PAGE]))


async def _put(uow: Reading, pool: Pool, rows: Sequence[parts.Stored]) -> None:
    """Whoever cannot be read, as their key is gone or the bytes are damaged, is known not to be there."""
    workers = await workers_of(uow, [row for row in rows if row.visible])
    for row in rows:
        pool.put(row.person_id, workers.get(row.person_id), row.changed_in)


async def _sweep(uow: Reading, pool: Pool) -> None:
    """Forgets who is not there any more."""
    if await repository.pool_size(uow) != len(pool.workers):
        for person_id in pool.workers.keys() - await repository.pool_ids(uow):
            pool.put(person_id, None)
    pool.swept_at = uow.now
