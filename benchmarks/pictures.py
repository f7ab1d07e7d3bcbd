"""Pictures of every page, in three languages and two sizes, of a copy that lives as long as it takes: `make pictures`.

They are for people to look at: whether the text fits, and nothing lies over anything else. Colours are few, so that all
of them together stay small.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from app.demo.seed import ACCOUNTS
from app.demo.staff import STAFF_ACCOUNTS
from benchmarks.browsing import Newcomer, launched, sign_in_staff, worker_beside
from benchmarks.copy import Copy, own_copy

FOLDER = Path("docs/pictures/pages")
LANGUAGES = ("ru", "en", "fa-AF")
SIZES: dict[str, ViewportSize] = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1100, "height": 720}}
VIEWS = ["path", "plan", "visits", "visit", "inbox", "papers", "passport", "consents", "uses", "jobs"]
VIEWS += ["settings", "leaving", "more", "entry", "family", "complaints"]
STAFF = {
    "/desk": "clerk",
    "/manage": "point_manager",
    "/employer": "employer",
    "/region": "region_operator",
}
COLOURS = 16
_SETTLE = 400


def main() -> None:
    """Writes the pictures of the pages that are named, or of all."""
    wanted = set(sys.argv[1:])
    FOLDER.mkdir(parents=True, exist_ok=True)
    with own_copy(print) as copy, worker_beside(copy), sync_playwright() as playwright:
        browser = launched(playwright)
        for page, name in _all(browser, copy, wanted):
            _keep(page, name)
        browser.close()


def _all(browser: Browser, copy: Copy, wanted: set[str]) -> Iterator[tuple[Page, str]]:
    """Each page once it is drawn, and the name of its picture."""
    views = [view for view in VIEWS if not wanted or view in wanted]
    if views or "plans" in wanted:
        yield from _newcomers(browser, copy, views)
    for path in ("/board", *STAFF):
        if wanted and path[1:] not in wanted:
            continue
        # Once for both sizes: a one-time code works once.
        with _context(browser, _base(copy), "ru", "desktop") as context:
            page = context.new_page()
            page.goto(path)
            account = _account(copy, STAFF.get(path, ""))
            if account:
                sign_in_staff(page, account)
            yield from _in_all(page, path[1:], reload=True)


def _base(copy: Copy) -> str:
    return f"http://127.0.0.1:{copy.ports[0]}"


def _newcomers(browser: Browser, copy: Copy, views: list[str]) -> Iterator[tuple[Page, str]]:
    with _context(browser, _base(copy), "ru", "phone") as context:
        newcomer = Newcomer(context.new_page(), copy.settings.data_dir)
        newcomer.page.goto("/")
        yield from _in_all(newcomer.page, "signin", reload=True)
        newcomer.page.evaluate("localStorage.setItem('manzil.language', 'ru')")
        newcomer.page.reload()
        newcomer.sign_in()
        newcomer.say_who()
        newcomer.planned()
        yield from _in_all(newcomer.page, "plans", reload=False)
        newcomer.book()
        newcomer.page.wait_for_url("**#visits")
        for view in views:
            newcomer.go(f"visit/{newcomer.booked('medical')['id']}" if view == "visit" else view)
            yield from _in_all(newcomer.page, view, reload=True)


def _in_all(page: Page, name: str, *, reload: bool) -> Iterator[tuple[Page, str]]:
    for language in LANGUAGES if reload else ("ru",):
        page.evaluate("tag => localStorage.setItem('manzil.language', tag)", language)
        if reload:
            page.reload()
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            expect(page.locator("main [aria-busy=true], main .state progress")).to_have_count(0, timeout=30_000)
            page.wait_for_timeout(_SETTLE)
            yield page, f"{name}-{language}-{size}"


def _keep(page: Page, name: str) -> None:
    shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
    half = shot.resize((shot.width // 2, shot.height // 2), Image.Resampling.LANCZOS)
    half.quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)


def _account(copy: Copy, role: str) -> dict[str, Any] | None:
    folder = copy.settings.data_dir
    staff = json.loads((folder / STAFF_ACCOUNTS).read_text()) + [
        {"role": "clerk", **each} for each in json.loads((folder / ACCOUNTS).read_text())
    ]
    return next((each for each in staff if each["role"] == role), None)


@contextmanager
def _context(browser: Browser, base: str, language: str, size: str) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=base, viewport=SIZES[size], locale=language, service_workers="block", reduced_motion="reduce"
    )
    yield context
    context.close()


if __name__ == "__main__":
    begun = time.monotonic()
    main()
    files = list(FOLDER.glob("*.png"))
    sys.stdout.write(f"{len(files)} pictures, {sum(file.stat().st_size for file in files) // 1024} KB,")
    sys.stdout.write(f" {time.monotonic() - begun:.0f} s\n")
