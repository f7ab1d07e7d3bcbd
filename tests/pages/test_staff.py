"""Two clerks, the hall's board and the point's manager at once: each sees at once what the others do."""

import asyncio
import secrets
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import text

from app.adapters.console import newest_message
from app.demo.seed import point_id_of
from app.domain.profiles.mrz import SPECIMEN_TD3, renew
from app.phone import Json, Office, Phone
from services.bookings.commands import cancel
from tests.pages.people import DESKTOP, NARROW, Looks, sign_in, staff, stand
from tests.pages.test_accessible import LANGUAGES, faults, settled, too_wide
from tests.processes.copies import Copy

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
POINT = "airport-1"
SMS_SECONDS = 20


def fit_for_everybody(page: Page) -> None:
    """In three languages: nothing serious for axe, and no sideways scrolling on the narrowest phone."""
    for language, scheme in LANGUAGES.items():
        page.emulate_media(color_scheme=scheme)
        page.locator("select.language").select_option(language)
        expect(page.locator("html")).to_have_attribute("lang", language)
        settled(page)
        assert faults(page, language) == [], language
        page.set_viewport_size(NARROW)
        assert too_wide(page) <= 0, language
        page.set_viewport_size(DESKTOP)
    page.locator("select.language").select_option("ru")
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    settled(page)


@pytest.fixture(scope="module", autouse=True)
def _nobody_else_comes(pages_copy: Copy) -> None:
    """Visits of tests before are given back: a desk keeps the gap before who is about to come, and calls nobody."""

    async def give_back() -> None:
        async with pages_copy.runtime() as runtime:
            region = next(iter(runtime.regions.values()))
            query = text("SELECT person_id, id FROM bookings WHERE status = 'confirmed' AND lower(during) > now()")
            async with runtime.database.reading(region) as uow:
                found = (await uow.session.execute(query)).all()
            for person_id, booking_id in found:
                await runtime.database.decide(region, partial(cancel, person_id=person_id, booking_id=booking_id))

    asyncio.run(give_back())


@pytest.fixture(scope="module")
def client(pages_copy: Copy) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=pages_copy.base_url, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def office(pages_copy: Copy, client: httpx.Client) -> Office:
    office = Office(client)
    operator = staff(pages_copy, "role", "region_operator")
    office.sign_in(operator["login"], operator["password"], operator["totp"])
    return office


def invited(copy: Copy, office: Office, role: str, login: str) -> Json:
    """Somebody of that role who joins the point by invitation."""
    point_id = str(point_id_of(copy.region, POINT))
    invitation = office.post("/v1/staff", {"role": role, "login": login, "point_id": point_id})
    password = secrets.token_urlsafe(16)
    made = office.post("/v1/auth/enrolments", {"token": invitation["token"], "password": password})
    return {"login": made["login"], "password": password, "totp": made["totp_secret"]}


def newcomer(copy: Copy, client: httpx.Client) -> tuple[Phone, Json]:
    """Who has booked the first time that is free at the point."""
    phone, number = Phone(client), f"+7900{secrets.randbelow(10**7):07}"
    phone.ask_code(number)
    inbox = copy.data_dir / "sms.jsonl"
    text = newest_message(inbox, number)
    ends = time.monotonic() + SMS_SECONDS
    while text is None and time.monotonic() < ends:
        time.sleep(0.05)
        text = newest_message(inbox, number)
    assert text is not None, "no SMS came"
    phone.sign_in(number, next(word for word in text.split() if word.isdigit() and len(word) == len("000000")))
    phone.give_passport(renew(SPECIMEN_TD3, f"X{secrets.randbelow(10**8):08}"))
    phone.give_entry((datetime.now(UTC) - timedelta(days=3)).date(), "work")
    point_id = str(point_id_of(copy.region, POINT))
    free = next(each for each in phone.free_times("medical") if each["point"]["id"] == point_id)
    return phone, phone.confirm(phone.hold("medical", "medical", point_id, free["starts_at"])["id"])


