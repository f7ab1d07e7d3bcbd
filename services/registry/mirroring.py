"""The mirror of one region in one worker: it sends as soon as something is queued, and asks what has become of it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import structlog

from app.db.unit_of_work import Database, Writing
from app.domain.backoff import backoff
from app.domain.region.policy import RegionPolicy
from app.domain.registry.mirror import PATIENCE
from app.ports import DeliveryError, Registry
from services.registry.acknowledging import Collector, Told, send_again_what_is_silent
from services.registry.comparing import Compared, compare
from services.registry.grounds import Grounds
from services.registry.hearing import Listener
from services.registry.keys import turn_keys
from services.registry.relaying import Relay
from services.registry.withdrawing import escalate_late, withdraw_ended

_LOOK_SECONDS = 1.0
_log = structlog.get_logger()


class Mirror:
    """`patience`: how long the registry may take for one request."""

    def __init__(
        self,
        database: Database,
        region: RegionPolicy,
        registry: Registry,
        grounds: Grounds,
        *,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._database, self._region, self._registry, self._grounds = database, region, registry, grounds
        self._patience = patience
        self._woken, self._stopping = asyncio.Event(), asyncio.Event()
        told: Told = []
        self._relay = Relay(database, region, registry, grounds, told, patience=patience, more=self.wake)
        self._collector = Collector(database, region, registry, told)
        self._listener = Listener(database, region, registry)
        self._tasks: list[asyncio.Task[None]] = []
        self._swept = UUID(int=0)

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._keep_sending()), asyncio.create_task(self._keep_collecting())]

    def wake(self) -> None:
        """Something was queued."""
        self._woken.set()

    async def finish(self) -> None:
        """What is under way is ended and written; what is asked for is not waited for."""
        self._stopping.set()
        self._woken.set()
        sending, collecting = self._tasks
        await asyncio.wait([sending], timeout=self._patience.total_seconds() + 1)
        collecting.cancel()
        with suppress(asyncio.CancelledError):
            await collecting
        await self._relay.finish()
        await self._registry.close()

    async def _keep_sending(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                await self._relay.tick()
            except Exception as error:  # noqa: BLE001 — whatever it is, it is tried again in a second
                _log.warning("mirror.tick_failed", cause=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), _LOOK_SECONDS)

    async def _keep_collecting(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                await self._collector.collect()
                failures = 0
            except Exception as error:  # noqa: BLE001 — whatever it is, it is tried again
                failures += 1
                if not isinstance(error, DeliveryError):
                    _log.warning("mirror.collecting_failed", cause=type(error).__name__)
                with suppress(TimeoutError):
                    seconds = min(backoff(failures).total_seconds(), 10)
                    await asyncio.wait_for(self._stopping.wait(), seconds)

    async def look_after(self) -> None:
        """Once a minute: what is silent is sent again, what is late is told, what ended unheard is withdrawn, and the
        two sides are compared.
        """
        steps: tuple[Callable[[Writing], Awaitable[object]], ...] = (send_again_what_is_silent, escalate_late)
        for step in steps:
            async with self._database.writing(self._region) as uow:
                await step(uow)
        async with self._database.writing(self._region) as uow:
            self._swept = await withdraw_ended(uow, self._grounds, self._swept)
        with suppress(DeliveryError):
            await compare(self._database, self._region, self._registry)
        self.wake()

    async def hear(self) -> None:
        """Every few seconds: who read at the registry stands in the logs of whom it is of."""
        with suppress(DeliveryError):
            await self._listener.hear()

    async def compare_all(self) -> Compared:
        """Everybody of whom nothing is on its way, once. DeliveryError."""
        found = Compared()
        begun = self._database.clock.now()
        while True:
            now = await compare(self._database, self._region, self._registry, before=begun)
            if not now.compared:
                return found
            found = found.and_then(now)

    async def close(self) -> None:
        await self._registry.close()

    async def turn_keys(self) -> None:
        async with self._database.writing(self._region) as uow:
            await turn_keys(uow)
