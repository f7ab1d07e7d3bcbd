"""SQL of points and of the capacity ledger."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import func, select, text, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.pool import Pool as Connections

from app.db.driver import Driver
from app.db.flights import Flights
from app.db.gather import Part, gather
from app.db.unit_of_work import Reading, Writing
from app.domain.points.calendar import ticks_of
from app.domain.points.places import Place, Stretch
from app.models.points import CapacityDay, DirectoryVersion, Point, PointService, Pool
from services.points.directory import Directory

# For each point the days are read in order, only those with a stretch as long as the service, and only until one has
# a free place. With them comes the version of the directory that they belong to.
_FIRST_FREE = """
    SELECT (SELECT version FROM directory_version) AS version, s.point_id, s.minutes,
        extract(epoch FROM f.starts_at)::bigint + f.tick * 300 AS starts_at
    FROM point_services s
    JOIN points p ON p.id = s.point_id
    LEFT JOIN LATERAL (
        SELECT starts_at, tick FROM (
            SELECT d.starts_at, first_free_tick(
                d.capacity, d.used, s.minutes / 5, s.every / 5,
                ceil(extract(epoch FROM :since::timestamptz - d.starts_at) / 300)::integer, d.opens_tick
            ) AS tick
            FROM capacity_days d
            WHERE d.pool_id = s.pool_id
              AND d.day BETWEEN (:since::timestamptz AT TIME ZONE p.zone)::date
                  AND (:since::timestamptz AT TIME ZONE p.zone)::date + :days::integer
              AND d.longest_free >= s.minutes / 5
            ORDER BY d.day
            OFFSET 0
        ) AS in_order
        WHERE tick IS NOT NULL
        LIMIT 1
    ) AS f ON true
    WHERE s.service = :service
"""

_VERSION = "directory_version"
_kept: WeakKeyDictionary[Connections, Directory] = WeakKeyDictionary()
"""The last directory that was read in this process, by the connections of a region."""


async def directory(uow: Reading, version: int | None = None) -> Directory:
    """The points of the region: from memory if they are of that version, else as they are now."""
    connections = uow.opened.pool
    kept = _kept.get(connections)
    if version is None:
        version = uow.memo.get(_VERSION) or await uow.session.scalar(select(DirectoryVersion.version))
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


def directory_version(uow: Reading) -> Part[int]:
    """The directory's version, to be read along with other parts: `directory` needs no look of its own then."""

    def read(row: Any) -> int:
        version: int = row["version"]
        uow.memo[_VERSION] = version
        return version

    return Part("SELECT version FROM directory_version", {}, read)


async def point(uow: Reading, point_id: UUID) -> Point | None:
    return (await directory(uow)).points.get(point_id)


@dataclass(frozen=True, slots=True)
class FirstFree:
    """For each point that gives a service, its minutes and the first free start (UTC); and whose points these are.

    `derived` is for what is computed from it: many may share one search.
    """

    version: int
    starts: list[tuple[UUID, int, datetime | None]]
    derived: dict[Any, Any] = field(default_factory=dict)


def _first_free(rows: list[Any]) -> FirstFree:
    starts = [
        (
            UUID(row["point_id"]),
            row["minutes"],
            None if row["starts_at"] is None else datetime.fromtimestamp(row["starts_at"], UTC),
        )
        for row in rows
    ]
    return FirstFree(rows[0]["version"] if rows else 0, starts)


_flights: WeakKeyDictionary[Connections, Flights[FirstFree]] = WeakKeyDictionary()


async def first_free(uow: Reading, service: str, since: datetime, days: int, *, alike: bool) -> FirstFree:
    """The first free start at each point. `alike`: `since` is about now, as in any search that names no time.

    Searches that are alike and come while one is being read share the next reading.
    """
    part = Part(_FIRST_FREE, {"service": service, "since": since, "days": days}, _first_free, many=True)
    engine = uow.opened.engine

    async def read() -> FirstFree:
        driver = Driver(engine)
        try:
            return (await gather(driver, part))[part]
        finally:
            await driver.release()

    if not alike:
        return await read()
    return await _flights.setdefault(uow.opened.pool, Flights()).share((service, days), read)


async def offer(uow: Reading, point_id: UUID, service: str) -> PointService | None:
    return await uow.session.get(PointService, (point_id, service))


async def capacity_day(uow: Reading, pool_id: UUID, day: date) -> CapacityDay | None:
    return await uow.session.get(CapacityDay, (pool_id, day))


def stretch(point_id: UUID, service: str, starts_at: datetime) -> Part[Stretch | None]:
    """The ledger where a visit would stand if it began then; None if the point is closed or gives no such service."""
    statement = """
        SELECT s.pool_id, s.minutes, s.every, d.day, d.starts_at, d.opens_tick,
            d.capacity[d.tick + 1 : d.tick + s.minutes / 5] AS open, d.used[d.tick + 1 : d.tick + s.minutes / 5] AS used
        FROM point_services s JOIN points p ON p.id = s.point_id
        JOIN LATERAL (
            SELECT *, greatest(floor(extract(epoch FROM :starts_at::timestamptz - starts_at) / 300), -1)::int AS tick
            FROM capacity_days WHERE pool_id = s.pool_id AND day = (:starts_at::timestamptz AT TIME ZONE p.zone)::date
        ) d ON true
        WHERE s.point_id = :point AND s.service = :service
    """
    return Part(statement, {"point": point_id, "service": service, "starts_at": starts_at}, _stretch)


def _stretch(row: Any) -> Stretch | None:
    if row is None:
        return None
    return Stretch(
        pool_id=UUID(row["pool_id"]),
        day=date.fromisoformat(row["day"]),
        day_starts_at=datetime.fromisoformat(row["starts_at"]),
        ticks=ticks_of(row["minutes"]),
        every=ticks_of(row["every"]),
        opens=row["opens_tick"],
        capacity=row["open"],
        used=row["used"],
    )


async def change_use(uow: Writing, place: Place, change: int) -> None:
    """Adds `change` to the use of the place's ticks. The table's CHECK refuses what is more than the counters."""
    await uow.session.execute(
        text("""
            UPDATE capacity_days SET used = ticks_changed(used, :first_tick, :ticks, :change)
            WHERE pool_id = :pool_id AND day = :day
        """),
        {
            "first_tick": place.first_tick,
            "ticks": place.ticks,
            "change": change,
            "pool_id": place.pool_id,
            "day": place.day,
        },
    )


async def add(uow: Writing, table: type[Point | Pool | PointService], rows: Sequence[dict[str, Any]]) -> None:
    await uow.session.execute(insert(table).on_conflict_do_nothing(), rows)


async def pools(uow: Reading) -> list[tuple[Pool, Point]]:
    query = select(Pool, Point).join(Point, Point.id == Pool.point_id).order_by(Pool.id)
    return [(row[0], row[1]) for row in await uow.session.execute(query)]


async def last_days(uow: Reading) -> dict[UUID, date]:
    """How far each pool's calendar reaches."""
    query = select(CapacityDay.pool_id, func.max(CapacityDay.day)).group_by(CapacityDay.pool_id)
    return {row.pool_id: row.max for row in await uow.session.execute(query)}


async def add_days(uow: Writing, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts only, and never touches a day that is there: bookings and this never wait for each other."""
    await uow.session.execute(insert(CapacityDay).on_conflict_do_nothing(), rows)
