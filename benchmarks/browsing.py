"""A newcomer and staff at the pages, by the system's Chromium: for pictures, figures and tests of them."""

import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from app.adapters.console import newest_message
from app.domain.profiles.mrz import SPECIMEN_TD3, renew
from app.supervisor import SUPERVISED
from benchmarks.copy import Copy, environment_of
from benchmarks.load import BenchError

SMS_SECONDS = 30
GOOD_FOR = timedelta(days=5 * 365)
"""A newcomer's passport."""
_DIGITS = 6
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium_path() -> str | None:
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def launched(playwright: Playwright, path: str | None = None) -> Browser:
    """BenchError where there is no Chromium."""
    path = path or chromium_path()
    if path is None:
        raise BenchError("no Chromium here: `apt-get install chromium fonts-noto-core fonts-noto-cjk`")
    # Nobody's pages are visited but our own: what the sandbox protects from is not here, and root has none.
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])


class Newcomer:
    """The migrant's page, and what its reader's hands do. SMS are read from `data_dir`."""

    def __init__(self, page: Page, data_dir: Path) -> None:
        self.page, self._data_dir = page, data_dir
        self.number = f"+7900{secrets.randbelow(10**7):07}"

    def sign_in(self, *, as_host: bool = False) -> None:
        self.page.goto("/")
        self.page.locator("input[name=phone]").fill(self.number)
        if as_host:
            self.page.locator("form input[type=checkbox]").check()
        self.page.locator("form button").click()
        field = self.page.locator("input[name=code]")
        field.fill(self._code())
        self.page.locator("form button").click()
        inside = "main .card input[name=code]:not([inputmode])" if as_host else "textarea[name=mrz]"
        expect(self.page.locator(inside)).to_be_visible()

    def say_who(self, *, expired: bool = False) -> str:
        """Types the passport's lines; the Migrant ID."""
        last = None if expired else (datetime.now(UTC) + GOOD_FOR).date()
        lines = renew(SPECIMEN_TD3, f"X{secrets.randbelow(10**8):08}", last)
        self.page.locator("textarea[name=mrz]").fill(lines)
        self.page.locator("form button").click()
        entered = (datetime.now(UTC) - timedelta(days=3)).date()
        self.page.locator("input[name=entered_on]").fill(entered.isoformat())
        self.page.locator("form button.main").click()
        expect(self.page.locator("ol.path > li").first).to_be_visible()
        return self.page.locator(".card strong[dir=ltr]").first.inner_text()

    def go(self, view: str) -> None:
        self.page.evaluate("view => { location.hash = `#${view}` }", view)

    def planned(self) -> int:
        """Has the journey planned; how many visits the best plan would book."""
        self.go("plan")
        self.page.locator("form button.main").click()
        best = self.page.locator("article.choice").first
        expect(best).to_be_visible(timeout=20_000)
        return best.locator("p:has(> .tag):not(:has(.tag + .tag))").count()

    def book(self) -> None:
        self.page.locator("article.choice").first.locator("button.main").click()

    def booked(self, step: str) -> dict[str, Any]:
        found: list[dict[str, Any]] = self.ask("/v1/me/bookings")["items"]
        return next(each for each in found if each["step"] == step and each["status"] == "confirmed")

    def move_to_the_soonest(self, at: str = "") -> None:
        """Moves the visit that is looked at to the first time that is free, of all or of the point of that name: at a
        point that never closes it is today.
        """
        self.page.get_by_role("button", name="Перенести").click()
        points = self.page.locator("select[name=point]")
        expect(points).to_be_visible()
        offered = points.locator("option", has_text=at).all()
        points.select_option(min(offered, key=_when).get_attribute("value"))
        times = self.page.locator("main section .row button:text-matches('^[0-9]{2}:[0-9]{2}$')")
        expect(times.first).to_be_visible()
        for each in times.all():
            with self.page.expect_response("**/reschedule") as answer:
                each.click()
            if answer.value.ok:
                expect(self.page).to_have_url(re.compile("#visits$"))
                return
            # Another visit of theirs may be at that time.
        raise AssertionError("none of these times is free of other visits")

    def ask(self, path: str) -> Any:
        """What the API answers this phone."""
        return self.page.evaluate(
            """async path => {
              const base = document.querySelector("script[type=module]").src.replace(/migrant\\/page.js$/, "");
              const { PhoneSession } = await import(`${base}shared/session.js`);
              const { client } = await import(`${base}shared/api.js`);
              return client(new PhoneSession()).get(path);
            }""",
            path,
        )

    def _code(self) -> str:
        inbox, limit = self._data_dir / "sms.jsonl", time.monotonic() + SMS_SECONDS
        while time.monotonic() < limit:
            text = newest_message(inbox, self.number)
            if text is not None:
                return next(word for word in text.split() if word.isdigit() and len(word) == _DIGITS)
            self.page.wait_for_timeout(50)
        raise BenchError("no SMS came")


def sign_in_staff(page: Page, account: dict[str, Any]) -> None:
    """By the form of a page of staff, with the code of this half minute, or the next one's if it was used."""
    for ahead in (0, 30):
        page.locator("input[name=login]").fill(account["login"])
        page.locator("input[name=password]").fill(account["password"])
        page.locator("input[name=totp]").fill(pyotp.TOTP(account["totp"]).at(int(time.time()) + ahead))
        page.locator("form button.main").first.click()
        out = page.locator("header.top > button")
        expect(out.or_(page.locator("form .said")).first).to_be_visible(timeout=20_000)
        if out.count():
            return
    raise BenchError("nobody could sign in")


@contextmanager
def worker_beside(copy: Copy) -> Iterator[None]:
    """The worker of a copy: without it no SMS is sent."""
    env = environment_of(copy.settings) | {SUPERVISED: "1", "MANZIL_SMS": "console", "MANZIL_EMAIL": "console"}
    child = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "worker"], env=os.environ | env, stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        yield
    finally:
        child.terminate()
        child.wait(20)
        if child.stdin is not None:
            child.stdin.close()


def _when(option: Locator) -> tuple[int, str]:
    """The day and the time that an option ends with: «… · 27 ноября, 09:00»."""
    day, time_of_day = option.inner_text().rpartition(" · ")[2].rsplit(", ", 1)
    months = ["янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"]
    number, month = day.split()[:2]
    return months.index(month[:3]) * 31 + int(number), time_of_day
