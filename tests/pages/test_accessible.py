"""Every page as somebody meets it who cannot see it well, or has a small phone: axe-core, and 320 px."""

import os
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from app.domain.profiles.languages import Language
from tests.pages.people import DESKTOP, NARROW, Looks
from tests.support.sizes import FULL_SIZE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

VIEWS = ["path", "plan", "visits", "inbox", "papers", "passport", "entry", "more", "consents", "uses", "jobs"]
VIEWS += ["settings", "leaving", "family", "complaints"]
LANGUAGES: dict[str, Literal["dark", "light"]] = {"ru": "light", "en": "dark", "fa-AF": "light"}
STAFF = ("/desk", "/board", "/manage", "/employer", "/region")
AXE = Axe().axe_script
WCAG = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def faults(page: Page, language: str = "") -> list[dict[str, Any]]:
    """What axe-core finds that is serious or critical: the rule, and where. In Dari colours are looked at in acceptance
    only: they are those of Russian in the same scheme, and take two thirds of the time.
    """
    colours = os.environ.get(FULL_SIZE) == "1" or language != Language.DARI
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(
        "options => axe.run(document, options).then(found => found.violations)",
        WCAG if colours else WCAG | {"rules": {"color-contrast": {"enabled": False}}},
    )
    return [
        {"rule": each["id"], "help": each["help"], "where": [node["html"][:160] for node in each["nodes"][:3]]}
        for each in found
        if each["impact"] in {"serious", "critical"}
    ]


def settled(page: Page) -> None:
    """Until nothing of the view is being loaded."""
    expect(page.locator("main")).to_be_visible()
    expect(page.locator("main [aria-busy=true], main .state progress")).to_have_count(0)


def too_wide(page: Page) -> int:
    """By how many pixels one would have to scroll sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def test_a_newcomers_page_has_no_serious_fault_and_fits_a_small_phone(looks: Looks) -> None:
    """In each language, to which it is changed in the settings."""
    phone = looks.phone("ru", NARROW, workers="block")
    page = phone.page
    found: dict[str, list[dict[str, Any]]] = {}
    wide: dict[str, int] = {}

    def look(view: str) -> None:
        settled(page)
        found[view], wide[view] = faults(page, view.partition(" ")[0]), too_wide(page)

    page.goto("/")
    look("sign-in")
    phone.sign_in()
    page.locator("textarea[name=mrz]").fill("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<")
    page.locator("form button").click()
    look("a wrong passport")
    phone.say_who(expired=True)
    expect(page.locator("section.card.warn")).to_contain_text("Срок этого паспорта истёк")
    phone.planned()
    look("plans")
    phone.book()
    expect(page.locator("main ol > li.card")).not_to_have_count(0)
    visit = f"visit/{phone.booked('medical')['id']}"
    for language, scheme in LANGUAGES.items():
        phone.go("settings")
        page.locator("select.language").select_option(language)
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "fa-AF" else "ltr")
        for view in (*VIEWS, visit):
            phone.go(view)
            look(f"{language} {view}")
    assert {view: told for view, told in found.items() if told} == {}
    assert {view: pixels for view, pixels in wide.items() if pixels > 0} == {}


def test_the_other_pages_have_no_serious_fault(looks: Looks) -> None:
    found = {}
    for language in LANGUAGES:
        page = looks.context(language, DESKTOP, workers="block").new_page()
        for path in STAFF:
            page.goto(path)
            settled(page)
            found[f"{language} {path}"] = faults(page, language)
    assert {path: told for path, told in found.items() if told} == {}
