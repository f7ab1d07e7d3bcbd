import asyncio
import contextlib
from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from app.domain.backoff import backoff
from app.domain.region.policy import RegionPolicy
from app.models.outbox import OutboxEvent
from app.ports import DeliveryError
from app.runtime import Runtime
from services.outbox.commands import LEASE, Handler, Payload, emit, relay, together
from tests.support.clock import MovableClock

TOPIC = "tests.told"


class Carrier:
    """Counts what reached it, by number; raises `error` instead while it has one."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.tries = 0
        self.got: Counter[int] = Counter()

    async def __call__(self, payload: Payload) -> None:
        self.tries += 1
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        self.got[payload["number"]] += 1


async def emitted(runtime: Runtime, region: RegionPolicy, count: int = 1, *, minutes: float = 60) -> None:
    async with runtime.database.writing(region) as uow:
        for number in range(count):
            await emit(uow, TOPIC, {"number": number}, expires_at=uow.now + timedelta(minutes=minutes))


async def events(runtime: Runtime, region: RegionPolicy) -> list[OutboxEvent]:
    async with runtime.database.reading(region) as uow:
        return list((await uow.session.scalars(select(OutboxEvent).order_by(OutboxEvent.id))).all())


async def only(runtime: Runtime, region: RegionPolicy) -> OutboxEvent:
    (event,) = await events(runtime, region)
    return event


async def relayed(runtime: Runtime, region: RegionPolicy, handler: Handler) -> int:
    return await relay(runtime.database, region, {TOPIC: handler})


async def test_an_event_is_delivered_once_and_its_payload_goes(runtime: Runtime, region: RegionPolicy) -> None:
    await emitted(runtime, region)
    waiting = await only(runtime, region)
    assert waiting.payload_sealed is not None
    assert b"number" not in waiting.payload_sealed
    carrier = Carrier()
    assert [await relayed(runtime, region, carrier) for _ in range(3)] == [1, 0, 0]
    assert carrier.got == {0: 1}
    delivered = await only(runtime, region)
    assert delivered.delivered_at is not None
    assert delivered.payload_sealed is None


async def test_an_event_is_not_there_unless_its_change_commits(runtime: Runtime, region: RegionPolicy) -> None:
    async def failing() -> None:
        async with runtime.database.writing(region) as uow:
            await emit(uow, TOPIC, {"number": 0}, expires_at=uow.now + timedelta(hours=1))
            raise LookupError

    with pytest.raises(LookupError):
        await failing()
    assert await events(runtime, region) == []


async def test_what_the_carrier_refuses_is_tried_again_ever_later_until_its_time_is_over(
    runtime: Runtime, region: RegionPolicy, clock: MovableClock
) -> None:
    """An erasure that has a year for it is not given up because the keys' folder was away for an hour."""
    await emitted(runtime, region, minutes=60)
    carrier = Carrier(DeliveryError("busy"))
    waits: list[float] = []
    for attempt in range(1, 20):
        assert await relayed(runtime, region, carrier) == 1
        event = await only(runtime, region)
        assert (event.attempts, carrier.tries) == (attempt, attempt)
        assert event.payload_sealed is not None
        assert event.dead_at is None
        wait = event.available_at - clock.now()
        waits.append(wait.total_seconds())
        clock.at = event.available_at - timedelta(milliseconds=1)
        assert await relayed(runtime, region, carrier) == 0
        clock.at = event.available_at
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256] + [300] * 10
    clock.move(minutes=5)
    assert await relayed(runtime, region, carrier) == 0
    dead = await only(runtime, region)
    assert dead.dead_at == clock.now()
    assert dead.payload_sealed is None


async def test_one_who_fails_keeps_no_other_from_being_told(runtime: Runtime, region: RegionPolicy) -> None:
    await emitted(runtime, region)
    failing, well = Carrier(DeliveryError("busy")), Carrier()
    await relay(runtime.database, region, together({TOPIC: failing}, {TOPIC: well}))
    assert (failing.tries, well.got) == (1, {0: 1})
    assert (await only(runtime, region)).delivered_at is None


def test_no_wait_between_tries_is_longer_than_five_minutes() -> None:
    assert backoff(1) == timedelta(seconds=1)
    assert max(backoff(attempts) for attempts in range(2_000)) == timedelta(minutes=5)


async def test_a_refusal_that_passes_costs_nothing(runtime: Runtime, region: RegionPolicy, clock: MovableClock) -> None:
    await emitted(runtime, region)
    carrier = Carrier(DeliveryError("busy"))
    await relayed(runtime, region, carrier)
    carrier.error = None
    clock.move(seconds=1)
    await relayed(runtime, region, carrier)
    assert carrier.got == {0: 1}
    assert (await only(runtime, region)).dead_at is None


async def test_what_is_past_its_time_is_dropped_and_not_delivered(
    runtime: Runtime, region: RegionPolicy, clock: MovableClock
) -> None:
    """Case 18: a message is not sent after the moment it was for."""
    await emitted(runtime, region, minutes=5)
    clock.move(minutes=5)
    carrier = Carrier()
    assert await relayed(runtime, region, carrier) == 0
    assert carrier.tries == 0
    dropped = await only(runtime, region)
    assert dropped.dead_at is not None
    assert dropped.delivered_at is None
    assert dropped.payload_sealed is None


async def test_the_text_of_a_foreign_error_is_not_logged(runtime: Runtime, region: RegionPolicy) -> None:
    await emitted(runtime, region)
    with capture_logs() as logs:
        await relayed(runtime, region, Carrier(RuntimeError("sent 493017 to +79001234567")))
    (line,) = [line for line in logs if line["event"] == "outbox.failed"]
    assert line["reason"] == "RuntimeError"
    assert "493017" not in str(logs)
    assert "+79001234567" not in str(logs)


async def test_one_topic_without_a_handler_does_not_stop_the_others(runtime: Runtime, region: RegionPolicy) -> None:
    async with runtime.database.writing(region) as uow:
        await emit(uow, "tests.nobody", {}, expires_at=uow.now + timedelta(hours=1))
    await emitted(runtime, region)
    carrier = Carrier()
    assert await relayed(runtime, region, carrier) == 2
    assert carrier.got == {0: 1}


async def test_one_event_that_cannot_be_opened_does_not_stop_the_others(runtime: Runtime, region: RegionPolicy) -> None:
    await emitted(runtime, region, 2)
    first, _ = await events(runtime, region)
    async with runtime.database.writing(region) as uow:
        await uow.session.execute(
            update(OutboxEvent).where(OutboxEvent.id == first.id).values(payload_sealed=b"\x01" + bytes(40))
        )
    carrier = Carrier()
    # As a worker's tick does: what counts is that the other one left.
    with contextlib.suppress(Exception):
        await relayed(runtime, region, carrier)
    assert carrier.got == {1: 1}


def due(event: OutboxEvent, at: datetime) -> bool:
    return event.delivered_at is None and event.available_at <= at


async def test_the_lease_is_as_long_as_it_says(runtime: Runtime, region: RegionPolicy, clock: MovableClock) -> None:
    await emitted(runtime, region)

    async def look(_: Payload) -> None:
        event = await only(runtime, region)
        assert not due(event, clock.now() + LEASE - timedelta(seconds=1))
        assert due(event, clock.now() + LEASE)

    assert await relayed(runtime, region, look) == 1
    assert (await only(runtime, region)).delivered_at is not None
