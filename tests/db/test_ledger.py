"""The capacity ledger is the sum of the bookings, or the doctor says where it is not."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from app.domain.bookings.status import TAKING, BookingStatus
from tests.db.day import Day, new_day
from tests.db.ground import Ground, add_person, run


@pytest_asyncio.fixture
async def day(ground: Ground) -> AsyncIterator[Day]:
    day = await new_day(ground)
    yield day
    await run(ground.app, "DELETE FROM bookings")
    await run(ground.app, "DELETE FROM capacity_days")


async def test_a_fresh_day_is_sound(day: Day) -> None:
    assert await day.ground.faults() == []


@pytest.mark.parametrize("status", sorted(TAKING))
async def test_a_booking_that_takes_its_ticks_is_sound_and_without_them_is_not(day: Day, status: str) -> None:
    await day.take(6, 6, +1)
    await day.book(6, status=status)
    assert await day.ground.faults() == []
    await day.take(6, 6, -1)
    assert await day.ground.faults() == [day.fault(used=0, taken=6)]


@pytest.mark.parametrize("status", sorted(set(BookingStatus) - TAKING))
async def test_a_booking_that_has_given_its_place_back_takes_none(day: Day, status: str) -> None:
    await day.book(6, status=status)
    assert await day.ground.faults() == []
    await day.take(6, 6, +1)
    assert await day.ground.faults() == [day.fault(used=6, taken=0)]


async def test_two_at_one_time_count_twice(day: Day) -> None:
    for _ in range(2):
        await day.book(6, person=await add_person(day.ground.app))
        await day.take(6, 6, +1)
    assert await day.ground.faults() == []


async def test_a_use_at_the_wrong_time_is_found_though_the_sums_agree(day: Day) -> None:
    await day.book(6)
    await day.take(7, 6, +1)
    assert await day.ground.faults() == [day.fault(used=1, taken=1)]


async def test_one_tick_too_many_is_found_whoever_wrote_it(day: Day) -> None:
    await day.book(6)
    await day.take(6, 6, +1)
    await run(day.ground.owner, "UPDATE capacity_days SET used[24] = 1 WHERE pool_id = :pool", pool=day.pool)
    assert await day.ground.faults() == [day.fault(used=1, taken=0)]


async def test_a_booking_past_the_end_of_the_day_is_found(day: Day) -> None:
    await day.take(20, 4, +1)
    await day.book(20, 6)
    ledger, seeker = await day.ground.faults()
    assert ledger == day.fault(used=0, taken=2)
    assert "no other place is sought" in seeker
