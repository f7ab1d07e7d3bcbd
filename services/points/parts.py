"""What the ledger tells, as parts that one statement reads together."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.db.gather import Part
from app.db.unit_of_work import Reading
from app.domain.points.calendar import TICK
from app.domain.points.places import FAMILY_GAP, DayOfPool, Stretch
from services.points.first_free import (
    FirstFree,
    OfferedDay,
    read_day,
    read_first_free,
    read_offered_day,
    read_stretch,
)
from services.points.free_days import LedgerDay, read_ledger_day

VERSION = "directory_version"
"""Where a unit of work remembers it."""

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


# The same for several people of one family.
_FIRST_FAMILY = _FIRST_FREE.replace("first_free_tick(", "first_family_tick(").replace(
    "d.opens_tick\n", "d.opens_tick, :people::integer, :gap::integer\n"
)


def first_free(
    service: str, since: datetime, days: int, *, people: int = 1, points: Sequence[UUID] | None = None
) -> Part[FirstFree]:
    """The first free start for one person or a family at each point that gives the service, or at those of `points`."""
    statement = _FIRST_FREE if people == 1 else _FIRST_FAMILY
    asked = {"service": service, "since": since, "days": days, "people": people, "gap": FAMILY_GAP // TICK}
    if points is not None:
        statement, asked["points"] = f"{statement} AND s.point_id = ANY (:points)", points
    return Part(statement, asked, read_first_free, many=True)


def offered_day(point_id: UUID, service: str, day: date) -> Part[OfferedDay | None]:
    """A local day of the pool that gives the service at the point; None when the point does not give it."""
    statement = """
        SELECT p.zone, s.minutes, s.every, d.starts_at, d.opens_tick, d.capacity, d.used
        FROM point_services s JOIN points p ON p.id = s.point_id
        LEFT JOIN capacity_days d ON d.pool_id = s.pool_id AND d.day = :day::date
        WHERE s.point_id = :point AND s.service = :service
    """
    return Part(statement, {"point": point_id, "service": service, "day": day}, read_offered_day)


def directory_version(uow: Reading) -> Part[int]:
    """The directory's version: `directory` needs no look of its own then."""

    def read(row: Any) -> int:
        version: int = row["version"]
        uow.memo[VERSION] = version
        return version

    return Part("SELECT version FROM directory_version", {}, read)


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
    return Part(statement, {"point": point_id, "service": service, "starts_at": starts_at}, read_stretch)


def stretches(places: Sequence[tuple[UUID, str, datetime]]) -> Part[list[Stretch | None]]:
    """The same of many places (point, service, beginning), in their order."""
    statement = """
        SELECT w.place, s.pool_id, s.minutes, s.every, d.day, d.starts_at, d.opens_tick,
            d.capacity[d.tick + 1 : d.tick + s.minutes / 5] AS open, d.used[d.tick + 1 : d.tick + s.minutes / 5] AS used
        FROM unnest(:points::uuid[], :services::text[], :beginnings::timestamptz[])
            WITH ORDINALITY AS w (point_id, service, starts_at, place)
        JOIN point_services s ON s.point_id = w.point_id AND s.service = w.service
        JOIN points p ON p.id = s.point_id
        JOIN LATERAL (
            SELECT *, greatest(floor(extract(epoch FROM w.starts_at - starts_at) / 300), -1)::int AS tick
            FROM capacity_days WHERE pool_id = s.pool_id AND day = (w.starts_at AT TIME ZONE p.zone)::date
        ) d ON true
    """

    def read(rows: list[Any]) -> list[Stretch | None]:
        found = {row["place"]: read_stretch(row) for row in rows}
        return [found.get(place) for place in range(1, len(places) + 1)]

    points, services, beginnings = (list(column) for column in zip(*places, strict=True))
    return Part(statement, {"points": points, "services": services, "beginnings": beginnings}, read, many=True)


def changed_days(since: Mapping[UUID, str | None], first: date, last: date) -> Part[list[LedgerDay]]:
    """Days of these pools, first and last included, that were written after a pool's snapshot (all of them for None).

    A row bears the transaction that wrote it: what the snapshot did not show yet was written by one that is not older
    than the oldest under way then. `age` compares where numbers of transactions begin anew.
    """
    statement = """
        SELECT d.pool_id, d.day, d.starts_at, d.opens_tick, d.capacity, d.used
        FROM unnest(:pools::uuid[], :snapshots::text[]) AS asked (pool_id, snapshot)
        JOIN capacity_days d ON d.pool_id = asked.pool_id AND d.day BETWEEN :first_day::date AND :last_day::date
            AND (asked.snapshot IS NULL OR age(d.xmin) <= age(asked.snapshot::xid))
    """
    pools, snapshots = list(since), list(since.values())
    asked = {"pools": pools, "snapshots": snapshots, "first_day": first, "last_day": last}
    return Part(statement, asked, lambda rows: [read_ledger_day(row) for row in rows], many=True)


def snapshot() -> Part[str]:
    """What `changed_days` is asked with the next time."""
    statement = "SELECT pg_snapshot_xmin(pg_current_snapshot())::xid::text AS oldest"
    return Part(statement, {}, lambda row: str(row["oldest"]))


def day_of_pool(point_id: UUID, service: str, instant: datetime) -> Part[DayOfPool | None]:
    """The whole ledger of the local day that an instant lies in; None if there is none for the service."""
    statement = """
        SELECT s.pool_id, s.minutes, s.every, d.day, d.starts_at, d.opens_tick, d.capacity AS open, d.used
        FROM point_services s JOIN points p ON p.id = s.point_id
        JOIN capacity_days d ON d.pool_id = s.pool_id AND d.day = (:starts_at::timestamptz AT TIME ZONE p.zone)::date
        WHERE s.point_id = :point AND s.service = :service
    """
    return Part(statement, {"point": point_id, "service": service, "starts_at": instant}, read_day)


def open_on(point_id: UUID, day: date) -> Part[list[tuple[datetime, datetime]]]:
    """From when to when any counter of the point is to work on a local day, in order; as planned, whoever keeps a place
    beyond that.
    """
    statement = """
        SELECT d.starts_at, coalesce(d.planned, d.capacity) AS open
        FROM capacity_days d JOIN pools p ON p.id = d.pool_id
        WHERE p.point_id = :point AND d.day = :day::date
    """

    def read(rows: list[Any]) -> list[tuple[datetime, datetime]]:
        stretches: list[tuple[datetime, datetime]] = []
        for begins in sorted({_tick(row, n) for row in rows for n, counters in enumerate(row["open"]) if counters > 0}):
            if stretches and stretches[-1][1] == begins:
                stretches[-1] = stretches[-1][0], begins + TICK
            else:
                stretches.append((begins, begins + TICK))
        return stretches

    return Part(statement, {"point": point_id, "day": day}, read, many=True)


def _tick(row: Any, number: int) -> datetime:
    return datetime.fromisoformat(row["starts_at"]) + TICK * number


def settling_in(service: str) -> Part[bool]:
    """Whether the catalogue has the service as help that no step asks for."""
    return Part("SELECT settling_in FROM services WHERE code = :service", {"service": service}, _is_settling_in)


def _is_settling_in(row: Any) -> bool:
    return bool(row and row["settling_in"])
