"""Holds that nobody confirmed, given back by any number of workers."""

import asyncio
from functools import partial

from sqlalchemy import func, select

from app.domain.bookings.booking import Booked
from app.domain.region.policy import RegionPolicy
from app.models.bookings import Booking
from app.models.points import CapacityDay
from app.runtime import Runtime
from services.bookings.commands import Wanted, confirm, hold
from services.bookings.errors import HoldGone
from services.bookings.queries import ledger_faults
from services.bookings.upkeep import expire_holds
from services.points.commands import extend_calendars
from services.points.queries import day_of
from tests.services.crowd import newcomers
from tests.services.points import Made, make_point
from tests.support.clock import MovableClock

HOLDS = 100


async def held(runtime: Runtime, region: RegionPolicy, count: int = HOLDS) -> tuple[list[Made], list[Booked]]:
    """So many holds of as many people, on a day at each of five points, in an order that mixes the points."""
    people = await newcomers(runtime, count)
    async with runtime.database.writing(region) as uow:
        while await expire_holds(uow):
            pass  # what other tests left
        points = [await make_point(uow, counters=5) for _ in range(5)]
        await extend_calendars(uow)
    async with runtime.database.reading(region) as uow:
        day = region.day_of(uow.now)
        starts = {
            p.point_id: [free.starts_at for free in await day_of(uow, p.point_id, "medical", day)] for p in points
        }
    holds: list[Booked] = []
    for number, person in enumerate(people):
        point_id = points[number % 5].point_id
        wanted = Wanted("medical", "medical", point_id, starts[point_id][number // 5 % 10])
        holds.append(await runtime.database.decide(region, partial(hold, person_id=person, wanted=wanted)))
    return points, holds


async def used(runtime: Runtime, region: RegionPolicy, points: list[Made]) -> int:
    """Ticks taken at the points."""
    pools = [point.pool_id for point in points]
    async with runtime.database.reading(region) as uow:
        ledgers = await uow.session.scalars(select(CapacityDay).where(CapacityDay.pool_id.in_(pools)))
        return sum(sum(ledger.used) for ledger in ledgers)


async def faults(runtime: Runtime, region: RegionPolicy) -> list[str]:
    async with runtime.database.reading(region) as uow:
        return await ledger_faults(uow)


async def statuses(runtime: Runtime, region: RegionPolicy, points: list[Made]) -> dict[str, int]:
    query = (
        select(Booking.status, func.count().label("holds"))
        .where(Booking.point_id.in_([point.point_id for point in points]))
        .group_by(Booking.status)
    )
    async with runtime.database.reading(region) as uow:
        return {row.status: row.holds for row in await uow.session.execute(query)}


async def test_two_workers_give_each_expired_hold_back_once(
    runtime: Runtime, second: Runtime, region: RegionPolicy, clock: MovableClock
) -> None:
    points, _ = await held(runtime, region)
    assert await used(runtime, region, points) == HOLDS * 6
    clock.at += region.hold_for
    async with runtime.database.reading(region) as uow:
        due = await uow.session.scalar(
            select(func.count()).where(Booking.status == "held", Booking.held_until <= clock.at)
        )

    async def work(one: Runtime) -> int:
        given_back = 0
        while True:
            async with one.database.writing(region) as uow:
                now = await expire_holds(uow, limit=7)
            if not now:
                return given_back
            given_back += now

    shares = await asyncio.gather(*(work(one) for one in (runtime, second, runtime, second)))
    while rest := await work(runtime):  # what one had locked when the other looked
        shares.append(rest)
    assert sum(shares) == due  # those of other tests too
    assert await statuses(runtime, region, points) == {"expired": HOLDS}
    assert await used(runtime, region, points) == 0
    assert await faults(runtime, region) == []


async def test_a_hold_that_still_lives_is_left_alone(
    runtime: Runtime, region: RegionPolicy, clock: MovableClock
) -> None:
    points, _ = await held(runtime, region, 5)
    clock.at += region.hold_for
    clock.move(microseconds=-1)
    async with runtime.database.writing(region) as uow:
        assert await expire_holds(uow) == 0
    assert await statuses(runtime, region, points) == {"held": 5}
    clock.move(microseconds=1)
    async with runtime.database.writing(region) as uow:
        assert await expire_holds(uow) == 5


async def test_a_hold_is_confirmed_or_expires_and_never_both(
    runtime: Runtime, second: Runtime, region: RegionPolicy, clock: MovableClock
) -> None:
    """The person confirms with the last instant's clock while a worker already sees the end."""
    points, holds = await held(runtime, region)
    last_instant = clock.at + region.hold_for
    clock.at = last_instant
    clock.move(microseconds=-1)

    async def confirmed(booking: Booked) -> bool:
        try:
            await runtime.database.decide(region, lambda uow: confirm(uow, booking.person_id, booking.id))
        except HoldGone:
            return False
        return True

    async def expired() -> int:
        await asyncio.sleep(0.02)
        clock.at = last_instant
        async with second.database.writing(region) as uow:
            return await expire_holds(uow)

    *kept, gone = await asyncio.gather(*(confirmed(booking) for booking in holds), expired())
    async with runtime.database.writing(region) as uow:
        gone += await expire_holds(uow)
    assert sum(kept) + gone == HOLDS
    now = await statuses(runtime, region, points)
    assert now.get("confirmed", 0) == sum(kept)
    assert now.get("expired", 0) == gone
    assert await used(runtime, region, points) == sum(kept) * 6
    assert await faults(runtime, region) == []
