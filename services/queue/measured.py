"""What visits took, as sums: kept for an hour in the memory of each process, but for those of today."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy.pool import Pool as Connections

from app.db.gather import Part
from app.db.unit_of_work import Reading, look
from app.domain.queue.service_times import NOTHING, Times

_BACK = timedelta(days=60)
_FADES_DAYS = 30
_KEPT_FOR = timedelta(hours=1)
# From the call until the counter is free again. What was forgotten to be finished, or finished at once, is none.
_MINUTES = """
    SELECT t.point_id, t.service, t.finished_at, extract(hour FROM t.called_at AT TIME ZONE p.zone)::int AS hour,
        extract(epoch FROM t.finished_at - t.called_at) / 60 AS minutes
    FROM tickets t JOIN points p ON p.id = t.point_id
    WHERE t.status = 'finished' AND t.finished_at >= :since::timestamptz AND t.finished_at < :until::timestamptz
        AND t.finished_at - t.called_at BETWEEN '20 seconds' AND '4 hours'
"""
_SUMS = "sum(weight) AS count, sum(weight * ln(minutes)) AS logs, sum(weight * ln(minutes) ^ 2) AS squares"


@dataclass(frozen=True, slots=True)
class History:
    """Measured until the day `until` began, what is old counting less: by service; by point and service; by point,
    service and local hour.
    """

    until: date
    read_at: datetime
    everywhere: dict[str, Times]
    at_point: dict[tuple[UUID, str], Times]
    at_hour: dict[tuple[UUID, str, int], Times]

    def levels(self, point_id: UUID, service: str, hour: int) -> list[Times]:
        return [
            self.everywhere.get(service, NOTHING),
            self.at_point.get((point_id, service), NOTHING),
            self.at_hour.get((point_id, service, hour), NOTHING),
        ]


_kept: WeakKeyDictionary[Connections, History] = WeakKeyDictionary()


async def history(uow: Reading) -> History:
    """What the region's points have measured before today."""
    kept, today = _kept.get(uow.opened.pool), uow.region.day_of(uow.now)
    if kept is not None and kept.until == today and uow.now < kept.read_at + _KEPT_FOR:
        return kept
    begins = datetime.combine(today, datetime.min.time(), uow.region.zone)
    statement = f"""
        SELECT point_id, service, hour, {_SUMS} FROM (
            SELECT *, exp(extract(epoch FROM finished_at - :until::timestamptz) / 86400 / :fades) AS weight
            FROM ({_MINUTES}) AS each
        ) AS weighed GROUP BY point_id, service, hour
    """  # noqa: S608 — ours, all of it
    asked = {"since": begins - _BACK, "until": begins, "fades": float(_FADES_DAYS)}
    part = Part(statement, asked, lambda rows: rows, many=True)
    read = _history(today, uow.now, (await look(uow, part))[part])
    _kept[uow.opened.pool] = read
    return read


def _history(until: date, now: datetime, rows: list[Any]) -> History:
    found = History(until, now, {}, {}, {})
    for row in rows:
        point_id, service, times = UUID(row["point_id"]), row["service"], _times(row)
        found.everywhere[service] = found.everywhere.get(service, NOTHING) + times
        found.at_point[point_id, service] = found.at_point.get((point_id, service), NOTHING) + times
        found.at_hour[point_id, service, row["hour"]] = times
    return found


async def today_at(uow: Reading, point_id: UUID) -> dict[str, Times]:
    """What the point has measured today, by service."""
    begins = datetime.combine(uow.region.day_of(uow.now), datetime.min.time(), uow.region.zone)
    statement = f"""
        SELECT service, {_SUMS} FROM (
            SELECT *, 1.0 AS weight FROM ({_MINUTES} AND t.point_id = :point) AS each
        ) AS weighed GROUP BY service
    """  # noqa: S608 — ours, all of it
    asked = {"since": begins, "until": uow.now + timedelta(seconds=1), "point": point_id}
    part = Part(statement, asked, lambda rows: {row["service"]: _times(row) for row in rows}, many=True)
    return (await look(uow, part))[part]


def _times(row: Any) -> Times:
    return Times(float(row["count"]), float(row["logs"]), float(row["squares"]))
