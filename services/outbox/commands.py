"""The transactional outbox: an event commits with the change it tells of, and a relay carries it out.

Delivery is at least once: a worker killed between the carrier's answer and our commit sends again, so every
handler must make a second delivery harmless. A claim is a lease: what a dead worker took is taken up again.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from app.db.unit_of_work import Database, Writing
from app.domain.backoff import backoff
from app.domain.region.policy import RegionPolicy
from app.models.outbox import OutboxEvent
from app.ports import DeliveryError, Vault
from services.outbox import repository

Payload = dict[str, Any]
Handler = Callable[[Payload], Awaitable[None]]

LEASE = timedelta(seconds=30)
CARRIER_PATIENCE = timedelta(seconds=10)
"""How long a carrier may take for one message."""
_BATCH = 50
_log = structlog.get_logger()


async def emit(uow: Writing, topic: str, *payloads: Payload, expires_at: datetime) -> None:
    """Queues an event for each payload. It is tried until `expires_at`: after that it is pointless, and is dropped."""
    sealed = [uow.vault.seal_system("outbox_events", json.dumps(payload).encode()) for payload in payloads]
    await repository.add(uow, topic, sealed, expires_at)


def together(*handlers: Mapping[str, Handler]) -> dict[str, Handler]:
    """Who consumes which topic. Of several who consume one, each is told, whoever fails; and all again if one does."""
    merged: dict[str, list[Handler]] = {}
    for each in handlers:
        for topic, handler in each.items():
            merged.setdefault(topic, []).append(handler)
    return {topic: _in_turn(told) for topic, told in merged.items()}


def _in_turn(told: Sequence[Handler]) -> Handler:
    async def tell_all(payload: Payload) -> None:
        failures: list[Exception] = []
        for handler in told:
            try:
                await handler(payload)
            except Exception as error:  # noqa: BLE001 — that one cannot send a message keeps no other from deleting
                failures.append(error)
        if failures:
            raise failures[0]

    return tell_all


async def relay(database: Database, region: RegionPolicy, handlers: Mapping[str, Handler]) -> int:
    """Delivers what is due in the region; returns how many events were tried.

    Short transactions rather than a long one: a slow carrier never holds a row lock. A lease that is about to end
    before its turn comes is given back: another worker may take it, and nobody sends it twice.
    """
    async with database.writing(region) as uow:
        await repository.drop_expired(uow)
        leased_until = uow.now + LEASE
        events = await repository.lease(uow, leased_until, _BATCH)
    for tried, event in enumerate(events):
        if database.clock.now() > leased_until - CARRIER_PATIENCE:
            async with database.writing(region) as uow:
                await repository.give_back(uow, events[tried:])
            return tried
        await _deliver(database, region, handlers, event)
    return len(events)


async def _deliver(
    database: Database, region: RegionPolicy, handlers: Mapping[str, Handler], event: OutboxEvent
) -> None:
    try:
        async with asyncio.timeout(CARRIER_PATIENCE.total_seconds()):
            await handlers[event.topic](_payload(database.vault, event.payload_sealed))
    except DeliveryError as error:
        await _failed(database, region, event, str(error))
    except Exception as error:  # noqa: BLE001 — one bad event must not stop the others
        # The type only: the text of a foreign error may hold what was sent.
        await _failed(database, region, event, type(error).__name__)
    else:
        async with database.writing(region) as uow:
            await repository.mark_delivered(uow, event)


def _payload(vault: Vault, sealed: bytes | None) -> Payload:
    if sealed is None:
        raise ValueError("a live event without a payload")
    payload: Payload = json.loads(vault.open_system("outbox_events", sealed))
    return payload


async def _failed(database: Database, region: RegionPolicy, event: OutboxEvent, reason: str) -> None:
    _log.warning("outbox.failed", event_id=event.id, attempts=event.attempts, reason=reason)
    async with database.writing(region) as uow:
        await repository.put_back(uow, event, uow.now + backoff(event.attempts))
