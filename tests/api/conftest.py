"""Fixtures of the API's tests beside the shared ones."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest_asyncio

from app.assembly import build_runtime
from app.db.unit_of_work import Database
from app.runtime import Runtime
from app.settings import Settings
from services.bookings.queries import ledger_faults
from services.identity.keyring import KeyRing
from services.queue.live import LiveQueues
from tests.api.helpers import hire, roomy_point
from tests.support.clock import MovableClock
from tests.support.contract import client_of
from tests.support.people import Desk, World
from tests.support.sms import SmsPocket


class TimeOfItsOwn(World):
    """A shared clerk who signed in here would be ahead of the shared clock for good: each desk has one of its own.

    A test that needs the same one twice puts it among the `clerks`.
    """

    def __init__(self, like: World, runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock) -> None:
        super().__init__(runtime, client, clock, SmsPocket(), list(like.clerks.values()))
        self._shared = dict(self.clerks)

    async def desk(self, point_code: str) -> Desk:
        if self.clerks[point_code] is self._shared[point_code]:
            self.clerks[point_code] = await hire(self, point_code)
        return await super().desk(point_code)


def world_of(runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock, like: World) -> World:
    return World(runtime, client, clock, SmsPocket(), list(like.clerks.values()))


@pytest_asyncio.fixture
async def own_time(world: World) -> AsyncIterator[World]:
    """The same region under a clock of its own, for tests that move it far."""
    clock = MovableClock(world.clock.at)
    shared = world.runtime.database
    database = Database(shared.engines, clock, shared.vault)
    live = LiveQueues(database, world.runtime.regions)
    runtime = replace(world.runtime, database=database, keyring=KeyRing(database), live=live)
    async with client_of(runtime) as client:
        yield TimeOfItsOwn(world, runtime, client, clock)


@pytest_asyncio.fixture
async def other_process(world: World, settings: Settings) -> AsyncIterator[World]:
    """The same region served by a second process: its own connections, and nothing cached."""
    runtime = build_runtime(settings, clock=world.clock)
    async with client_of(runtime) as client:
        yield world_of(runtime, client, world.clock, world)
    await runtime.close()


@pytest_asyncio.fixture
async def honest_ledger(world: World) -> AsyncIterator[None]:
    """After the test the capacity ledger still equals the bookings."""
    yield
    async with world.runtime.database.reading(world.region) as uow:
        assert await ledger_faults(uow) == []


@pytest_asyncio.fixture
async def point(world: World) -> str:
    """A point that still has places today."""
    return await roomy_point(world)


@pytest_asyncio.fixture
async def desk(world: World, point: str) -> Desk:
    return await world.desk(point)
