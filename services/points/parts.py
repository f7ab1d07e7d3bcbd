"""What the ledger tells, as parts that one statement reads together."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.db.gather import Part
from app.db.unit_of_work import Reading
from app.domain.points.calendar import ticks_of
from app.domain.points.places import Stretch
from services.points.first_free import FirstFree, OfferedDay, read_first_free, read_offered_day

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


def first_free(service: str, since: datetime, days: int, points: Sequence[UUID] | None = None) -> Part[FirstFree]:
    """The first free start at each point that gives the service, or at those of `points` that do."""
    asked = {"service": service, "since": since, "days": days}
    if points is None:
        return Part(_FIRST_FREE, asked, read_first_free, many=True)
    return Part(f"{_FIRST_FREE} AND s.point_id = ANY (:points)", asked | {"points": points}, read_first_free, many=True)


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
