"""What pictures are made of on the pages of those who work here: where one goes, and what one does there before."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from app.demo.agencies import officer_of
from benchmarks.filling import CASE, POINT

Act = Callable[[Page], None]
LONG = 30_000


@dataclass(frozen=True, slots=True)
class View:
    """`who`: by what the account is found, a `role`, `login` or `point`, and its value; None for what hangs in a hall.
    `act` is done in each language anew.
    """

    name: str
    path: str
    who: tuple[str, str] | None
    act: Act


def settled(page: Page) -> None:
    """Until nothing of the view is being loaded."""
    expect(page.locator("main [aria-busy=true], main .state progress, main figure progress")).to_have_count(
        0, timeout=LONG
    )


def views(migrant_id: str) -> Iterator[View]:
    """`migrant_id`: of somebody who has a visit at the point."""
    yield View("board", f"/board#{POINT}", None, _nothing)
    yield View("desk", "/desk", ("point", POINT), _nothing)
    manager = ("role", "manager")
    yield View("manage", "/manage", manager, _nothing)
    yield View("manage-closing", "/manage", manager, _closing)
    employer = ("role", "employer")
    yield View("employer", "/employer", employer, _tab(0))
    yield View("employer-cards", "/employer", employer, _cards)
    yield View("employer-writing", "/employer", employer, _writing)
    yield View("employer-requests", "/employer", employer, _tab(1))
    operator = ("role", "region_operator")
    for at, name in enumerate(("reports", "ratings", "complaints", "what-if", "companies", "agreements")):
        yield View(f"region-{name}", "/region", operator, _tab(at, *_MORE.get(name, ())))
    for report in (1, 2):
        yield View(f"region-reports-{report + 1}", "/region", operator, _report(report))
    yield View("region-mail", "/region", operator, _tab(0, _unfold))
    yield View("region-proposing", "/region", operator, _tab(5, _unfold))
    yield View("region-requests", "/region", operator, _tab(6))
    yield View("region-figures", "/region", operator, _tab(7))
    officer = ("login", officer_of("health"))
    yield View("region-workstation", "/region", officer, _look_up(migrant_id))
    yield View("region-lawful", "/region", officer, _tab(1))
    yield View("region-uses", "/region", ("role", "auditor"), _tab(0))


def _nothing(_: Page) -> None:
    """It is seen as it is."""


def _tab(at: int, *acts: Act) -> Act:
    def act(page: Page) -> None:
        page.locator("main nav button").nth(at).click()
        settled(page)
        for each in acts:
            each(page)
            settled(page)

    return act


def _unfold(page: Page) -> None:
    page.locator("details.card > summary").first.click()


def _cards(page: Page) -> None:
    _tab(0)(page)
    page.locator(".columns .card button").first.click()
    settled(page)
    page.locator("details summary").first.click()


def _writing(page: Page) -> None:
    _tab(0)(page)
    page.locator("button.main").last.click()


def _report(at: int) -> Act:
    def act(page: Page) -> None:
        _tab(0)(page)
        page.locator("select[name=report]").select_option(index=at)
        page.wait_for_timeout(100)
        settled(page)

    return act


def _rated(page: Page) -> None:
    page.locator("select[name=point]").select_option(
        page.locator("select[name=point] option").last.get_attribute("value")
    )
    for option in page.locator("select[name=point] option").all():
        page.locator("select[name=point]").select_option(option.get_attribute("value"))
        settled(page)
        if page.locator("svg.trend").count():
            return


def _closing(page: Page) -> None:
    """A closure for the rest of the day, as far as what it would strand."""
    page.locator("details.card > summary").first.click()
    page.locator("input[name=ru]").fill("Прорвало трубу")
    page.locator("input[name=en]").fill("A pipe burst")
    page.locator("details.card button.main").click()
    expect(page.locator("details.card [role=region]")).to_be_visible()


def _look_up(migrant_id: str) -> Act:
    def act(page: Page) -> None:
        _tab(0)(page)
        form = page.locator("form", has=page.locator("input[name=migrant_id]"))
        form.locator("input[name=migrant_id]").fill(migrant_id)
        form.locator("input[name=case_reference]").fill(CASE)
        form.locator("input[name=reason]").fill("Проверка осмотра")
        form.locator("button.main").click()
        expect(page.locator("[aria-live=polite] dl")).to_be_visible()

    return act


_MORE: dict[str, tuple[Act, ...]] = {
    "ratings": (_rated,),
    "complaints": (lambda page: page.locator("main details > summary").first.click(),),
}
