"""Without a net: the shell, the path, the pass; what was done meanwhile is sent once when the net is back."""

import pytest
from playwright.sync_api import Route, expect

from benchmarks.browsing import Newcomer
from tests.pages.people import Looks
from tests.pages.qr_reading import text_in
from tests.pages.test_accessible import settled

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
TRIES = 20


def test_a_booking_made_without_a_net_arrives_once(phone: Newcomer) -> None:
    """Case 12. Through a page that was closed and opened again meanwhile."""
    page = phone.page
    phone.sign_in()
    phone.say_who()
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()  # from here on the shell is the worker's
    expect(page.locator("ol.path > li").first).to_be_visible()
    wanted = phone.planned()
    page.context.set_offline(offline=True)
    phone.book()
    expect(page.locator("section.card.warn")).to_have_count(1)
    page.reload()
    expect(page.locator("section.card.warn")).to_have_count(1)
    phone.go("path")
    expect(page.locator("ol.path > li").first).to_be_visible()
    expect(page.locator(".net")).to_be_visible()
    page.context.set_offline(offline=False)
    phone.go("visits")
    expect(page.locator("main ol > li.card")).to_have_count(wanted, timeout=30_000)
    assert len(phone.ask("/v1/me/bookings")["items"]) == wanted

    # The pass and the visits are there without a net as well.
    booking = phone.booked("medical")
    phone.go(f"visit/{booking['id']}")
    expect(page.locator(".pass svg path")).to_be_visible()
    page.context.set_offline(offline=True)
    page.reload()
    picture = page.locator(".pass svg path")
    expect(picture).to_be_visible()
    assert text_in(picture.get_attribute("d") or "").count(".") == 2
    page.context.set_offline(offline=False)

    # A phone whose clock goes wrong signs by the server's, and keeps its sign-in.
    page.add_init_script("const now = Date.now; Date.now = () => now() - 20 * 60_000;")
    with page.expect_response(lambda answer: answer.url.endswith("/v1/auth/refresh") and answer.ok):
        page.reload()
    expect(page.locator(".pass svg path")).to_be_visible()


def test_a_booking_whose_answer_was_lost_is_sent_again_and_is_there_once(looks: Looks) -> None:
    """Case 12. The server has it; the phone does not know, and asks again with the same key. What is booked is then
    moved to an earlier time: asked for, offered, taken.
    """
    phone = looks.phone("ru", workers="block")
    page = phone.page
    phone.sign_in()
    phone.say_who()
    wanted = phone.planned()
    keys: list[str] = []

    def lose(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        answer = route.fetch()
        if len(keys) == 1:
            assert answer.status == 201
            route.abort("connectionreset")
        else:
            route.fulfill(response=answer)

    page.route("**/v1/itineraries", lose)
    phone.book()
    expect(page.locator("main ol > li.card")).to_have_count(wanted)
    page.unroute_all(behavior="wait")
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert len(phone.ask("/v1/me/bookings")["items"]) == wanted
    _takes_an_earlier_time(phone)


def _takes_an_earlier_time(phone: Newcomer) -> None:
    page, was = phone.page, phone.booked("fingerprints")
    phone.go(f"visit/{was['id']}")
    page.get_by_role("button", name="Попросить время раньше").click()
    expect(page.get_by_role("button", name="Больше не искать")).to_be_visible()
    offer = page.locator("section.card.warn", has_text="Вы просили время пораньше").get_by_role(
        "button", name="Выбрать"
    )
    for _ in range(TRIES):  # a page shows what is offered when it is looked at
        page.goto("/#visits")
        page.reload()
        settled(page)
        if offer.count():
            break
    offer.first.click()
    expect(offer).to_have_count(0)
    assert phone.booked("fingerprints")["starts_at"] < was["starts_at"]
