"""Who comes with somebody: a child who is booked along, and a host who confirms by a code."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from app.domain.profiles.mrz import SPECIMEN_TD3, renew
from tests.pages.people import NARROW, Looks
from tests.pages.test_accessible import faults, settled, too_wide

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def test_a_child_is_added_and_booked_along_and_a_host_confirms_by_code(looks: Looks) -> None:
    phone = looks.phone("ru", workers="block")
    page = phone.page
    phone.sign_in()
    phone.say_who()
    phone.go("family")
    expect(page.locator("main .state")).to_contain_text("никого нет")
    page.locator("summary", has_text="Добавить ребёнка").click()
    adding = page.locator("details[open] form")
    adding.locator("button.main").click()
    expect(adding.locator(".fault:visible")).to_have_text("Укажите дату рождения.")
    adding.locator("input[name=born]").fill(f"{datetime.now(UTC).year - 7}-03-01")
    adding.locator("textarea[name=mrz]").fill(renew(SPECIMEN_TD3, f"X{secrets.randbelow(10**8):08}"))
    adding.locator("button.main").click()
    child = page.locator("ul.card > li")
    expect(child).to_contain_text("ERIKSSON")
    page.get_by_role("button", name="Найти время").click()
    # Not where others are served today: who is expected there keeps those from being called who came early.
    offered = page.locator("main li", has_not_text="аэропорт")
    offered.get_by_role("button", name="Выбрать это").first.click()
    booked = page.locator("[role=status].good + ul > li")
    expect(booked).to_have_count(2)
    expect(booked.filter(has_text="ERIKSSON")).to_have_count(1)

    phone.go("path")
    page.get_by_role("button", name="Код для принимающей стороны").first.click()
    code = page.locator("code.big").inner_text()
    host = looks.phone("ru", NARROW, workers="block")
    host.sign_in(as_host=True)
    form = host.page.locator("main form").first
    form.locator("input[name=code]").fill("AAAA-AAAA")
    form.locator("button").click()
    expect(form.locator(".said[role=alert]")).to_be_visible()
    form.locator("input[name=code]").fill(code)
    form.locator("button").click()
    expect(host.page.locator("input[name=on]")).to_be_visible()
    settled(host.page)
    assert faults(host.page) == []
    assert too_wide(host.page) <= 0
    host.page.locator("input[name=on]").fill((datetime.now(UTC) - timedelta(days=1)).date().isoformat())
    host.page.get_by_role("button", name="Подтвердить").click()
    expect(host.page.locator("p.good")).to_have_text("Подтверждено. Спасибо.")
    phone.go("inbox")
    phone.go("path")
    expect(page.locator("ol.path > li.done")).to_have_count(1)
