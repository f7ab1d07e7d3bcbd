"""The main job with phone, desk and board open at once: from signing in to a visit that a clerk confirmed."""

import re

import httpx
import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.pages.people import DESKTOP, PHONE, Looks, sign_in, staff, stand
from tests.pages.qr_reading import text_in
from tests.pages.test_staff import POINT, turn
from tests.processes.copies import Copy

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
COUNT_TONES = """() => {
  const { start } = OscillatorNode.prototype;
  window.tones = 0;
  OscillatorNode.prototype.start = function (...at) { window.tones += 1; return start.apply(this, at); };
}"""


def test_the_main_job_with_phone_desk_and_board_open_at_once(looks: Looks, pages_copy: Copy) -> None:
    """Twice, with one desk and one board: by somebody with a phone, then at a desktop while the staff's are small."""
    desk, board = looks.page("/desk"), looks.page(f"/board#{POINT}")
    sign_in(desk, staff(pages_copy, "point", POINT), ".desk")
    stand(desk, "Медицинское")
    board.evaluate(COUNT_TONES)
    board.get_by_role("button", name="Включить звук").click()
    for newcomers, staffs in ((PHONE, DESKTOP), (DESKTOP, PHONE)):
        for page in (desk, board):
            page.set_viewport_size(staffs)
        _from_sign_in_to_a_confirmed_visit(looks, newcomers, desk, board, _name_of_the_point(pages_copy))
    desk.locator(".standing").get_by_role("button", name="Закрыть окно").click()  # others will stand there
    expect(desk.locator(".standing")).to_have_count(0)


def _name_of_the_point(copy: Copy) -> str:
    points = httpx.get(f"{copy.base_url}/v1/points", headers={"Accept-Language": "ru"}, timeout=30).json()["items"]
    return next(str(each["name"]) for each in points if each["code"] == POINT)


def _from_sign_in_to_a_confirmed_visit(looks: Looks, size: ViewportSize, desk: Page, board: Page, point: str) -> None:
    """The pass is read as a camera would: from the picture. Each page shows what another did, and nobody asks it to."""
    phone = looks.phone("ru", size)
    page = phone.page
    phone.sign_in()
    migrant_id = phone.say_who()
    expect(page.locator("section.card.warn")).to_have_count(0)
    assert phone.ask("/v1/me")["migrant_id"] == migrant_id
    wanted = phone.planned()
    assert wanted > 1
    phone.book()
    expect(page.locator("main ol > li.card")).to_have_count(wanted)
    expect(page.locator("svg.map")).to_be_visible()
    phone.go(f"visit/{phone.booked('medical')['id']}")
    phone.move_to_the_soonest(at=point)
    booking = phone.booked("medical")
    phone.go(f"visit/{booking['id']}")
    picture = page.locator(".pass svg path")
    expect(picture).to_be_visible()

    desk.keyboard.press("F2")
    desk.keyboard.insert_text(text_in(picture.get_attribute("d") or ""))
    desk.keyboard.press("Enter")
    number = desk.locator(".good-card .number").inner_text()
    expect(page.locator(".number")).to_have_text(number)
    expect(board.locator(".waiting li", has_text=number)).to_be_visible()
    tones = board.evaluate("window.tones")
    desk.keyboard.press("F4")
    expect(turn(desk)).to_have_text(number)
    expect(board.locator("tr.called th")).to_have_text(number)
    assert board.evaluate("window.tones") > tones
    expect(page.locator("p.big.good")).to_contain_text(board.locator("tr.called td:last-child").inner_text())
    desk.keyboard.press("F8")
    expect(board.locator("tr.serving th")).to_have_text(number)
    desk.locator("fieldset input[type=radio]").first.check()
    desk.keyboard.press("F8")
    expect(turn(desk)).to_have_count(0)
    expect(board.locator("tr.serving")).to_have_count(0)

    # The phone goes back to the path by itself, where the step is done; the visit is among those that were.
    expect(page.locator("ol.path > li.done")).not_to_have_count(0)
    steps = {step["code"]: step["status"] for step in phone.ask("/v1/me/pathway")["steps"]}
    assert steps["medical"] == "done"
    phone.go("visits")
    page.locator("main details summary", has_text="визиты").click()
    expect(page.locator("main details li", has_text=point).filter(has_text="пройден")).to_be_visible()
    _says_how_it_was(page, point)
    phone.go("uses")
    expect(page.locator("main li")).not_to_have_count(0)


def _says_how_it_was(page: Page, point: str) -> None:
    """Stars and a comment, once and changed; and a complaint, which has a number and a last day from then on."""
    page.locator("main details li", has_text=point).first.get_by_role("link").click()
    stars = page.locator(".stars")
    stars.locator("xpath=..").locator("button.main").click()
    expect(stars.locator(".fault")).to_be_visible()
    stars.locator("input").nth(3).check()
    page.locator("textarea[name=comment]").fill("Быстро")
    stars.locator("xpath=..").locator("button.main").click()
    expect(page.locator("#said")).to_contain_text("Спасибо")
    page.reload()
    expect(stars.locator("input").nth(3)).to_be_checked()
    page.get_by_role("link", name="Пожаловаться").click()
    page.locator("textarea[name=text]").fill("Очередь стояла на улице.")
    page.locator("details form button.main").click()
    card = page.locator("section.card", has_text="Ответ не позже")
    expect(card).to_have_count(1)
    expect(card.locator("h2")).to_have_text(re.compile(r"Жалоба\s+\S+"))
