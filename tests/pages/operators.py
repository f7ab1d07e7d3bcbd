"""What an operator does on the region's page."""

import secrets

from playwright.sync_api import Page, expect

from tests.pages.test_accessible import settled

OPERATORS = ("reports", "ratings", "complaints", "what_if", "companies", "agreements", "requests", "staff", "figures")
LAW = "НК РФ, ст. 227.1"


def part(page: Page, name: str) -> None:
    """Goes to that part as one does who is signed in."""
    page.locator("main nav button").nth(OPERATORS.index(name)).click()
    expect(page).to_have_url(f"{page.url.partition('#')[0]}#{name}")
    settled(page)


def by_mail(page: Page) -> None:
    """A report is asked for by e-mail, a wrong code is refused, and it is ended."""
    page.get_by_text("Отчёты по почте").click()
    box = page.locator("details.card[open]")
    ask = box.get_by_role("button", name="Присылать", exact=True)
    ask.click()
    expect(box.locator(".fault:visible")).to_have_text("Напишите адрес почты целиком.")
    box.locator("input[name=address]").fill("anna@example.org")
    ask.click()
    waiting = box.locator("li", has_text="ждёт кода")
    expect(waiting).to_contain_text("@example.org")
    expect(waiting).not_to_contain_text("anna@")
    waiting.locator("input[name=code]").fill("00000000")
    waiting.get_by_role("button", name="Подтвердить адрес").click()
    expect(waiting.locator(".said[role=alert]")).to_be_visible()
    waiting.get_by_role("button", name="Больше не присылать").click()
    page.locator("dialog button.danger").click()
    expect(waiting).to_have_count(0)


def let_in(first: Page, second: Page, page: Page) -> None:
    """One operator invites an auditor, another confirms it, and who has both codes chooses a password."""
    login = f"auditor-{secrets.token_hex(4)}"
    part(first, "staff")
    first.get_by_text("Пригласить оператора или аудитора").first.click()
    first.locator("form input[name=login]").fill(login)
    first.locator("form button.main").click()
    codes = [first.locator("details [role=status] code").inner_text()]
    part(second, "staff")
    waiting = second.locator("main section.card", has_text=login)
    waiting.get_by_role("button", name="Подтвердить").click()
    codes.append(waiting.locator("code").inner_text())
    page.get_by_role("button", name="У меня есть приглашение").click()
    for name, text in zip(("token", "second", "password"), (*codes, secrets.token_urlsafe(16)), strict=True):
        page.locator(f"input[name={name}]").fill(text)
    page.locator("form button.main").click()
    expect(page.get_by_text(login)).to_be_visible()


def agree(first: Page, second: Page) -> None:
    """One operator proposes what a tax service is told, another approves it, and lets an account look up again."""
    part(first, "agreements")
    first.get_by_text("Предложить соглашение").first.click()
    form = first.locator("details.card form")
    form.locator("select[name=agency]").select_option(label="Налоговая служба (демо)")
    form.locator("select[name=people]").select_option("step_done")
    form.locator("button.main").click()
    expect(form.locator(".fault:visible")).to_have_count(4)
    for name in ("авансовый платёж", "ИНН", "поиск"):
        form.get_by_label(name, exact=True).first.check()
    form.locator("input[name=citation]").fill(LAW)
    form.locator("button.main").click()
    expect(first.locator("main section.card", has_text=LAW)).to_contain_text("Вы предложили это")

    part(second, "agreements")
    proposed = second.locator("main section.card", has_text=LAW)
    proposed.get_by_role("button", name="Одобрить").click()
    expect(proposed.locator(".tag")).to_have_text("действует")
    stopped = second.locator("main section.card", has_text="которые ничего не нашли")
    stopped.get_by_role("button", name="Снять остановку").click()
    second.locator("dialog button.main").click()
    expect(stopped).to_have_count(0)
