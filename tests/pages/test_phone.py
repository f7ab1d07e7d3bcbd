"""The main job on a phone: from signing in to a visit that a clerk confirmed."""

import pytest
from playwright.sync_api import expect

from app.phone import Json
from benchmarks.browsing import Newcomer
from tests.pages.people import Looks, sign_in, staff, stand
from tests.pages.qr_reading import text_in
from tests.processes.copies import Copy

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def booked_for_today(phone: Newcomer) -> tuple[int, Json]:
    """Signs in and books all in one tap, then moves the examination to the soonest time. Looks at that visit."""
    page = phone.page
    phone.sign_in()
    migrant_id = phone.say_who()
    assert phone.ask("/v1/me")["migrant_id"] == migrant_id
    wanted = phone.planned()
    assert wanted > 1
    phone.book()
    expect(page.locator("main ol > li.card")).to_have_count(wanted)
    expect(page.locator("svg.map")).to_be_visible()
    booking = phone.booked("medical")
    phone.go(f"visit/{booking['id']}")
    phone.move_to_the_soonest()
    booking = phone.booked("medical")
    phone.go(f"visit/{booking['id']}")
    return wanted, booking


def test_the_main_job_from_sign_in_to_a_visit_that_is_confirmed(
    looks: Looks, phone: Newcomer, pages_copy: Copy
) -> None:
    """With the phone, the clerk's desk and the hall's board open at once, and by nothing but what they show.

    The pass is read as a camera would: from the picture.
    """
    page = phone.page
    wanted, booking = booked_for_today(phone)
    cards = page.locator("main ol > li.card")

    points = phone.ask("/v1/points")["items"]
    code = next(each["code"] for each in points if each["id"] == booking["point"]["id"])
    board = looks.page(f"/board#{code}")
    desk = looks.page("/desk")
    sign_in(desk, staff(pages_copy, "point", code), ".desk")
    stand(desk, "Медицинское")
    expect(board.locator(".waiting")).to_be_visible()

    # She shows the pass, the clerk scans it: the phone has a number, and the board shows that it waits.
    picture = page.locator(".pass svg path")
    expect(picture).to_be_visible()
    desk.keyboard.press("F2")
    desk.keyboard.insert_text(text_in(picture.get_attribute("d") or ""))
    desk.keyboard.press("Enter")
    expect(desk.locator(".good-card")).to_contain_text("ERIKSSON")
    number = desk.locator(".good-card .number").inner_text()
    expect(page.locator(".number")).to_have_text(number)
    expect(board.locator(".waiting li")).to_have_text([number])

    counter = desk.locator(".standing strong").inner_text()
    desk.keyboard.press("F4")
    expect(desk.locator(".turn .number")).to_have_text(number)
    expect(board.locator("tr.called th")).to_have_text([number])
    expect(page.locator("p.big.good")).to_contain_text(counter.split()[-1])
    desk.keyboard.press("F8")
    expect(board.locator("tr.serving th")).to_have_text([number])
    expect(page.locator("p.big", has_text="Вас обслуживают")).to_be_visible()
    desk.keyboard.press("F8")  # nothing is chosen yet: the choice has the focus now
    desk.keyboard.press("Space")
    desk.keyboard.press("F8")
    expect(desk.locator(".turn .number")).to_have_count(0)
    expect(board.locator("tr.serving, tr.called")).to_have_count(0)

    # The page goes back to the path by itself, where the step is done; among the visits it stands as one that was.
    expect(page.locator("ol.path > li.done")).not_to_have_count(0)
    steps = {step["code"]: step["status"] for step in phone.ask("/v1/me/pathway")["steps"]}
    assert steps["medical"] == "done"
    phone.go("visits")
    expect(cards).to_have_count(wanted - 1)
    page.locator("main details summary").click()
    expect(page.locator("main details li")).to_contain_text(["пройден"])
    phone.go("uses")
    expect(page.locator("main li", has_text="Вас отметили")).not_to_have_count(0)
    desk.locator(".standing").get_by_role("button").click()