def checked_in(desk: Page, qr_pass: str) -> str:
    """By keyboard alone: a scanner types what it reads, and Enter. The number of the ticket."""
    desk.keyboard.press("F2")
    desk.keyboard.insert_text("7Q2M-K4TV-0XWF")
    desk.keyboard.press("Enter")
    expect(desk.locator("form .said[role=alert]")).to_be_visible()
    desk.keyboard.press("F2")
    desk.keyboard.insert_text(qr_pass)
    desk.keyboard.press("Enter")
    expect(desk.locator(".good-card")).to_contain_text("ERIKSSON")
    return desk.locator(".good-card .number").inner_text()


def given_a_ticket(desk: Page) -> str:
    """Without a booking; in English."""
    desk.locator("details.card summary").click()
    desk.get_by_role("button", name="Give a ticket").click()
    return desk.locator("details.card .number").inner_text()


def turn(desk: Page) -> Locator:
    return desk.locator(".turn .number")


def test_two_clerks_and_the_board_see_at_once_what_each_does(
    looks: Looks, pages_copy: Copy, client: httpx.Client, office: Office
) -> None:
    phone, booking = newcomer(pages_copy, client)
    board = looks.page(f"/board#{POINT}")
    first, second = looks.page("/desk"), looks.page("/desk", "en")
    sign_in(first, staff(pages_copy, "point", POINT), ".desk")
    sign_in(second, invited(pages_copy, office, "clerk", f"second@{POINT}"), ".desk")
    stand(first, "Медицинское")
    expect(second.locator("li", has_text="somebody is there")).to_have_count(1)
    stand(second, "Medical")

    before = first.locator(".ticket").count()  # of others who are done today
    booked = checked_in(first, phone.qr_pass(booking["id"]))
    walked_in = given_a_ticket(second)
    expect(first.locator(".ticket")).to_have_count(before + 2)

    for desk in (first, second):
        desk.keyboard.press("F4")
        expect(turn(desk)).to_be_visible()
    shown = {desk: turn(desk).inner_text() for desk in (first, second)}
    assert set(shown.values()) == {booked, walked_in}
    rows = board.locator(".calls tbody th")
    expect(rows).to_have_count(2)
    assert set(rows.all_inner_texts()) == {booked, walked_in}
    expect(first.locator("h3", has_text="У окон: 2")).to_be_visible()

    with_visit = next(desk for desk, number in shown.items() if number == booked)
    expect(with_visit.locator(".turn")).to_contain_text("ERIKSSON")
    for desk in (first, second):
        desk.keyboard.press("F8")
        expect(desk.locator(".turn button.big")).to_contain_text("F8")
        expect(board.locator("tr.serving")).not_to_have_count(0)
    expect(board.locator("tr.serving")).to_have_count(2)
    fit_for_everybody(board)
    expect(with_visit.locator("fieldset input[type=radio]")).to_have_count(3)
    with_visit.keyboard.press("F8")
    expect(with_visit.locator(".fault:visible")).to_have_count(1)
    with_visit.keyboard.press("Space")
    with_visit.keyboard.press("F8")
    expect(turn(with_visit)).to_have_count(0)
    assert _medical(phone) == "done"
    with_visit.keyboard.press("F9")
    expect(turn(with_visit)).to_have_text(booked)
    assert _medical(phone) != "done"
    fit_for_everybody(first)
    expect(turn(with_visit)).to_have_text(booked)
    with_visit.locator("fieldset input[type=radio]").first.check()
    with_visit.keyboard.press("F8")
    other = second if with_visit is first else first
    expect(rows).to_have_count(1)
    expect(turn(other)).to_be_visible()  # its page may just have come anew, in another language
    other.keyboard.press("F8")
    expect(rows).to_have_count(0)
    assert _medical(phone) == "done"
    expect(first.locator("tbody tr", has_text="ERIKSSON").first).to_contain_text("Пройдено")
    for desk, closing in ((first, "Закрыть окно"), (second, "Close the counter")):  # others will stand there
        desk.locator(".standing").get_by_role("button", name=closing).click()
        expect(desk.locator(".standing")).to_have_count(0)


def _medical(phone: Phone) -> str:
    return next(str(step["status"]) for step in phone.pathway()["steps"] if step["code"] == "medical")


