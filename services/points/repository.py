"""SQL of points and of the capacity ledger."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import ScalarResult, Select, SmallInteger, bindparam, delete, func, select, text, true, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.pool import Pool as Connections

from app.db.unit_of_work import Reading, Writing
from app.domain.bookings.status import TAKING
from app.domain.points.places import Place
from app.domain.points.plan import Taken
from app.models.points import (
    CapacityDay,
    DirectoryVersion,
    Point,
    PointException,
    PointService,
    Pool,
    PoolException,
    Service,
)
from services.points.directory import Directory
from services.points.parts import VERSION
from services.points.plans import Planned, exception_rows, hours_document, planned

T = TypeVar("T")
_kept: WeakKeyDictionary[Connections, Directory] = WeakKeyDictionary()
"""The last directory that was read in this process, by the connections of a region."""


async def directory(uow: Reading, version: int | None = None) -> Directory:
    """The points of the region: from memory if they are of that version, else as they are now."""
    connections = uow.opened.pool
    kept = _kept.get(connections)
    if version is None:
        version = uow.memo.get(VERSION) or await uow.session.scalar(select(DirectoryVersion.version))
    if kept is not None and kept.version == version:
        return kept
    rows = (
        await uow.session.execute(
            select(Point, func.array_remove(func.array_agg(PointService.service), None), DirectoryVersion.version)
            .select_from(Point)
            .join(DirectoryVersion, true())
            .outerjoin(PointService, PointService.point_id == Point.id)
            .group_by(Point.id, DirectoryVersion.version)
            .order_by(Point.code)
        )
    ).all()
    for point, *_ in rows:
        uow.session.expunge(point)
    read = _kept[connections] = Directory(
        version=rows[0][2] if rows else 0,
        points={point.id: point for point, *_ in rows},
        services={point.id: sorted(services) for point, services, _ in rows},
    )
    return read


async def known_directory(uow: Reading) -> Directory:
    """What memory holds, unchecked; whoever searches by it compares its version with the one the search is told."""
    return _kept.get(uow.opened.pool) or await directory(uow)


async def point(uow: Reading, point_id: UUID) -> Point | None:
    """From memory: to be read only."""
    return (await directory(uow)).points.get(point_id)


async def locked_point(uow: Writing, point_id: UUID) -> Point | None:
    """The row itself, to be changed."""
    return await uow.session.get(Point, point_id, with_for_update=True)


async def offers(uow: Reading) -> list[tuple[UUID, str, UUID, int, int]]:
    """Point, service, the pool that gives it, its minutes, and every how many minutes it begins."""
    query = select(
        PointService.point_id, PointService.service, PointService.pool_id, PointService.minutes, PointService.every
    )
    return [
        (point, service, pool, minutes, every)
        for point, service, pool, minutes, every in await uow.session.execute(query)
    ]


async def services(uow: Reading) -> Sequence[tuple[Service, int]]:
    """The catalogue by code, with the number of points that give each; what is given nowhere is left out."""
    query = (
        select(Service, func.count())
        .join(PointService, PointService.service == Service.code)
        .group_by(Service.code)
        .order_by(Service.code)
    )
    return [(row[0], row[1]) for row in await uow.session.execute(query)]


async def minutes(uow: Reading, point_id: UUID) -> dict[str, int]:
    rows = await uow.session.scalars(select(PointService).where(PointService.point_id == point_id))
    return {row.service: row.minutes for row in rows}


async def change_use(uow: Writing, place: Place, change: int) -> None:
    """Adds `change` to the use of the place's ticks. The table's CHECK refuses what is more than the counters."""
    await uow.session.execute(
        text("""
            UPDATE capacity_days SET used = ticks_changed(used, :first_tick, :ticks, :change)
            WHERE pool_id = :pool_id AND day = :day
        """),
        {name: getattr(place, name) for name in ("first_tick", "ticks", "pool_id", "day")} | {"change": change},
    )


async def add(uow: Writing, table: type[Point | Pool | PointService | Service], rows: Sequence[dict[str, Any]]) -> None:
    await uow.session.execute(insert(table).on_conflict_do_nothing(), rows)


async def plans(uow: Reading, point_id: UUID | None = None) -> list[Planned]:
    """Every point, or that one, with what its ledger is made from. Pools that no longer work are left out.

    As it is now, even if it was read before: whoever waited for their turn must see what the one before them did.
    """

    async def now(query: Select[T]) -> ScalarResult[T]:
        return await uow.session.scalars(query.where(which).execution_options(populate_existing=True))

    which = true() if point_id is None else Point.id == point_id
    found = (await now(select(Point).order_by(Point.id))).all()
    pools: dict[UUID, list[Pool]] = {}
    for pool in await now(select(Pool).join(Point).order_by(Pool.code)):
        pools.setdefault(pool.point_id, []).append(pool)
    hours: dict[UUID, list[PointException]] = {}
    for each in await now(select(PointException).join(Point).order_by(PointException.first_day)):
        hours.setdefault(each.point_id, []).append(each)
    counters: dict[UUID, list[PoolException]] = {}
    for other in await now(select(PoolException).join(Pool).join(Point).order_by(PoolException.first_day)):
        counters.setdefault(other.pool_id, []).append(other)
    offers: dict[UUID, list[PointService]] = {}
    for offer in await now(
        select(PointService).join(Point, Point.id == PointService.point_id).order_by(PointService.service)
    ):
        offers.setdefault(offer.pool_id, []).append(offer)
    return [planned(point, hours.get(point.id, []), pools.get(point.id, []), counters, offers) for point in found]


async def save_plan(uow: Writing, planned: Planned) -> None:
    """Writes what a plan consists of in the place of what was there. A pool that is gone is kept without counters."""
    point, plan = planned.point, planned.plan
    ids = {pool.code: planned.pool_ids[pool.code] for pool in plan.pools}
    point.hours = hours_document(plan.week)
    point.open_on_holidays = plan.open_on_holidays
    mine = select(Pool.id).where(Pool.point_id == point.id)
    for table, where in (
        (PointException, PointException.point_id == point.id),
        (PoolException, PoolException.pool_id.in_(mine)),
        (PointService, PointService.point_id == point.id),
    ):
        await uow.session.execute(delete(table).where(where))
    await uow.session.execute(
        update(Pool).where(Pool.point_id == point.id, Pool.id.not_in(list(ids.values()))).values(counters=0)
    )
    for pool in plan.pools:
        row = {"counters": pool.counters, "weekly_counters": {str(k): n for k, n in pool.weekly.items()}}
        await uow.session.execute(
            insert(Pool)
            .values(id=ids[pool.code], point_id=point.id, code=pool.code, **row)
            .on_conflict_do_update(index_elements=[Pool.id], set_=row)
        )
    for model, rows in exception_rows(point.id, ids, plan):
        if rows:
            await uow.session.execute(insert(model), rows)
    await uow.session.flush()


async def last_days(uow: Reading) -> dict[UUID, date]:
    """How far each pool's calendar reaches."""
    query = select(CapacityDay.pool_id, func.max(CapacityDay.day)).group_by(CapacityDay.pool_id)
    return {row.pool_id: row.max for row in await uow.session.execute(query)}


