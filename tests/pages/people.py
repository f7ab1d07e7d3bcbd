"""Who looks at the pages: a newcomer with a phone, somebody at a desk."""

import json
import re
import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, ViewportSize, expect

from app.adapters.console import newest_message
from app.demo.seed import ACCOUNTS
from app.demo.staff import STAFF_ACCOUNTS
from app.domain.profiles.mrz import SPECIMEN_TD3, renew
from app.phone import Desk, Json
from tests.processes.copies import Copy

PHONE: ViewportSize = {"width": 360, "height": 740}
NARROW: ViewportSize = {"width": 320, "height": 568}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
SMS_SECONDS = 20


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
    ) -> "PhonePage":
        return PhonePage(self.context(language, size, workers=workers, scheme=scheme).new_page(), self.copy)

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


class PhonePage:
    """The migrant's page, and what its reader's hands do."""

    def __init__(self, page: Page, copy: Copy) -> None:
        self.page, self.copy = page, copy
        self.number = f"+7900{secrets.randbelow(10**7):07}"

    def sign_in(self) -> None:
        self.page.goto("/")
        self.page.locator("input[name=phone]").fill(self.number)
        self.page.locator("form button").click()
        field = self.page.locator("input[name=code]")
        field.fill(self._code())
        self.page.locator("form button").click()
        expect(self.page.locator("textarea[name=mrz]")).to_be_visible()

    def say_who(self) -> str:
        """Types the passport's lines; the Migrant ID."""
        self.page.locator("textarea[name=mrz]").fill(renew(SPECIMEN_TD3, f"X{secrets.randbelow(10**8):08}"))
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
        expect(self.page.locator("article.choice").first).to_be_visible()
        return self.page.locator("article.choice").first.locator("p:has(> .tag):not(:has(.tag + .tag))").count()

    def book(self) -> None:
        self.page.locator("article.choice").first.locator("button.main").click()

    def booked(self, step: str) -> Json:
        found: list[Json] = self.ask("/v1/me/bookings")["items"]
        return next(each for each in found if each["step"] == step and each["status"] == "confirmed")

    def move_to_the_soonest(self) -> None:
        """Moves the visit that is looked at to the first time of all that are free: at a point that never closes."""
        self.page.get_by_role("button", name="Перенести").click()
        points = self.page.locator("select[name=point]")
        expect(points).to_be_visible()
        points.select_option(min(points.locator("option").all(), key=_when).get_attribute("value"))
        self.page.locator("main section .row button:text-matches('^[0-9]{2}:[0-9]{2}$')").first.click()
        expect(self.page).to_have_url(re.compile("#visits$"))

    def ask(self, path: str) -> Any:
        """What the API answers this phone."""
        return self.page.evaluate(
            """async path => {
              const base = document.querySelector("script[type=module]").src.replace(/migrant\\/main.js$/, "");
              const { PhoneSession } = await import(`${base}shared/session.js`);
              const { client } = await import(`${base}shared/api.js`);
              return client(new PhoneSession()).get(path);
            }""",
            path,
        )

    def _code(self) -> str:
        inbox, limit = self.copy.data_dir / "sms.jsonl", time.monotonic() + SMS_SECONDS
        while time.monotonic() < limit:
            text = newest_message(inbox, self.number)
            if text is not None:
                return next(word for word in text.split() if word.isdigit() and len(word) == len("000000"))
            self.page.wait_for_timeout(50)
        raise AssertionError("no SMS came")


def _when(option: Locator) -> tuple[int, str]:
    """The day and the time that an option ends with: «… · 27 ноября, 09:00»."""
    day, time_of_day = option.inner_text().rpartition(" · ")[2].rsplit(", ", 1)
    months = ["янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"]
    number, month = day.split()[:2]
    return months.index(month[:3]) * 31 + int(number), time_of_day


def clerk_at(copy: Copy, point_id: str, client: httpx.Client) -> Desk:
    """The clerk of that point, signed in over the API."""
    code = next(each["code"] for each in client.get("/v1/points").json()["items"] if each["id"] == point_id)
    account = next(one for one in accounts(copy) if one["point"] == code)
    desk = Desk(client)
    desk.sign_in(account["login"], account["password"], account["totp"])
    return desk


def accounts(copy: Copy) -> list[Json]:
    """The demonstration's clerks, who each have a `point`, and its other staff, who each have a `role`."""
    return [each for file in (ACCOUNTS, STAFF_ACCOUNTS) for each in json.loads((copy.data_dir / file).read_text())]
