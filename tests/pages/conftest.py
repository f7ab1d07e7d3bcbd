"""A copy that serves the pages, with its worker and the real clock, and the system's Chromium to look at them with."""

import asyncio
import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.db.engine import schema_of
from tests.pages.people import Looks, PhonePage
from tests.processes.commands import manzil
from tests.processes.copies import Copy
from tests.support.server import urls

REQUIRED = "MANZIL_TEST_CHROMIUM"
"""Set to `required` where the tests of the pages must not be left out: then a missing browser is a failure."""


@pytest.fixture(scope="session")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        told = "no Chromium here: `apt-get install chromium fonts-noto-core fonts-noto-cjk`"
        if os.environ.get(REQUIRED) == "required" or os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    return found


@pytest.fixture(scope="module")
def browser(chromium: str, pages_copy: Copy) -> Iterator[Browser]:
    """For one file: while it is open a loop runs in this thread, and asynchronous tests could not."""
    with sync_playwright() as playwright:
        # Nobody's pages are visited but our own: what the sandbox protects from is not here, and root has none.
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def pages_copy(chromium: str, worker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    copy = Copy(f"w_{worker}", tmp_path_factory.mktemp("pages"))
    asyncio.run(_drop(copy.region))
    for command in ("migrate", "seed"):
        done = manzil(copy.env, command)
        assert done.returncode == 0, done.stderr
    with copy.running():
        yield copy


@pytest.fixture
def looks(browser: Browser, pages_copy: Copy) -> Iterator[Looks]:
    """Opens pages, and in the end asks of each: nothing from elsewhere, no complaint of the browser."""
    looks = Looks(browser, pages_copy)
    yield looks
    looks.end()


@pytest.fixture
def phone(looks: Looks) -> PhonePage:
    return looks.phone("ru")


async def _drop(region: str) -> None:
    engine = create_async_engine(urls()[1], poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.execute(text(f"DROP SCHEMA IF EXISTS {schema_of(region)} CASCADE"))
    await engine.dispose()