async def locked_days(uow: Writing, pool_ids: Collection[UUID], since: date) -> Sequence[CapacityDay]:
    """The pools' ledger from a day on, locked in the one order of all who lock ledger rows."""
    query = (
        select(CapacityDay)
        .where(CapacityDay.pool_id.in_(list(pool_ids)), CapacityDay.day >= since)
        .order_by(CapacityDay.pool_id, CapacityDay.day)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await uow.session.scalars(query)).all()


async def days(uow: Reading, pool_ids: Collection[UUID], since: date) -> Sequence[CapacityDay]:
    query = select(CapacityDay).where(CapacityDay.pool_id.in_(list(pool_ids)), CapacityDay.day >= since)
    return (await uow.session.scalars(query)).all()


async def taken_places(uow: Reading, pool_ids: Collection[UUID], since: date, until: date | None = None) -> list[Taken]:
    """What draws on the pools' ledger from a day on, until one if it is named. Whose it is, is neither read nor told.

    The one look at bookings from below: a calendar cannot change without knowing which places are taken.
    """
    rows = await uow.session.execute(
        text("""
            SELECT id, pool_id, day, service, lower(during) AS starts_at, first_tick, ticks, created_at,
                status NOT IN ('held', 'confirmed') OR lower(during) <= :now AS fixed
            FROM bookings
            WHERE pool_id = ANY (:pools) AND day BETWEEN :since AND :until AND status = ANY (:taking)
            ORDER BY pool_id, day, starts_at, id
        """),
        {"now": uow.now, "pools": list(pool_ids), "since": since, "until": until or date.max}
        | {"taking": [status.value for status in TAKING]},
    )
    return [Taken(*row) for row in rows]


async def days_beyond(uow: Reading, keys: Collection[tuple[UUID, date]] | None, since: date) -> Sequence[CapacityDay]:
    """Days from one on that have more places taken than their plan has; of these pools and days only, if named."""
    query = select(CapacityDay).where(CapacityDay.planned.is_not(None), CapacityDay.day >= since)
    if keys is not None:
        query = query.where(tuple_(CapacityDay.pool_id, CapacityDay.day).in_(list(keys)))
    return (await uow.session.scalars(query.execution_options(populate_existing=True))).all()


async def without_service(uow: Reading) -> list[UUID]:
    """Visits still ahead for a service that their point no longer gives. Whose they are is neither read nor told."""
    rows = await uow.session.scalars(
        text("""
            SELECT id FROM bookings b
            WHERE status = 'confirmed' AND day >= :since AND lower(during) > :now AND NOT EXISTS (
                SELECT FROM point_services s WHERE s.point_id = b.point_id AND s.service = b.service)
        """),
        {"now": uow.now, "since": uow.now.date() - timedelta(days=1)},
    )
    return list(rows)


async def change_days(uow: Writing, rows: Sequence[dict[str, Any]]) -> None:
    """Writes days that are locked. No tick of anybody's moves: the beginning of a day stays what it is."""
    await uow.session.execute(
        text("""
            UPDATE capacity_days SET capacity = :capacity, used = :used, planned = :planned, opens_tick = :opens_tick
            WHERE pool_id = :pool_id AND day = :day
        """).bindparams(*(bindparam(name, type_=ARRAY(SmallInteger)) for name in ("capacity", "used", "planned"))),
        rows,
    )


async def add_days(uow: Writing, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts only, and never touches a day that is there: bookings and this never wait for each other."""
    await uow.session.execute(insert(CapacityDay).on_conflict_do_nothing(), rows)
