"""A region of its own for each worker: without demonstration points, its clock set back before each test."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import delete

from app.assembly import build_runtime
from app.domain.region.policy import RegionPolicy
from app.models.outbox import OutboxEvent
from app.runtime import Runtime
from app.settings import Settings
from services.audit.queries import broken_chains
from services.bookings.queries import ledger_faults
from services.consents.queries import consent_faults
from services.identity.wards import add_person
from services.queue.queries import ticket_faults
from services.registry.standings.repository import gaps
from tests.conftest import UNHURRIED
from tests.services.crowd import first_region
from tests.services.halls import Hall, open_hall
from tests.services.offices import Office, client_of, open_office
from tests.services.reminding import Reminded, reminded
from tests.support.clock import START, MovableClock
from tests.support.mirroring import Mirror, quieten, registry_for
from tests.support.server import fresh_region, urls


@pytest.fixture(scope="session")
def own_settings(worker: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    region = f"s_{worker}"
    fresh_region(region)
    app_url, owner_url = urls()
    return Settings(
        database_url=app_url,
        owner_database_url=owner_url,
        data_dir=tmp_path_factory.mktemp("services"),
        regions=[region],
        **UNHURRIED,
    )


@pytest_asyncio.fixture(scope="session")
async def own_runtimes(own_settings: Settings) -> AsyncIterator[tuple[Runtime, Runtime, MovableClock]]:
    """Two, with pools of their own, as two processes have them; one clock."""
    clock = MovableClock()
    first, second = (build_runtime(own_settings, clock=clock) for _ in range(2))
    yield first, second, clock
    await first.close()
    await second.close()


@pytest_asyncio.fixture
async def runtime(own_runtimes: tuple[Runtime, Runtime, MovableClock]) -> Runtime:
    runtime, _, clock = own_runtimes
    clock.at = START
    async with runtime.database.writing(next(iter(runtime.regions.values()))) as uow:
        await uow.session.execute(delete(OutboxEvent))
    return runtime


@pytest.fixture
def second(runtime: Runtime, own_runtimes: tuple[Runtime, Runtime, MovableClock]) -> Runtime:
    """Another process on the same region."""
    return own_runtimes[1]


@pytest.fixture
def clock(runtime: Runtime, own_runtimes: tuple[Runtime, Runtime, MovableClock]) -> MovableClock:
    return own_runtimes[2]


@pytest.fixture
def region(runtime: Runtime) -> RegionPolicy:
    return next(iter(runtime.regions.values()))


@pytest.fixture
def own_data_dir(own_settings: Settings) -> Path:
    return own_settings.data_dir


@pytest_asyncio.fixture
async def client(runtime: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(runtime) as client:
        yield client


@pytest_asyncio.fixture
async def hall(runtime: Runtime, client: httpx.AsyncClient) -> AsyncIterator[Hall]:
    """With two counters, open. Afterwards the numbers of the region's tickets are still without gaps."""
    yield await open_hall(runtime, client)
    async with runtime.database.reading(first_region(runtime)) as uow:
        assert await ticket_faults(uow) == []


@pytest_asyncio.fixture
async def office(runtime: Runtime, client: httpx.AsyncClient) -> AsyncIterator[Office]:
    """With two counters. Afterwards the ledger of the region is still the sum of its bookings."""
    yield await open_office(runtime, client, counters=2)
    async with runtime.database.reading(first_region(runtime)) as uow:
        assert await ledger_faults(uow) == []


@pytest_asyncio.fixture
async def here(runtime: Runtime, region: RegionPolicy) -> Reminded:
    """A point, and people with phones who are reminded of their visits to it."""
    return await reminded(runtime, region)


@pytest_asyncio.fixture
async def person(runtime: Runtime, region: RegionPolicy) -> AsyncIterator[UUID]:
    """Somebody without a consent. Afterwards the doctor finds nothing wrong with anybody's."""
    async with runtime.database.writing(region) as uow:
        person_id = await add_person(uow)
    yield person_id
    async with runtime.database.reading(region) as reading:
        assert await consent_faults(reading) == []
        assert await broken_chains(reading) == []


@pytest_asyncio.fixture(scope="session")
async def own_mirror(
    own_runtimes: tuple[Runtime, Runtime, MovableClock], worker: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Mirror]:
    runtime, _, clock = own_runtimes
    folder = tmp_path_factory.mktemp("mirror")
    async with registry_for(runtime, first_region(runtime), clock, f"mirror_{worker}", folder) as made:
        yield made


@pytest_asyncio.fixture
async def mirror(runtime: Runtime, own_mirror: Mirror) -> AsyncIterator[Mirror]:
    """The region's mirror and its registry. Afterwards no sequence has a gap."""
    await quieten(own_mirror)
    yield own_mirror
    async with runtime.database.reading(first_region(runtime)) as uow:
        assert await gaps(uow) == 0
