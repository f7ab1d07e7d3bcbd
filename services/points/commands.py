"""Points come to be, their calendars grow, and places are taken and given back."""

from collections.abc import Iterable
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.db.unit_of_work import Writing
from app.domain.pathways.calendar import is_holiday
from app.domain.points.calendar import Hours, Week, day_plan, hours_on, local_day, midnight
from app.domain.points.places import Place
from app.models.points import Point, PointService, Pool
from services.points import repository


async def add_points(
    uow: Writing,
    points: list[dict[str, Any]],
    pools: list[dict[str, Any]],
    services: list[dict[str, Any]],
) -> None:
    """Rows of the three tables as they stand. What is there already is left alone."""
    await repository.add(uow, Point, points)
    await repository.add(uow, Pool, pools)
    await repository.add(uow, PointService, services)


async def extend_calendars(uow: Writing) -> int:
    """Makes the missing days of every pool up to the region's horizon; returns how many. Safe to repeat."""
    made: list[dict[str, Any]] = []
    reached = await repository.last_days(uow)
    for pool, point in await repository.pools(uow):
        zone = ZoneInfo(point.zone)
        today = local_day(zone, uow.now)
        week = week_of(point.hours)
        day = max(reached.get(pool.id, today - timedelta(days=1)) + timedelta(days=1), today)
        while day <= today + timedelta(days=uow.region.calendar_days):
            # A holiday closes a point; a working day moved to a weekend opens none by itself.
            closed = not point.open_on_holidays and is_holiday(day, uow.region.book.calendar)
            hours = () if closed else hours_on(week, day)
            plan = day_plan(zone, day, hours, pool.counters)
            if plan:
                plan = plan.since(midnight(zone, day))
                made.append(
                    {
                        "pool_id": pool.id,
                        "day": day,
                        "starts_at": plan.starts_at,
                        "capacity": list(plan.capacity),
                        "used": [0] * len(plan.capacity),
                        "opens_tick": plan.opens,
                    }
                )
            day += timedelta(days=1)
    if made:
        await repository.add_days(uow, made)
    return len(made)


def week_of(hours: dict[str, list[list[str]]]) -> Week:
    """A point's weekly hours as the calendar takes them: weekday (0 = Monday) → intervals of local time."""
    return {
        int(weekday): tuple(Hours(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in intervals)
        for weekday, intervals in hours.items()
    }


async def change_use(uow: Writing, changes: Iterable[tuple[Place, int]]) -> None:
    """Takes (+1) and gives back (-1) places, in the one order of locks. A full one ends in PlaceTaken.

    What is given back goes first within a row, so that a move by ten minutes does not stand in its own way.
    """
    for place, change in sorted(changes, key=lambda item: (item[0].key, item[1])):
        await repository.change_use(uow, place, change)
