"""One person is never in two places, and a visit takes some time: the table itself says so."""

import pytest
import pytest_asyncio

from app.domain.bookings.status import LIVE, BookingStatus
from tests.db.day import Day, new_day
from tests.db.ground import CHECK, EXCLUSION, Ground, add_person, refusal

ONE_PLACE = (EXCLUSION, "ex_bookings_one_place")


@pytest_asyncio.fixture
async def day(ground: Ground) -> Day:
    return await new_day(ground)


@pytest.mark.parametrize(("first", "ticks"), [(1, 6), (6, 6), (11, 6), (7, 1), (0, 24)])
async def test_two_confirmed_visits_of_one_person_may_not_overlap(day: Day, first: int, ticks: int) -> None:
    await day.book(6)
    assert await day.refusal(first, ticks) == ONE_PLACE


async def test_a_visit_may_begin_as_another_ends(day: Day) -> None:
    await day.book(6)
    await day.book(0)
    await day.book(12)


@pytest.mark.parametrize("status", sorted(LIVE))
async def test_a_live_visit_stands_in_the_way_of_another(day: Day, status: str) -> None:
    await day.book(6, status=status)
    assert await day.refusal(8) == ONE_PLACE


@pytest.mark.parametrize("status", sorted(set(BookingStatus) - LIVE))
async def test_a_hold_and_whatever_has_ended_stand_in_nobodys_way(day: Day, status: str) -> None:
    await day.book(6, status=status)
    await day.book(8)
    await day.book(8, status=status)


async def test_a_hold_that_overlaps_cannot_be_confirmed(day: Day) -> None:
    await day.book(6)
    await day.book(8, status="held")
    confirm = "UPDATE bookings SET status = 'confirmed', held_until = NULL WHERE status = 'held' AND pool_id = :pool"
    assert await refusal(day.ground.app, confirm, pool=day.pool) == ONE_PLACE


async def test_two_persons_may_be_at_one_place_at_one_time(day: Day) -> None:
    await day.book(6)
    await day.book(6, person=await add_person(day.ground.app))


@pytest.mark.parametrize("during", ["empty", "[2026-09-01 06:30+00,2026-09-01 06:30+00)"])
async def test_a_visit_takes_some_time(day: Day, during: str) -> None:
    assert await day.refusal(6, during=during) == (CHECK, "ck_bookings_during")
