"""Tickets are numbered for each point and day, without gaps and without collisions, whoever hands them out."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.db.unit_of_work import Writing
from app.domain.region.policy import RegionPolicy
from app.runtime import Runtime
from services.queue.line import Wish, add_walk_in
from services.queue.queries import ticket_faults
from tests.services.halls import Hall, open_hall
from tests.support.clock import MovableClock

TICKETS = 60


async def _join(runtime: Runtime, region: RegionPolicy, hall: Hall) -> int:
    async with runtime.database.writing(region) as uow:
        return (await add_walk_in(uow, hall.point_id, Wish("medical"))).number


async def test_tickets_taken_at_once_in_two_processes_are_numbered_without_gaps(
    hall: Hall, runtime: Runtime, second: Runtime, region: RegionPolicy
) -> None:
    """Case 29: numbers made as max+1 collide. Half of them are handed out by another process."""
    joining = [_join(each, region, hall) for each in (runtime, second) * (TICKETS // 2)]
    assert sorted(await asyncio.gather(*joining)) == list(range(1, TICKETS + 1))


async def test_a_ticket_that_comes_to_nothing_costs_no_number(
    hall: Hall, runtime: Runtime, region: RegionPolicy
) -> None:
    async def fail(uow: Writing) -> None:
        raise _NotKept([str((await add_walk_in(uow, hall.point_id, Wish("medical"))).number)])

    assert await _of_lost(runtime, region, fail) == ["1"]
    assert await _join(runtime, region, hall) == 1


async def test_each_point_and_each_local_day_begins_with_one(
    hall: Hall, runtime: Runtime, client: httpx.AsyncClient, region: RegionPolicy, clock: MovableClock
) -> None:
    other = await open_hall(runtime, client, zone="Asia/Yekaterinburg")
    assert [await _join(runtime, region, each) for each in (hall, hall, other)] == [1, 2, 1]
    clock.at = clock.at.replace(hour=19, minute=30)  # 22:30 in Kazan, 00:30 of the next day in Yekaterinburg
    assert [await _join(runtime, region, each) for each in (hall, other)] == [3, 1]
    clock.move(hours=2)
    assert [await _join(runtime, region, each) for each in (hall, other)] == [1, 2]


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE ticket_days SET last_number = 9 WHERE point_id = :point",
        "UPDATE tickets SET number = 7 WHERE number = 2 AND point_id = :point",
    ],
)
async def test_the_doctor_would_find_a_gap(hall: Hall, runtime: Runtime, region: RegionPolicy, harm: str) -> None:
    await hall.walk_in()
    await hall.walk_in()

    async def break_and_look(uow: Writing) -> None:
        await uow.session.execute(text(harm), {"point": hall.point_id})
        raise _NotKept(await ticket_faults(uow))

    (fault,) = await _of_lost(runtime, region, break_and_look)
    assert str(hall.point_id) in fault


async def test_a_number_is_given_once_by_the_word_of_the_database(
    hall: Hall, runtime: Runtime, region: RegionPolicy
) -> None:
    await hall.walk_in()

    async def count_anew(uow: Writing) -> None:
        await uow.session.execute(
            text("UPDATE ticket_days SET last_number = 0 WHERE point_id = :point"), {"point": hall.point_id}
        )
        with pytest.raises(IntegrityError, match="uq_tickets_number"):
            await add_walk_in(uow, hall.point_id, Wish("medical"))
        raise _NotKept([])

    assert await _of_lost(runtime, region, count_anew) == []


class _NotKept(Exception):
    """Ends a unit of work that is to leave nothing, with what was seen in it."""

    def __init__(self, seen: list[str]) -> None:
        super().__init__("not kept")
        self.seen = seen


async def _of_lost(runtime: Runtime, region: RegionPolicy, command: Callable[[Writing], Awaitable[None]]) -> list[str]:
    try:
        async with runtime.database.writing(region) as uow:
            await command(uow)
    except _NotKept as lost:
        return lost.seen
    raise AssertionError("it was kept")
