"""A copy that serves the pages, with its worker and the real clock, and the system's Chromium to look at them with."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from benchmarks.browsing import Newcomer, chromium_path, launched
from tests.pages.people import Looks
from tests.processes.copies import Copy, seeded_copy

expect.set_options(timeout=15_000)  # a machine that does much else at once is slow, not wrong
REQUIRED = "MANZIL_TEST_CHROMIUM"
"""Set to `required` where the tests of the pages must not be left out: then a missing browser is a failure."""


@pytest.fixture(scope="session")
def chromium() -> str:
    found = chromium_path()
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
        browser = launched(playwright, chromium)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def pages_copy(chromium: str, worker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """Of their own: what others have booked, called or closed would stand on the pages."""
    copy = seeded_copy(f"w_{worker}", tmp_path_factory.mktemp("pages"))
    with copy.running():
        yield copy


@pytest.fixture
def looks(browser: Browser, pages_copy: Copy) -> Iterator[Looks]:
    """Opens pages, and in the end asks of each: nothing from elsewhere, no complaint of the browser."""
    looks = Looks(browser, pages_copy)
    yield looks
    looks.end()


@pytest.fixture
def phone(looks: Looks) -> Newcomer:
    return looks.phone("ru")
