"""A queue as it moves reaches whoever watches, from whichever process it was moved, and nobody gets a backlog."""

import asyncio
from collections.abc import AsyncIterator, Callable
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import text

from app.domain.queue.state import QueueState
from app.domain.queue.status import TicketStatus
from app.domain.region.policy import RegionPolicy
from app.errors import TooManyRequests
from app.runtime import Runtime
from services.queue.line import Wish, add_walk_in
from services.queue.live import MOST_WATCHES, LiveQueues, Watch
from tests.services.halls import Hall

PATIENCE = 10.0


@pytest_asyncio.fixture
async def live(runtime: Runtime) -> AsyncIterator[LiveQueues]:
    """Another process' than the one that serves the hall."""
    live = LiveQueues(runtime.database, runtime.regions)
    live.start()
    yield live
    await live.close()


async def until(watch: Watch, holds: Callable[[QueueState], bool]) -> QueueState:
    """The first state of which that holds."""
    async with asyncio.timeout(PATIENCE):
        while True:
            state = await watch.next(PATIENCE)
            assert state is not None
            if holds(state):
                return state


def numbers(state: QueueState, status: TicketStatus = TicketStatus.WAITING) -> list[int]:
    return [ticket.number for ticket in state.tickets if ticket.status is status]


async def test_a_watch_begins_with_the_present_state_and_is_told_of_every_move(
    hall: Hall, live: LiveQueues, region: RegionPolicy
) -> None:
    await hall.walk_in()
    with live.watch(region, hall.point_id, "me") as watch:
        first = await until(watch, lambda _: True)
        assert numbers(first) == [1]
        await hall.walk_in()
        second = await until(watch, lambda state: numbers(state) == [1, 2])
        await hall.called()
        third = await until(watch, lambda state: numbers(state, TicketStatus.CALLED) == [1])
        assert first.version < second.version < third.version
        with live.watch(region, hall.point_id, "other") as late:
            assert (await until(late, lambda _: True)).version == third.version


async def test_a_slow_reader_gets_the_newest_state_and_no_backlog(
    hall: Hall, live: LiveQueues, runtime: Runtime, region: RegionPolicy
) -> None:
    with live.watch(region, hall.point_id, "slow") as slow, live.watch(region, hall.point_id, "quick") as quick:
        for _ in range(20):
            async with runtime.database.writing(region) as uow:
                await add_walk_in(uow, hall.point_id, Wish("medical"))
        await until(quick, lambda state: len(numbers(state)) == 20)
        newest = await slow.next(PATIENCE)
        assert newest is not None
        assert len(numbers(newest)) == 20
        assert await slow.next(0.2) is None


async def test_a_version_has_exactly_the_moves_up_to_it(
    hall: Hall, live: LiveQueues, runtime: Runtime, second: Runtime, region: RegionPolicy
) -> None:
    """Each ticket is one move: whatever state is told, it has as many tickets as its version counts since."""
    with live.watch(region, hall.point_id, "me") as watch:
        base = (await until(watch, lambda _: True)).version

        async def join(each: Runtime) -> None:
            async with each.database.writing(region) as uow:
                await add_walk_in(uow, hall.point_id, Wish("medical"))

        joining = asyncio.gather(*(join(each) for each in (runtime, second) * 15))
        told = [await until(watch, lambda _: True)]
        while len(told[-1].tickets) < 30:
            told.append(await until(watch, lambda _: True))
        await joining
    assert all(len(state.tickets) == state.version - base for state in told)


async def test_a_lost_connection_is_made_again_and_nothing_stays_unseen(
    hall: Hall, live: LiveQueues, runtime: Runtime, region: RegionPolicy
) -> None:
    with live.watch(region, hall.point_id, "me") as watch:
        await hall.walk_in()
        await until(watch, lambda state: numbers(state) == [1])
        async with runtime.database.writing(region) as uow:
            ended = await uow.session.scalars(
                text("""
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE query = 'LISTEN "manzil_queue"' AND datname = current_database() AND pid <> pg_backend_pid()
                """)
            )
            assert True in ended.all()
        await hall.walk_in()
        await until(watch, lambda state: numbers(state) == [1, 2])
        await hall.walk_in()
        await until(watch, lambda state: numbers(state) == [1, 2, 3])


async def test_other_points_and_other_regions_do_not_disturb(
    hall: Hall, live: LiveQueues, runtime: Runtime, region: RegionPolicy
) -> None:
    with live.watch(region, hall.point_id, "me") as watch:
        await until(watch, lambda _: True)
        while await watch.next(0.3) is not None:
            pass  # what came of opening the hall
        async with runtime.database.writing(region) as uow:
            notify = "SELECT pg_notify('manzil_queue', :told)"
            await uow.session.execute(text(notify), {"told": f"region_elsewhere {hall.point_id}"})
            await uow.session.execute(text(notify), {"told": f"{region.code} {uuid4()}"})
        assert await watch.next(0.3) is None


async def test_everybody_is_sent_away_when_the_process_ends(hall: Hall, live: LiveQueues, region: RegionPolicy) -> None:
    with live.watch(region, hall.point_id, "me") as watch:
        await until(watch, lambda _: True)
        waiting = asyncio.create_task(watch.next(60))
        await asyncio.sleep(0)
        live.end()
        assert await asyncio.wait_for(waiting, PATIENCE) is None
        assert watch.ended
    assert live.watching == 0


async def test_one_account_watches_no_more_than_is_reasonable(
    hall: Hall, live: LiveQueues, region: RegionPolicy
) -> None:
    live.admit("me")
    watches = [live.watch(region, hall.point_id, "me") for _ in range(MOST_WATCHES)]
    for each in watches:
        each.__enter__()
    with pytest.raises(TooManyRequests):
        live.admit("me")
    live.admit("somebody else")
    for each in watches:
        each.__exit__(None, None, None)
    live.admit("me")


async def test_a_queue_that_never_moved_has_version_0(runtime: Runtime, region: RegionPolicy, live: LiveQueues) -> None:
    with live.watch(region, UUID(int=7), "me") as watch:
        state = await until(watch, lambda _: True)
        assert (state.version, state.tickets, state.counters) == (0, (), ())
