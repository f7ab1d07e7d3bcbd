"""The pages' own rules, held against the server's: both must say the same of the same text."""

import random
import string
from hashlib import sha256
from typing import Any

import pytest
from playwright.sync_api import Page

from app.domain.profiles.mrz import SPECIMEN_TD3, check_digit, parse, renew
from app.domain.profiles.mrz_layout import MrzError
from app.pages import site
from tests.locales.test_catalogues import OTHER_DIGITS
from tests.pages.people import Looks
from tests.pages.qr_reading import read

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
LONG_NUMBER = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
# The modules of two codes as another encoder has them (python-qrcode 8.2, level L, byte mode, mask 2): row by row.
GOLDEN = {
    "hello world": "5c0527f4b47acc66",
    "0123456789abcdef" * 18: "5bed4ad304c8d4ce",
}


@pytest.fixture
def page(looks: Looks) -> Page:
    return looks.page("/board")


def called(page: Page, module: str, function: str, *arguments: Any) -> Any:
    """What a function of a module answers in the browser."""
    return page.evaluate(
        "async ([module, name, given]) => (await import(module))[name](...given)",
        [f"/web/{site().version}/shared/{module}.js", function, list(arguments)],
    )


def test_a_qr_code_is_that_of_another_encoder_and_can_be_read(page: Page) -> None:
    for text, hashed in GOLDEN.items():
        rows = called(page, "qr", "qr", text, 2)
        drawn = "\n".join("".join("1" if dark else "0" for dark in row) for row in rows)
        assert sha256(drawn.encode()).hexdigest()[:16] == hashed, text[:20]
    chosen = random.Random(7)
    for length in (1, 17, 18, 106, 107, 230, 290, 321, 322, 458, 586, 718, 858):
        text = "".join(chosen.choices(string.ascii_letters + string.digits + "._-", k=length))
        rows = called(page, "qr", "qr", text)
        dark = {(x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark}
        assert read(dark, len(rows)) == text


def test_a_number_is_understood_as_people_type_it(page: Page) -> None:
    """Behind the +7 that the field begins with, or in its place."""
    for typed, number in {
        "+7 900 123-45-67": "+79001234567",
        "+7 +7 900 123-45-67": "+79001234567",
        "+7 89001234567": "+79001234567",
        "8 (900) 123-45-67": "+79001234567",
        "+7 +992 90 123 4567": "+992 90 123 4567",
        "+960 771 2345": "+960 771 2345",
        "+7 701 123 4567": "+7 701 123 4567",
        " 123 ": "123",
    }.items():
        assert called(page, "phone", "international", typed) == number


def says_python(text: str) -> bool:
    try:
        parse(text)
    except MrzError:
        return False
    return True


def test_what_the_page_says_of_machine_readable_lines_is_what_the_server_says(page: Page) -> None:
    """Of whole lines, of each with one character changed, of two exchanged, and of pieces."""
    chosen = random.Random(11)
    given = [SPECIMEN_TD3, TD1, TD2, LONG_NUMBER, SPECIMEN_TD3.lower(), SPECIMEN_TD3.replace("\n", ""), "", "P<UTO"]
    assert all(map(says_python, given[:6]))
    for whole in (SPECIMEN_TD3, TD1, TD2, LONG_NUMBER, renew(SPECIMEN_TD3, "AB1234567")):
        for _ in range(120):
            at = chosen.randrange(len(whole))
            if whole[at] != "\n":
                given.append(whole[:at] + chosen.choice("0123456789ABOIZ<") + whole[at + 1 :])
        cut = chosen.randrange(len(whole))
        given += [whole[:cut], whole[cut:], whole[:cut] + "ж" + whole[cut + 1 :]]
    # Dates that there are not, with their digits right: a day of no month, the last of February.
    for birth in ("741312", "740230", "750229", "760229", "<<<<<<", "74<<12", "7<0812", "740800"):
        line = f"L898902C36UTO{birth}{check_digit(birth)}F1204159ZE184226B<<<<<1"
        composed = line[:10] + line[13:20] + line[21:43]
        given.append(SPECIMEN_TD3.split("\n")[0] + "\n" + line + check_digit(composed))
    seen = page.evaluate(
        "async ([module, texts]) => { const m = await import(module); return texts.map(text => m.look(text).ok); }",
        [f"/web/{site().version}/shared/mrz.js", given],
    )
    wrong = [text for text, ok in zip(given, seen, strict=True) if ok != says_python(text)]
    assert wrong == []
    assert 0 < sum(seen) < len(given)


def test_the_field_that_does_not_add_up_is_named_with_its_place(page: Page) -> None:
    wrong = SPECIMEN_TD3.replace("L898902C36", "L898902C37")
    seen = called(page, "mrz", "look", wrong)
    assert [(each["field"], each["line"], each["column"]) for each in seen["problems"]] == [("number", 2, 1)]
    assert seen["fields"]["number"]["ok"] is False
    assert seen["fields"]["birth_date"]["ok"] is True
    short = called(page, "mrz", "look", SPECIMEN_TD3[:-3])
    assert short["problems"][0] == {"field": "length", "line": 2, "column": 1}
    assert short["missing"] == [0, 3]


def test_dates_are_read_as_the_point_writes_them_in_every_language(page: Page) -> None:
    """Case 16. The browser is far away in another zone (UTC+10), so that the place's is named; what belongs to no place
    is told by the phone's own clock. Gregorian, and Latin digits, in Dari too.
    """
    told = page.evaluate(
        """async ([module, tags]) => {
          const i18n = await import(module);
          const found = {};
          for (const tag of tags) {
            await i18n.speak(tag, ["shared"]);
            found[tag] = [i18n.moment("2031-11-27T00:30:00+03:00"), i18n.day("2031-11-27"),
              i18n.moment("2031-11-27T00:30:00+10:00"), i18n.momentHere("2031-11-26T21:30:00Z")];
          }
          return found;
        }""",
        # An instance of its own: the page's goes on in the page's language.
        [f"/web/{site().version}/shared/i18n.js?apart", ["ru", "en", "fa-AF", "tg", "zh-Hans", "uz-Latn", "hy"]],
    )
    for language, texts in told.items():
        assert "27" in texts[0], language
        assert "2031" in texts[0], language
        assert "00:30 (UTC+3)" in texts[0], language
        assert texts[2] == texts[0].removesuffix(" (UTC+3)"), language
        assert texts[3] == texts[2].replace("00:30", "07:30"), language
        assert "27" in texts[1], language
        assert not any(OTHER_DIGITS.search(text) for text in texts), language
    assert told["ru"][1] == "четверг, 27 ноября"
