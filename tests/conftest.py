"""One PostgreSQL for the run; for each worker process a region of its own, seeded once, and its clock stopped."""

# ruff: noqa: E402 — before anything is loaded
from app.memory import collect_rarely, keep_what_is_loaded

collect_rarely()

import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import pytest_asyncio
from argon2 import PasswordHasher

from app.assembly import build_runtime
from app.demo.seed import seed
from app.settings import Settings
from services.identity import staff
from tests.processes.copies import Copy, seeded_copy
from tests.support import contract
from tests.support.clock import START, MovableClock, in_office_hours
from tests.support.people import World
from tests.support.server import TestServer, fresh_region, urls
from tests.support.sizes import sizes
from tests.support.sms import SmsPocket

_server = TestServer()
_dear, _cheap = staff._hasher, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
# All tests share one network address, and are many people in one minute.
UNHURRIED: dict[str, Any] = {"codes_per_address": 10**6, "tries_per_address": 10**6, "codes_to_unknown": 10**6}
UNHURRIED |= {"requests_per_minute": 10**6, "address_requests_per_minute": 10**6}


def pytest_configure(config: pytest.Config) -> None:
    # Settings of the shell that runs the tests are none of theirs.
    for name in [name for name in os.environ if name.startswith("MANZIL_") and "_TEST_" not in name]:
        del os.environ[name]
    # asyncio puts a handler of its own in place of Python's own one for each test, and writes down all that a test's
    # world holds for an error that nobody sees. Ctrl-C does the same without.
    signal.signal(signal.SIGINT, _interrupted)
    # httpx looks for it at each request to an application in this process.
    if find_spec("sniffio") is None:
        sys.modules["sniffio"] = None  # type: ignore[assignment]
    if not hasattr(config, "workerinput"):
        _server.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _server.stop()


def _interrupted(number: int, frame: FrameType | None) -> None:
    signal.default_int_handler(number, frame)


def pytest_collection_finish() -> None:
    keep_what_is_loaded()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first, so that neither process of a run is left alone with one at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"size: {sizes().told()}")


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """`gw0`, `gw1`, … or `main`: part of every name that workers must not share."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


def settings_for(region: str, data_dir: Path) -> Settings:
    """Of an empty region of that name."""
    fresh_region(region)
    app_url, owner_url = urls()
    return Settings(
        database_url=app_url,
        owner_database_url=owner_url,
        data_dir=data_dir,
        regions=[region],
        pool_size=20,
        **UNHURRIED,
    )


@pytest.fixture(scope="session")
def settings(worker: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings_for(f"t_{worker}", tmp_path_factory.mktemp("data"))


@asynccontextmanager
async def seeded(settings: Settings) -> AsyncIterator[World]:
    """The demonstration's region in this process, its clock stopped."""
    clock = MovableClock()
    runtime = build_runtime(settings, clock=clock)
    clerks = await seed(runtime, settings.data_dir, lambda _done, _total: None)
    async with contract.client_of(runtime) as client:
        yield World(runtime, client, clock, SmsPocket(), clerks)
    await runtime.close()


@pytest_asyncio.fixture(scope="session")
async def shared_world(settings: Settings) -> AsyncIterator[World]:
    async with seeded(settings) as world:
        yield world


@pytest.fixture
def world(shared_world: World) -> World:
    """The region, its clock put where this test leaves off from the others: never back, always in office hours."""
    shared_world.clock.at = in_office_hours(max(shared_world.clock.at, START))
    return shared_world


@pytest.fixture(scope="session", autouse=True)
def passwords_cost_little() -> Iterator[None]:
    """In this process: hundreds of staff come and go. The processes that tests start hash as they should."""
    staff._hasher = _cheap
    yield
    staff._hasher = _dear


@pytest.fixture
def passwords_cost_what_they_should(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "_hasher", _dear)


@pytest.fixture
def data_dir(settings: Settings) -> Path:
    return settings.data_dir


@pytest.fixture
def start() -> datetime:
    return START


@pytest.fixture(scope="session")
def made_copy(worker: str, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """Migrated and seeded by the commands; nothing of it runs yet."""
    return seeded_copy(f"p_{worker}", tmp_path_factory.mktemp("copy"))