def test_the_board_goes_through_the_languages_of_its_point(looks: Looks) -> None:
    page = looks.page("/board")
    page.locator("select[name=point]").select_option(POINT)
    page.locator("form button.main").click()
    expect(page.locator(".waiting h2")).to_have_text("Ждут")
    assert page.url.endswith(f"#{POINT}"), "a board that is started again hangs where it hung"
    page.clock.install()
    page.reload()
    expect(page.locator(".waiting h2")).to_have_text("Ждут")
    # Who wants no movement has none until they ask for it.
    page.get_by_role("button", name="Менять языки").click()
    seen = set()
    for _ in range(12):
        page.clock.run_for(12_100)
        page.wait_for_timeout(60)
        seen.add(page.locator("html").get_attribute("lang"))
    assert {"ru", "en"} < seen


@pytest.fixture(scope="module")
def manager(pages_copy: Copy, office: Office) -> Json:
    return invited(pages_copy, office, "point_manager", f"manager@{POINT}")


def test_a_manager_sees_whom_a_closure_strands_before_it_is_made(
    looks: Looks, pages_copy: Copy, client: httpx.Client, office: Office, manager: Json
) -> None:
    _, booking = newcomer(pages_copy, client)
    page = looks.page("/manage")
    sign_in(page, manager, "details.card")
    look = page.get_by_role("button", name="Посмотреть, что изменится")
    changes = page.get_by_role("region", name="Что изменится")
    day = booking["starts_at"][:10]
    page.get_by_text("Добавить исключение").click()
    page.locator("input[name=first_day]").first.fill(day)
    page.locator("input[name=reason_ru]").fill("Ремонт")
    page.locator("input[name=reason_en]").fill("Repairs")
    page.locator("fieldset", has_text="Исключения и закрытия").get_by_role(
        "button", name="Добавить", exact=True
    ).click()
    look.last.click()
    expect(changes).to_contain_text("Без окна остан")
    expect(changes).to_contain_text(booking["starts_at"][11:16])
    assert not office.get(f"/v1/points/{booking['point']['id']}/to-be-moved")["items"], "it was only looked at"
    changes.get_by_role("button", name="Назад").click()
    page.reload()

    hours = page.locator("input[name=hours_0]")
    hours.fill("9:00 to 13")
    look.last.click()
    expect(hours).to_have_attribute("aria-invalid", "true")
    hours.fill("")
    page.locator("input[name=hours_6]").fill("00:00-12:00; 13:00–00:00")
    look.last.click()
    page.get_by_role("button", name="Применить").click()
    expect(page.locator("input[name=hours_6]")).to_have_value("00:00–12:00, 13:00–24:00")
    plan = office.plan_of(booking["point"]["id"])["plan"]["hours"]
    assert ("0" in plan, plan["6"]) == (False, [["00:00", "12:00"], ["13:00", "00:00"]])
    for weekday in ("0", "6"):
        page.locator(f"input[name=hours_{weekday}]").fill("00:00–24:00")
    look.last.click()
    page.get_by_role("button", name="Применить").click()
    expect(page.locator("input[name=hours_0]")).to_have_value("00:00–24:00")

    page.get_by_role("button", name="Добавить окно").click()
    page.locator("input[name=code]").fill("9A")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Выберите хотя бы одну услугу.")).to_be_visible()
    page.locator("input[name=services]").first.check()
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("button", name="Изменить: 9A")).to_be_visible()
    fit_for_everybody(page)


def test_a_point_is_closed_at_once_and_one_sees_for_whom(looks: Looks, manager: Json) -> None:
    page = looks.page("/manage")
    sign_in(page, manager, "details.card")
    page.locator("details.card > summary").first.click()
    page.locator("input[name=ru]").fill("Прорвало трубу")
    look = page.get_by_role("button", name="Посмотреть, что изменится")
    look.first.click()
    expect(page.locator(".fault:visible")).to_have_count(1)
    page.locator("input[name=en]").fill("A pipe burst")
    page.locator("input[name=since]").fill("23:55")
    look.first.click()
    changes = page.get_by_role("region", name="Что изменится")
    expect(changes).to_contain_text("Дней календаря")
    changes.get_by_role("button", name="Закрыть пункт").click()
    expect(page.get_by_role("heading", name="Пункт закрыт")).to_be_visible()
