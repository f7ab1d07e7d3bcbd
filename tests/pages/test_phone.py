"""The main job on a phone: from signing in to a visit that a clerk confirmed."""

import httpx
import pytest
from playwright.sync_api import expect

from benchmarks.browsing import Newcomer
from tests.pages.people import clerk_at
from tests.pages.qr_reading import text_in
from tests.processes.copies import Copy

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def test_the_main_job_from_sign_in_to_a_visit_that_is_confirmed(phone: Newcomer, pages_copy: Copy) -> None:
    """The pass is read as a camera would: from the picture."""
    page = phone.page
    phone.sign_in()
    migrant_id = phone.say_who()
    assert phone.ask("/v1/me")["migrant_id"] == migrant_id
    wanted = phone.planned()
    assert wanted > 1
    phone.book()
    cards = page.locator("main ol > li.card")
    expect(cards).to_have_count(wanted)
    expect(page.locator("svg.map")).to_be_visible()
    booking = phone.booked("medical")
    phone.go(f"visit/{booking['id']}")
    phone.move_to_the_soonest()
    booking = phone.booked("medical")
    phone.go(f"visit/{booking['id']}")
    picture = page.locator(".pass svg path")
    expect(picture).to_be_visible()
    with httpx.Client(base_url=pages_copy.base_url, timeout=30) as client:
        desk = clerk_at(pages_copy, booking["point"]["id"], client)
        counter = desk.open_counter("medical")
        ticket = desk.check_in(text_in(picture.get_attribute("d") or ""))["ticket"]
        expect(page.locator(".number")).to_have_text(str(ticket["number"]))
        called = desk.call(counter)
        assert called is not None
        assert called["number"] == ticket["number"]
        expect(page.locator("p.big.good")).to_be_visible()
        desk.say(desk.say(called, "serve"), "finish", {"outcome": "done"})
        desk.close_counter(counter)
    # The page goes back to the path by itself, where the step is done.
    expect(page.locator("ol.path > li.done")).not_to_have_count(0)
    steps = {step["code"]: step["status"] for step in phone.ask("/v1/me/pathway")["steps"]}
    assert steps["medical"] == "done"
    phone.go("uses")
    expect(page.locator("main li")).not_to_have_count(0)
