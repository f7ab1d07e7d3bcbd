"""A point's plan as rows, and rows as a plan."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from app.domain.points.calendar import Hours, Week
from app.domain.points.plan import CountersException, HoursException, Offer, Period, PointPlan, PoolPlan
from app.models.points import Point, PointException, PointService, Pool, PoolException

Document = Mapping[str, Sequence[Sequence[str]]]
"""Weekly hours as they are stored: weekday → [opens, closes] in local time."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A point with its plan. `pool_ids` by code; also of pools that no longer work and are not in the plan."""

    point: Point
    plan: PointPlan
    pool_ids: Mapping[str, UUID]


def planned(
    point: Point,
    exceptions: Iterable[PointException],
    pools: Iterable[Pool],
    counters: Mapping[UUID, Iterable[PoolException]],
    offers: Mapping[UUID, Iterable[PointService]],
) -> Planned:
    pools = list(pools)
    plan = PointPlan(
        zone=ZoneInfo(point.zone),
        week=week_of(point.hours),
        open_on_holidays=point.open_on_holidays,
        exceptions=tuple(
            HoursException(Period(each.first_day, each.last_day), spans_of(each.hours), each.reason)
            for each in exceptions
        ),
        pools=tuple(
            PoolPlan(
                code=pool.code,
                counters=pool.counters,
                weekly={int(weekday): count for weekday, count in sorted(pool.weekly_counters.items())},
                exceptions=tuple(
                    CountersException(Period(each.first_day, each.last_day), each.counters)
                    for each in counters.get(pool.id, ())
                ),
                offers=tuple(Offer(each.service, each.minutes, each.every) for each in offers.get(pool.id, ())),
            )
            for pool in pools
            if pool.counters
        ),
    )
    return Planned(point, plan, {pool.code: pool.id for pool in pools})


def with_plan(before: Planned, plan: PointPlan) -> Planned:
    """The same point under another plan: pools keep their ids, new ones get theirs."""
    return Planned(before.point, plan, {**{pool.code: uuid4() for pool in plan.pools}, **before.pool_ids})


def exception_rows(
    point_id: UUID, pool_ids: Mapping[str, UUID], plan: PointPlan
) -> list[tuple[type[PointException | PoolException | PointService], list[dict[str, Any]]]]:
    """The rows beside the point and its pools, by table."""
    exceptions = [
        {
            "id": uuid4(),
            "point_id": point_id,
            "first_day": each.period.first,
            "last_day": each.period.last,
            "hours": hours_rows(each.hours),
            "reason": dict(each.reason),
        }
        for each in plan.exceptions
    ]
    counters = [
        {
            "id": uuid4(),
            "pool_id": pool_ids[pool.code],
            "first_day": each.period.first,
            "last_day": each.period.last,
            "counters": each.counters,
        }
        for pool in plan.pools
        for each in pool.exceptions
    ]
    offers = [
        {
            "point_id": point_id,
            "service": offer.service,
            "pool_id": pool_ids[pool.code],
            "minutes": offer.minutes,
            "every": offer.every,
        }
        for pool in plan.pools
        for offer in pool.offers
    ]
    return [(PointException, exceptions), (PoolException, counters), (PointService, offers)]


def week_of(hours: Document) -> Week:
    """A point's weekly hours as the calendar takes them: weekday (0 = Monday) → intervals of local time."""
    return {int(weekday): spans_of(spans) for weekday, spans in sorted(hours.items()) if spans}


def spans_of(spans: Iterable[Sequence[str]]) -> tuple[Hours, ...]:
    return tuple(Hours(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in spans)


def hours_document(week: Week) -> dict[str, list[list[str]]]:
    return {str(weekday): hours_rows(spans) for weekday, spans in week.items() if spans}


def hours_rows(spans: Iterable[Hours]) -> list[list[str]]:
    return [[each.opens.isoformat("minutes"), each.closes.isoformat("minutes")] for each in spans]
