"""Who looks at the pages: a newcomer with a phone, somebody at a desk."""

import json
import time
from typing import Literal
from urllib.parse import urlsplit

import pyotp
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, ViewportSize, expect

from app.demo.seed import ACCOUNTS
from app.demo.staff import STAFF_ACCOUNTS
from app.phone import Json
from benchmarks.browsing import Newcomer
from tests.processes.copies import Copy

PHONE: ViewportSize = {"width": 360, "height": 740}
NARROW: ViewportSize = {"width": 320, "height": 568}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}


class Looks:
    """Browser contexts on a copy's pages. `end` closes them, and fails for what no page may do."""

    def __init__(self, browser: Browser, copy: Copy) -> None:
        self.browser, self.copy = browser, copy
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []

    def context(
        self,
        language: str,
        size: ViewportSize,
        *,
        workers: Literal["allow", "block"] = "allow",
        scheme: Literal["dark", "light"] = "light",
    ) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.copy.base_url,
            viewport=size,
            locale=language,
            service_workers=workers,
            color_scheme=scheme,
            reduced_motion="reduce",
            timezone_id="Asia/Vladivostok",  # far from the points: times are theirs, not the machine's
        )
        context.set_default_timeout(20_000)
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", self._asked)
        self._contexts.append(context)
        return context

    def page(self, path: str, language: str = "ru", size: ViewportSize = DESKTOP) -> Page:
        """A page for staff or for the hall."""
        page = self.context(language, size, workers="block").new_page()
        page.goto(path)
        return page

    def phone(
        self,
        language: str = "ru",
        size: ViewportSize = PHONE,
        *,
        workers: Literal["allow", "block"] = "allow",
        scheme: Literal["dark", "light"] = "light",
    ) -> Newcomer:
        page = self.context(language, size, workers=workers, scheme=scheme).new_page()
        return Newcomer(page, self.copy.data_dir)

    def end(self) -> None:
        for context in self._contexts:
            context.close()
        assert self.elsewhere == []
        assert self.complaints == []

    def _heard(self, message: ConsoleMessage) -> None:
        # A lost net and a refusal are told by the browser too: they are looked at where they are meant.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"blob", "data"} and f"{parts.scheme}://{parts.netloc}" != self.copy.base_url:
            self.elsewhere.append(request.url)


def sign_in(page: Page, account: Json, inside: str) -> None:
    """By the form of a page of staff: with the code of this half minute, or the next one's if it was used."""
    for ahead in (0, 30):
        for name in ("login", "password"):
            page.locator(f"input[name={name}]").fill(account[name])
        page.locator("input[name=totp]").fill(pyotp.TOTP(account["totp"]).at(int(time.time()) + ahead))
        page.locator("form button.main").click()
        expect(page.locator(f"{inside}, form .said").first).to_be_visible()
        if page.locator(inside).count():
            return
    raise AssertionError(page.locator("main").inner_text())


def stand(desk: Page, service: str) -> None:
    """The desk's clerk goes to the first counter for that service where nobody is."""
    desk.locator("li", has=desk.locator("small", has_text=service)).get_by_role("button").filter(
        has_not_text="Закрыть"
    ).filter(has_not_text="Close").first.click()
    expect(desk.locator(".standing")).to_be_visible()


def staff(copy: Copy, name: str, value: str) -> Json:
    """The account whose `role` or `point` that is."""
    return next(each for each in accounts(copy) if each.get(name) == value)


def accounts(copy: Copy) -> list[Json]:
    """The demonstration's clerks, who each have a `point`, and its other staff, who each have a `role`."""
    return [each for file in (ACCOUNTS, STAFF_ACCOUNTS) for each in json.loads((copy.data_dir / file).read_text())]
