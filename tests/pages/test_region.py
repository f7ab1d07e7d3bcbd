"""The region's page: reports and their files, ratings, complaints, lawful requests that two pass, an agency's desk."""

import asyncio
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import openpyxl
import pypdf
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

from app.demo.agencies import SECOND_OPERATOR, officer_of
from app.demo.seed import point_id_of
from app.models.exchange import Agency, ExchangeAlarm
from app.models.feedback import Complaint, Rating, RatingMonth
from app.phone import Json, Phone
from benchmarks.told import tell
from tests.pages.operators import OPERATORS, agree, by_mail, let_in, part
from tests.pages.people import DESKTOP, NARROW, Looks, sign_in, staff
from tests.pages.test_accessible import LANGUAGES, faults, settled, too_wide
from tests.pages.test_staff import POINT, newcomer
from tests.processes.copies import Copy

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
CASE = "17-204/2026"
TEXT = "Ҳеҷ кас нагуфт, ки тарҷума лозим аст."
MEANS = ("4.1", "3.8", "4.4")
NOBODY = "7Q2M-K4TV-0XWF"


@pytest.fixture(scope="module")
def client(pages_copy: Copy) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=pages_copy.base_url, timeout=30) as client:
        yield client


@pytest.fixture(scope="module", autouse=True)
def _figures(pages_copy: Copy) -> None:
    """Twenty weeks that were told of the region, three months of ratings, an account that was stopped, and nothing of
    what others said in tests before; put before the browser's loop begins.
    """

    async def put() -> None:
        async with pages_copy.runtime() as runtime:
            region = next(iter(runtime.regions.values()))
            today = region.day_of(runtime.database.clock.now())
            await tell(runtime, region, today)
            async with runtime.database.writing(region) as uow:
                for table in (Complaint, Rating):
                    await uow.session.execute(delete(table))
                for at, mean in enumerate(MEANS):
                    month = date(today.year - 1, 10 + at, 1)
                    rated = {"month": month, "people": 12 + at, "mean": Decimal(mean)}
                    uow.session.add(RatingMonth(point_id=_point(pages_copy), **rated))
                agency = await uow.session.scalar(select(Agency.organisation_id).where(Agency.kind == "tax"))
                stopped = {"id": uuid4(), "at": uow.now, "kind": "misses", "account_id": uuid4(), "agency_id": agency}
                uow.session.add(ExchangeAlarm(**stopped))

    asyncio.run(put())


def _point(copy: Copy) -> UUID:
    return point_id_of(copy.region, POINT)


def signed_in(looks: Looks, account: Json, language: str = "ru") -> Page:
    page = looks.page("/region", language)
    sign_in(page, account, "main nav")
    return page


def fit(page: Page, parts: int) -> dict[str, Any]:
    """What is wrong with each part, in three languages: serious faults, and sideways scrolling at 320 px."""
    wrong: dict[str, Any] = {}
    for language, scheme in LANGUAGES.items():
        page.emulate_media(color_scheme=scheme)
        page.locator("select.language").select_option(language)
        expect(page.locator("html")).to_have_attribute("lang", language)
        for at in range(parts):
            page.locator("main nav button").nth(at).click()
            settled(page)
            page.evaluate(
                "for (const each of [...document.querySelectorAll('main details')].slice(0, 1)) each.open = true"
            )
            settled(page)
            wrong[f"{language} {at}"] = faults(page, language)
            page.set_viewport_size(NARROW)
            wrong[f"{language} {at} width"] = max(0, too_wide(page))
            page.set_viewport_size(DESKTOP)
    return {name: told for name, told in wrong.items() if told}


@pytest.fixture(scope="module")
def visitor(pages_copy: Copy, client: httpx.Client) -> Phone:
    """Who has booked a visit to the point, and complains of it."""
    phone, booking = newcomer(pages_copy, client)
    complaint = {"kind": "service", "text": TEXT, "language": "tg", "booking_id": booking["id"]}
    phone.post("/v1/me/complaints", complaint)
    return phone


def _read_ratings(page: Page, point: UUID) -> None:
    part(page, "ratings")
    page.locator("select[name=point]").select_option(str(point))
    expect(page.locator("svg.trend circle")).to_have_count(len(MEANS))
    expect(page.locator("tbody tr").first).to_contain_text("4,4")
    page.get_by_role("button", name="Прочитать отзывы").click()
    expect(page.locator("main")).to_contain_text("Пока нет")


