"""An employer's page: a vacancy that may not stand, one that may, whom the region has for it, and their yes."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import h3
import httpx
import pytest
from playwright.sync_api import Page, expect

from app.adapters.console import newest_message
from app.domain.employers.skills import SKILLS
from app.domain.profiles.mrz import SPECIMEN_TD3, renew
from app.own_data import OwnData
from app.phone import Json, Phone, until
from benchmarks.browsing import sign_in_staff
from tests.pages.people import Looks, accounts, sign_in, staff
from tests.pages.test_accessible import faults
from tests.pages.test_staff import fit_for_everybody
from tests.processes.copies import Copy

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
KAZAN = (55.79, 49.12)


@pytest.fixture(scope="module")
def client(pages_copy: Copy) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=pages_copy.base_url, timeout=30) as client:
        yield client


class Welder:
    """Somebody who agrees to be found, and who has skills that nobody else has together."""

    def __init__(self, copy: Copy, client: httpx.Client) -> None:
        self.phone, self.number = Phone(client), f"+7900{secrets.randbelow(10**7):07}"
        self.own = OwnData(self.phone)
        self.skills = sorted(secrets.SystemRandom().sample(sorted(SKILLS), 6))
        self.phone.ask_code(self.number)
        text = until(lambda: newest_message(copy.data_dir / "sms.jsonl", self.number), 20, "no SMS came")
        self.phone.sign_in(self.number, next(word for word in text.split() if word.isdigit() and len(word) == 6))
        self.phone.give_passport(renew(SPECIMEN_TD3, f"X{secrets.randbelow(10**8):08}"))
        self.phone.give_entry((datetime.now(UTC) - timedelta(days=3)).date(), "work")
        place = h3.latlng_to_cell(*KAZAN, 6)
        work = {
            "worked": [{"occupation": "7212", "years": 6}],
            "skills": self.skills,
            "place": place,
            "shifts": ["day"],
        }
        self.phone.put("/v1/me/work-profile", work)
        self.own.agree(self.notice("visible_to_employers"))

    def notice(self, purpose: str, scope: str | None = None) -> Json:
        items: list[Json] = self.own.notices("uz-Latn")
        return next(each for each in items if (each["purpose"], each["scope"]) == (purpose, scope))

    def yes(self) -> None:
        """To the one request that is open."""
        [request] = [each for each in self.phone.get("/v1/me/employer-requests")["items"] if each["open"]]
        notice = self.notice("reveal_contacts", request["vacancy_id"])
        answer = {"language": notice["language"], "sha256": notice["sha256"]}
        self.phone.post(f"/v1/me/employer-requests/{request['id']}/accept", answer)


def write(page: Page, text: str, skills: list[str]) -> None:
    """A vacancy of a welder in Kazan, three months from now."""
    begins = (datetime.now(UTC) + timedelta(days=85)).date().isoformat()
    page.get_by_role("button", name="Новая вакансия").click()
    page.locator("input[name=title]").fill("Сварщик на завод")
    page.locator("textarea[name=description]").fill(text)
    page.locator("input[name=locality]").fill("Казань")
    page.locator("input[name=geo]").fill(", ".join(map(str, KAZAN)))
    page.locator("details summary").click()
    for skill in skills:
        page.get_by_label(SKILLS[skill][0], exact=True).check()
    page.locator("input[name=least]").fill("80000")
    page.locator("input[name=start]").fill(begins)
    page.locator("form button.main").click()


def test_a_vacancy_a_masked_card_a_request_a_yes_and_the_contact(
    looks: Looks, pages_copy: Copy, client: httpx.Client
) -> None:
    welder = Welder(pages_copy, client)
    page = looks.page("/employer")
    sign_in(page, staff(pages_copy, "role", "employer"), "main nav")
    write(page, "Нужны мужчины 20–35 лет славянской внешности.", welder.skills)
    page.get_by_role("button", name="Опубликовать").click()
    refused = page.locator(".card.bad")
    expect(refused).to_contain_text("13.11.1")
    expect(refused.locator("li")).not_to_have_count(0)
    page.get_by_role("button", name="Изменить").click()
    page.locator("textarea[name=description]").fill("Сварка рам по чертежам. Спецодежда за счёт завода.")
    fit_for_everybody(page)
    page.locator("textarea[name=description]").fill("Сварка рам по чертежам. Спецодежда за счёт завода.")
    page.locator("form button.main").click()
    page.get_by_role("button", name="Опубликовать").click()
    expect(page.locator("main .tag").first).to_have_text("опубликована")

    skills = ", ".join(SKILLS[each][0] for each in welder.skills)
    card = page.locator(".columns .card", has_text=skills)
    expect(card).to_have_count(1)
    expect(card.locator("meter")).to_have_count(8)
    fit_for_everybody(page)
    assert "ERIKSSON" not in page.content().upper()
    assert welder.number not in page.content()
    card.get_by_role("button", name="Запросить контакты").click()
    page.locator("dialog").get_by_role("button", name="Спросить").click()
    expect(card.locator(".tag.warn")).to_have_text("ждём ответа")

    welder.yes()
    page.locator("main nav button").nth(1).click()
    page.get_by_role("button", name="Показать контакты").click()
    expect(page.locator("main")).to_contain_text(welder.number)


def test_a_company_applies_on_the_page_and_the_operator_lets_it_in(looks: Looks, pages_copy: Copy) -> None:
    page = looks.page("/employer")
    page.get_by_role("button", name="Подать заявку").click()
    told = {"number": "7707083890", "name_ru": "Завод гаек", "name_en": "Nut works", "contact": "Анна Кадрова"}
    for name, value in told.items():
        page.locator(f"input[name={name}]").fill(value)
    page.get_by_role("button", name="Отправить заявку").click()
    expect(page.locator("input[name=email] ~ .fault")).to_be_visible()
    page.locator("input[name=email]").fill("hr@nuts.test")
    page.locator("input[name=phone]").fill("+7 900 123-45-67")
    assert faults(page) == []
    page.get_by_role("button", name="Отправить заявку").click()
    expect(page.locator("input[name=number] ~ .fault")).to_contain_text("Контрольные цифры")
    page.locator("input[name=number]").fill("500100732259")
    page.get_by_role("button", name="Отправить заявку").click()
    expect(page.get_by_role("status").filter(has_text="hr@nuts.test")).to_be_visible()

    region = looks.page("/region", "en")
    sign_in_staff(region, next(each for each in accounts(pages_copy) if each.get("role") == "region_operator"))
    region.get_by_role("button", name="Companies", exact=True).click()
    card = region.locator(".card", has_text="Nut works")
    expect(card).to_contain_text("INN 500100732259")
    card.get_by_role("button", name="Approve", exact=True).click()
    expect(card).to_contain_text("approved")
