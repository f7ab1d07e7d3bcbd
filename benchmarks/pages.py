"""`pages`: what the first look at each page weighs, and how soon it can be used on a weak phone.

The weight is what comes over the wire until nothing more does, packed, headers too; nothing was kept before. Its limit
is 150 KB. Interactive: the field for the phone number has the focus (on other pages: there is something to fill in or
to press), with the processor slowed fourfold and the net at 400 kbit/s and 400 ms there and back (slow 3G as Lighthouse
has it). The ceiling is what such a net needs by itself for the same bytes, and for a page and then all it asks for.
"""

import statistics
from typing import TYPE_CHECKING, Any

from benchmarks.copy import Copy, Say
from benchmarks.figures import BenchSettings, Figure
from benchmarks.load import HOST, BenchError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

LIMIT_KB = 150
BITS_A_SECOND = 400_000
LATENCY_MS = 400
SLOWER = 4
_TURNS = 2  # the page, and what it asks for
_PATHS = ("/", "/desk", "/board", "/manage", "/employer", "/region")
_READY = "document.fonts.status === 'loaded' && "
_USABLE = {"/": "document.activeElement?.name === 'phone'"}
_ANY_USABLE = "document.querySelector('main :is(input, select, button)')"


def measure_pages(copy: Copy, options: BenchSettings, say: Say) -> list[Figure]:
    """BenchError where there is no Chromium, or no playwright: it is there for development."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 — not installed in production

        from benchmarks.browsing import launched  # noqa: PLC0415
    except ImportError:
        raise BenchError("`pages` needs playwright: `pip install .[dev]`") from None
    base = f"http://{HOST}:{copy.ports[0]}"
    with sync_playwright() as playwright:
        browser = launched(playwright)
        weights = {path: _weight(browser, base, path) for path in _PATHS}
        say("pages: " + ", ".join(f"{path} {weight:.0f} KB" for path, weight in weights.items()))
        seconds = []
        for number in range(options.rounds):
            seconds.append(_interactive(browser, base, "/"))
            say(f"  round {number + 1} of {options.rounds}: {seconds[-1]:.2f} s until it can be used")
        staff = {f"{path[1:]}_s": round(_interactive(browser, base, path), 2) for path in _PATHS[1:]}
        browser.close()
    bare = weights["/"] * 8 * 1024 / BITS_A_SECOND + _TURNS * LATENCY_MS / 1000
    terms = {"kbit_s": BITS_A_SECOND // 1000, "latency_ms": LATENCY_MS, "cpu_slower": SLOWER}
    others = {f"{path[1:]}_kb": round(weight, 1) for path, weight in weights.items() if path != "/"}
    return [
        Figure("pages.weight", weights["/"], "KB", LIMIT_KB, 1.0, others),
        Figure(
            "pages.interactive",
            statistics.median(seconds),
            "s",
            bare,
            1.5,
            {**terms, **staff, "rounds": [round(each, 2) for each in seconds], "goal_is": "at most"},
        ),
    ]


def _opened(browser: "Browser", base: str) -> "tuple[BrowserContext, Page, CDPSession]":
    context = browser.new_context(base_url=base, viewport={"width": 360, "height": 740}, locale="ru")
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    return context, page, session


def _weight(browser: "Browser", base: str, path: str) -> float:
    """Kilobytes. What the service worker keeps for later comes afterwards, and is not waited for."""
    context, page, session = _opened(browser, base)
    session.send("Network.setBypassServiceWorker", {"bypass": True})
    page.add_init_script("navigator.serviceWorker.register = () => new Promise(() => {})")
    came: list[float] = []
    session.on("Network.loadingFinished", lambda event: came.append(_bytes_of(event)))
    page.goto(path)
    page.locator("main").wait_for()
    page.wait_for_load_state("networkidle")
    context.close()
    return sum(came) / 1024


def _bytes_of(event: dict[str, Any]) -> float:
    return float(event["encodedDataLength"])


def _interactive(browser: "Browser", base: str, path: str) -> float:
    """Seconds from asking for the page until it can be used."""
    ready = _READY + _USABLE.get(path, _ANY_USABLE)
    context, page, session = _opened(browser, base)
    there = BITS_A_SECOND / 8
    terms = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": there, "uploadThroughput": there}
    session.send("Network.emulateNetworkConditions", terms)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_init_script(
        f"const look = () => {{ if ({ready}) window.usable = performance.now(); else requestAnimationFrame(look); }};"
        "requestAnimationFrame(look);"
    )
    page.goto(path, wait_until="commit", timeout=120_000)
    # Asked again and again: waiting within the page would need `eval`, which the pages' policy forbids.
    while not (usable := page.evaluate("window.usable ?? 0")):
        page.wait_for_timeout(100)
    context.close()
    return float(usable) / 1000
