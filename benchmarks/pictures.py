"""Pictures of every page, in three languages and two sizes, of a copy that lives as long as it takes: `make pictures`.

They are for people to look at: whether the text fits, and nothing lies over anything else. Colours are few, so that all
of them together stay small.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import groupby, product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from benchmarks.browsing import Newcomer, launched, sign_in_staff, worker_beside
from benchmarks.copy import Copy, own_copy
from benchmarks.filling import Filled, put_figures
from benchmarks.staff_views import LONG, settled, views

FOLDER = Path("docs/pictures/pages")
LANGUAGES = ("ru", "en", "fa-AF")
SIZES: dict[str, ViewportSize] = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1100, "height": 720}}
VIEWS = ["path", "plan", "visits", "visit", "inbox", "papers", "passport", "consents", "uses", "jobs"]
VIEWS += ["settings", "leaving", "more", "entry", "family", "complaints"]
STAFF = {"board", "desk", "manage", "employer", "region"}
TALLEST = 1500
"""Of the pictures of staff: what stands below is seen by nobody at once."""
COLOURS = 32
_SETTLE = 400


def main() -> None:
    """Writes the pictures of the pages that are named, or of all."""
    wanted = set(sys.argv[1:])
    FOLDER.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=LONG)
    with own_copy(print) as copy, worker_beside(copy):
        copy.inside(put_figures)  # before the browser's loop begins
        _take(copy, wanted)


def _take(copy: Copy, wanted: set[str]) -> None:
    with sync_playwright() as playwright:
        browser = launched(playwright)
        for page, name in _all(browser, copy, wanted):
            _keep(page, name)
        browser.close()


def _all(browser: Browser, copy: Copy, wanted: set[str]) -> Iterator[tuple[Page, str]]:
    """Each page once it is drawn, and the name of its picture."""
    named = [view for view in VIEWS if not wanted or view in wanted]
    if named or "plans" in wanted:
        yield from _newcomers(browser, copy, named)
    if not wanted or any(each.partition("-")[0] in STAFF for each in wanted):
        filled = Filled(_base(copy), copy.settings.data_dir, copy.settings.regions[0])
        yield from of_staff(browser, filled, wanted)


def of_staff(browser: Browser, filled: Filled, wanted: set[str]) -> Iterator[tuple[Page, str]]:
    """The pages of those who work here, by their whole names or by what these begin with."""
    chosen = [view for view in views(filled.fill()) if not wanted or wanted & {view.name, view.name.partition("-")[0]}]
    # Signed in once for all views of a page: a one-time code works once.
    for (path, who), same in groupby(chosen, key=lambda view: (view.path, view.who)):
        with _context(browser, filled.base_url, "ru", "desktop") as context:
            page = context.new_page()
            page.goto(path)
            if who is not None:
                sign_in_staff(page, filled.account(*who))
            for view, language in product(list(same), LANGUAGES):
                page.set_viewport_size(SIZES["desktop"])
                page.evaluate("tag => localStorage.setItem('manzil.language', tag)", language)
                page.reload()
                settled(page)
                view.act(page)
                settled(page)
                for size, viewport in SIZES.items():
                    page.set_viewport_size(viewport)
                    page.wait_for_timeout(_SETTLE)
                    yield page, f"{view.name}-{language}-{size}"


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
    # A newcomer's phone is shown small; what stands at a desk is read.
    if name.partition("-")[0] in STAFF:
        shot = _opened(page.screenshot(full_page=True))
        shot = shot.crop((0, 0, shot.width, min(shot.height, TALLEST)))
    else:
        shot = _opened(page.screenshot())
        shot = shot.resize((shot.width // 2, shot.height // 2), Image.Resampling.LANCZOS)
    shot.quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)


def _opened(shot: bytes) -> Image.Image:
    return Image.open(BytesIO(shot)).convert("RGB")


@contextmanager
def _context(browser: Browser, base: str, language: str, size: str) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=base,
        viewport=SIZES[size],
        locale=language,
        service_workers="block",
        reduced_motion="reduce",
        timezone_id="Europe/Moscow",  # the region's: else each time would say whose it is
    )
    yield context
    context.close()


if __name__ == "__main__":
    begun = time.monotonic()
    main()
    files = list(FOLDER.glob("*.png"))
    sys.stdout.write(f"{len(files)} pictures, {sum(file.stat().st_size for file in files) // 1024} KB,")
    sys.stdout.write(f" {time.monotonic() - begun:.0f} s\n")
