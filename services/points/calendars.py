"""The ledger follows the plans: days are made ahead, and made anew when a plan changes.

Whoever changes plans or makes days takes the turn of calendars first, so that no day is made from a plan that
another has just replaced. Bookings never take it: they go on meanwhile, and wait only for a row that is being
written. Rows are locked by one statement in the order of (pool, day), as bookings lock them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.db.locks import take_turn
from app.db.unit_of_work import Reading, Writing
from app.domain.pathways.calendar import is_holiday
from app.domain.points.calendar import DayPlan, local_day
from app.domain.points.plan import PointPlan, Taken, kept_open, stranded
from app.models.points import CapacityDay
from services.points import repository
from services.points.plans import Planned


async def take_calendars(uow: Writing) -> None:
    await take_turn(uow, "calendars")


async def all_plans(uow: Reading) -> list[Planned]:
    """Of every point."""
    return await repository.plans(uow)


async def extend_calendars(uow: Writing) -> int:
    """Makes the missing days of every pool up to the region's horizon; returns how many. Safe to repeat."""
    await take_calendars(uow)
    reached = await repository.last_days(uow)
    made = [
        row
        for planned in await repository.plans(uow)
        for row in _missing_days(uow, planned, {pool: {day} for pool, day in reached.items()}, beyond=True)
    ]
    if made:
        await repository.add_days(uow, made)
    return len(made)


@dataclass(frozen=True, slots=True)
class Relaid:
    """What a plan would make of the calendar. `stranded`: visits that it leaves without a counter or a service."""

    changed: list[dict[str, Any]]
    made: list[dict[str, Any]]
    stranded: list[Taken]


async def relay(uow: Writing, before: Planned, after: Planned) -> Relaid:
    """Locks the point's days from today on, and says what the new plan makes of them. Writes nothing."""
    pool_ids = {**before.pool_ids, **after.pool_ids}
    today = local_day(after.plan.zone, uow.now)
    rows = await repository.locked_days(uow, pool_ids.values(), today)
    taken = await repository.taken_places(uow, pool_ids.values(), today)
    already = {place.booking_id for place in displaced(before, rows, taken)}
    codes = {pool_id: code for code, pool_id in pool_ids.items()}
    changed = []
    without = _without_service(after.plan, taken)
    by_day = _by_day(taken)
    for row in rows:
        plan = _day_of(uow, after.plan, codes[row.pool_id], row.day)
        values = _changed(row, plan)
        if values is not None:
            changed.append(values)
        planned = plan.since(row.starts_at).capacity if plan else ()
        without |= {place.booking_id for place in stranded(planned, by_day.get((row.pool_id, row.day), []))}
    there: dict[UUID, set[date]] = {}
    for row in rows:
        there.setdefault(row.pool_id, set()).add(row.day)
    newly = [place for place in taken if place.booking_id in without - already]
    return Relaid(changed, list(_missing_days(uow, after, there)), newly)


async def lay(uow: Writing, relaid: Relaid) -> None:
    """Writes what `relay` said."""
    if relaid.changed:
        await repository.change_days(uow, relaid.changed)
    if relaid.made:
        await repository.add_days(uow, relaid.made)


async def to_be_moved(uow: Reading, planned: Planned) -> list[Taken]:
    """Visits still ahead that a change of plan has left without a counter or a service; their places are theirs."""
    today = local_day(planned.plan.zone, uow.now)
    pool_ids = planned.pool_ids.values()
    rows = await repository.days(uow, pool_ids, today)
    return displaced(planned, rows, await repository.taken_places(uow, pool_ids, today))


def displaced(planned: Planned, rows: Iterable[CapacityDay], taken: Collection[Taken]) -> list[Taken]:
    """Of the places taken those beyond the plan, as the ledger stands."""
    without = _without_service(planned.plan, taken)
    by_day = _by_day(taken)
    for row in rows:
        if row.planned is not None:
            without |= {place.booking_id for place in stranded(row.planned, by_day.get((row.pool_id, row.day), []))}
    return [place for place in taken if place.booking_id in without]


def _without_service(plan: PointPlan, taken: Iterable[Taken]) -> set[UUID]:
    given = {offer.service for pool in plan.pools for offer in pool.offers}
    return {place.booking_id for place in taken if not place.fixed and place.service not in given}


def _by_day(taken: Iterable[Taken]) -> dict[tuple[UUID, date], list[Taken]]:
    grouped: dict[tuple[UUID, date], list[Taken]] = {}
    for place in taken:
        grouped.setdefault((place.pool_id, place.day), []).append(place)
    return grouped


def _day_of(uow: Reading, plan: PointPlan, pool_code: str, day: date) -> DayPlan | None:
    """None also for a pool that is no longer in the plan."""
    pool = next((each for each in plan.pools if each.code == pool_code), None)
    if pool is None:
        return None
    return plan.ledger_day(pool, day, holiday=is_holiday(day, uow.region.book.calendar))


def _changed(row: CapacityDay, plan: DayPlan | None) -> dict[str, Any] | None:
    """The row as the plan has it, with everybody's place kept; None when it is so already."""
    plan = plan and plan.since(row.starts_at)
    length = max(len(row.used), len(plan.capacity) if plan else 0)
    planned = [*(plan.capacity if plan else ()), *[0] * length][:length]
    used = [*row.used, *[0] * length][:length]
    capacity = list(kept_open(planned, used))
    values = {
        "capacity": capacity,
        "used": used,
        "planned": None if capacity == planned else planned,
        "opens_tick": plan.opens if plan else row.opens_tick,
    }
    if all(getattr(row, name) == value for name, value in values.items()):
        return None
    return values | {"pool_id": row.pool_id, "day": row.day}


def _missing_days(
    uow: Writing, planned: Planned, there: Mapping[UUID, set[date]], *, beyond: bool = False
) -> Iterable[dict[str, Any]]:
    """Days up to the horizon that have no row and are to have one; with `beyond` only those after the last."""
    today = local_day(planned.plan.zone, uow.now)
    for pool in planned.plan.pools:
        pool_id = planned.pool_ids[pool.code]
        known = there.get(pool_id, set())
        first = max(today, max(known, default=today) + timedelta(days=1)) if beyond and known else today
        for ahead in range((today - first).days + uow.region.calendar_days + 1):
            day = first + timedelta(days=ahead)
            plan = None if day in known else _day_of(uow, planned.plan, pool.code, day)
            if plan is not None:
                yield {
                    "pool_id": pool_id,
                    "day": day,
                    "starts_at": plan.starts_at,
                    "capacity": list(plan.capacity),
                    "used": [0] * len(plan.capacity),
                    "opens_tick": plan.opens,
                }
