"""Several workers on one outbox: at least once, never lost, and never twice while all of them live."""

import asyncio
import contextlib
from collections import Counter

import pytest

from app.domain.region.policy import RegionPolicy
from app.runtime import Runtime
from services.outbox.commands import LEASE, Payload, relay
from tests.services.test_outbox import TOPIC, Carrier, emitted, events, only, relayed
from tests.support.clock import MovableClock


async def test_what_a_dead_worker_had_taken_is_delivered_when_its_lease_ends(
    runtime: Runtime, second: Runtime, region: RegionPolicy, clock: MovableClock
) -> None:
    """Case 19 in spirit: the worker is gone in the middle of a delivery, and nothing is lost."""
    await emitted(runtime, region, 3)
    reached = asyncio.Event()

    async def hang(_: Payload) -> None:
        reached.set()
        await asyncio.Event().wait()

    dying = asyncio.create_task(relayed(runtime, region, hang))
    await reached.wait()
    carrier = Carrier()
    assert await relayed(second, region, carrier) == 0
    dying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dying
    clock.at += LEASE
    assert await relayed(second, region, carrier) == 3
    assert carrier.got == {0: 1, 1: 1, 2: 1}
    assert {event.attempts for event in await events(runtime, region)} == {2}


async def test_two_workers_at_once_never_deliver_the_same_event(
    runtime: Runtime, second: Runtime, region: RegionPolicy
) -> None:
    await emitted(runtime, region, 200)
    carrier = Carrier()

    async def work(one: Runtime) -> int:
        taken = 0
        while now := await relayed(one, region, carrier):
            taken += now
        return taken

    shares = await asyncio.gather(*(work(one) for one in (runtime, second, runtime, second)))
    assert sum(shares) == 200
    assert carrier.got == dict.fromkeys(range(200), 1)
    assert all(event.delivered_at for event in await events(runtime, region))


async def test_a_slow_carrier_does_not_make_two_workers_deliver_the_same_event(
    runtime: Runtime, second: Runtime, region: RegionPolicy, clock: MovableClock
) -> None:
    """Case 19: a worker takes many events at once, and each takes the carrier a second."""
    await emitted(runtime, region, 50)
    got: Counter[int] = Counter()

    async def slow(payload: Payload) -> None:
        clock.move(seconds=1)
        got[payload["number"]] += 1
        if sum(got.values()) == LEASE.total_seconds() + 5:
            # By now the lease that all of them were taken with is over, and another worker looks.
            await relay(second.database, region, {TOPIC: quick})

    async def quick(payload: Payload) -> None:
        got[payload["number"]] += 1

    while await relayed(runtime, region, slow):
        pass
    clock.at += LEASE
    await relayed(runtime, region, quick)
    assert sorted(got) == list(range(50)), "none is lost"
    assert set(got.values()) == {1}, f"sent twice: {[n for n, times in got.items() if times > 1]}"


async def test_a_worker_that_comes_back_late_does_not_undo_a_delivery(
    runtime: Runtime, second: Runtime, region: RegionPolicy, clock: MovableClock
) -> None:
    await emitted(runtime, region)
    carrier = Carrier()

    async def stalled(_: Payload) -> None:
        clock.at += LEASE
        assert await relayed(second, region, carrier) == 1
        raise RuntimeError

    with contextlib.suppress(RuntimeError):
        await relayed(runtime, region, stalled)
    clock.move(hours=0.5)
    assert await relayed(runtime, region, carrier) == 0
    assert carrier.got == {0: 1}
    event = await only(runtime, region)
    assert event.delivered_at is not None
    assert event.dead_at is None