def test_an_operator_reads_reports_and_ratings_and_answers_a_complaint(
    looks: Looks, pages_copy: Copy, visitor: Phone
) -> None:
    page = signed_in(looks, staff(pages_copy, "role", "region_operator"))
    expect(page.locator("img.chart").first).to_be_visible()
    report = page.locator("select[name=report]").input_value()
    for kind in ("PDF", "XLSX"):
        with page.expect_download() as began:
            page.get_by_role("button", name=f"Скачать {kind}").click()
        assert began.value.suggested_filename == f"{report}.{kind.lower()}"
        content = Path(began.value.path()).read_bytes()
        if kind == "PDF":
            assert len(pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()) > 100
        else:
            book: Any = openpyxl.load_workbook(io.BytesIO(content))
            assert (
                sum(sheet.sheet_state == "visible" for sheet in book.worksheets)
                == page.locator("main section.card").count()
            )
    for key in page.locator("select[name=report] option").evaluate_all("all => all.map(each => each.value)"):
        page.locator("select[name=report]").select_option(key)
        settled(page)
        expect(page.locator("main section.card")).not_to_have_count(0)
        expect(page.locator("main figure progress")).to_have_count(0)
        assert page.locator("img.chart").evaluate_all("all => all.every(each => each.complete && each.naturalWidth)")
    by_mail(page)

    _read_ratings(page, _point(pages_copy))
    part(page, "complaints")
    complaint = page.locator("main section.card", has_text="получена")
    expect(complaint).to_have_count(1)
    assert TEXT not in page.content(), "what it says is asked for when somebody opens it"
    expect(complaint).to_contain_text("осталось 30 дней")
    complaint.locator("summary").click()
    expect(complaint.locator("blockquote[lang=tg]")).to_have_text(TEXT)
    assert "ERIKSSON" not in page.content().upper(), "whose it is the operator is not told"
    complaint.get_by_role("button", name="Взять в работу").click()
    expect(page.locator("main .tag", has_text="в работе")).to_have_count(1)
    card = page.locator("main section.card")
    card.get_by_role("button", name="Ответить", exact=True).click()
    expect(card.locator(".fault:visible")).to_have_text("Напишите ответ.")
    assert fit(page, len(OPERATORS)) == {}
    page.locator("select.language").select_option("ru")
    part(page, "complaints")
    card.locator("summary").click()
    card.locator("textarea").fill("Переводчик теперь есть каждый день.")
    card.locator("select[name=language]").select_option("ru")
    card.get_by_role("button", name="Ответить", exact=True).click()
    expect(card).to_contain_text("Ответ от")
    [answered] = visitor.get("/v1/me/complaints")["items"]
    assert (answered["status"], answered["answer"]) == ("answered", "Переводчик теперь есть каждый день.")
    page.locator("select[name=answered]").select_option("no")
    page.reload()
    settled(page)
    expect(page.locator("main")).to_contain_text("Жалоб, которые ждут ответа, нет.")


def _ask_beyond(looks: Looks, pages_copy: Copy, migrant_id: str) -> None:
    """One operator enters what the agreement does not tell; another passes it."""
    first = signed_in(looks, staff(pages_copy, "role", "region_operator"))
    part(first, "requests")
    first.get_by_text("Внести запрос").first.click()
    first.locator("form button.main").click()
    expect(first.locator("form .fault:visible")).not_to_have_count(0)
    first.locator("select[name=agency]").select_option(label="Здравоохранение (демо)")
    first.locator("input[name=case_number]").fill(CASE)
    first.locator("input[name=migrant_id]").fill(migrant_id)
    first.locator("input[name=first]").fill(datetime.now(UTC).date().replace(day=1).isoformat())
    first.get_by_label("имя", exact=True).check()
    first.get_by_label("гражданство", exact=True).check()
    first.locator("form button.main").click()
    mine = first.locator("main section.card", has_text=CASE)
    expect(mine).to_contain_text("Вы внесли этот запрос")
    expect(mine.get_by_role("button")).to_have_count(1)

    second = signed_in(looks, staff(pages_copy, "login", SECOND_OPERATOR))
    part(second, "requests")
    waiting = second.locator("main section.card", has_text=CASE)
    waiting.locator("input[name=approved_migrant_id]").fill(migrant_id)
    waiting.get_by_role("button", name="Одобрить").click()
    expect(waiting.locator(".tag")).to_have_text("одобрен")
    agree(first, second)
    let_in(first, second, looks.page("/region"))


def test_an_agency_finds_who_came_to_it_and_one_sees_what_is_refused(
    looks: Looks, pages_copy: Copy, visitor: Phone
) -> None:
    """And a request beyond its agreement, which one operator enters and only another can pass."""
    page = signed_in(looks, staff(pages_copy, "login", officer_of("health")))
    migrant_id = visitor.get("/v1/me")["migrant_id"]
    form = page.locator("form", has=page.locator("input[name=migrant_id]"))
    answer = page.locator("main [aria-live=polite]")

    def look_up(whom: str, reason: str) -> None:
        form.locator("input[name=migrant_id]").fill(whom)
        form.locator("input[name=case_reference]").fill(CASE)
        form.locator("input[name=reason]").fill(reason)
        form.locator("button.main").click()

    look_up(migrant_id, "")
    expect(form.locator("[role=alert]:visible")).to_be_visible()
    look_up(NOBODY, "Проверка осмотра")
    expect(page.locator("main .state, main [role=alert]:visible").first).to_be_visible()
    expect(answer).not_to_contain_text("ERIKSSON")
    look_up(migrant_id, "Проверка осмотра")
    expect(answer).to_contain_text("ERIKSSON")
    assert migrant_id not in page.url
    uses = [use for use in visitor.get("/v1/me/data-uses")["items"] if use.get("reason") or "agency" in str(use)]
    assert uses, "whoever is looked up sees it"

    listed = page.locator("form", has=page.locator("select[name=kind]"))
    listed.locator("input[name=reason]").fill("Сверка за месяц")
    if listed.locator("input[name=case_reference]").count():
        listed.locator("input[name=case_reference]").fill(CASE)
    listed.locator("button.main").click()
    expect(answer.locator(".card, .state").or_(listed.locator("[role=alert]:visible")).first).to_be_visible()

    _ask_beyond(looks, pages_copy, migrant_id)
    page.locator("main nav button").nth(1).click()
    page.get_by_role("button", name="Получить ответ").click()
    expect(page.locator("main section.card")).to_contain_text("ERIKSSON")
    expect(page.locator("main section.card")).to_contain_text("гражданство")
    assert fit(page, 3) == {}
    auditor = signed_in(looks, staff(pages_copy, "role", "auditor"))
    expect(auditor.locator("tbody tr")).not_to_have_count(0)
    assert fit(auditor, 4) == {}
    assert auditor.get_by_role("button", name="Одобрить").count() == 0
