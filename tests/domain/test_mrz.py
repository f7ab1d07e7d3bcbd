"""The TD3 zone of ICAO 9303 part 4."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.profiles.dates import PartialDate, expiry_date, expiry_year
from app.domain.profiles.mrz import SPECIMEN_TD3, Zone, check_digit, parse, renew
from app.domain.profiles.mrz_layout import MrzError

UPPER, LOWER = SPECIMEN_TD3.split()
CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
PROTECTED = [*range(10), *range(13, 20), *range(21, 44)]


def zone(*, names: str = "ERIKSSON<<ANNA<MARIA", **fields: str) -> str:
    """A zone with right check digits, whatever its fields are."""
    number = fields.get("number", "L898902C3").ljust(9, "<")
    birth, expires = fields.get("birth", "740812"), fields.get("expires", "120415")
    personal = fields.get("personal", "ZE184226B").ljust(14, "<")
    number, birth, expires = (field + check_digit(field) for field in (number, birth, expires))
    personal += fields.get("personal_check", check_digit(personal))
    composite = check_digit(number + birth + expires + personal)
    nationality, sex = fields.get("nationality", "UTO"), fields.get("sex", "F")
    upper = f"P<UTO{names}".ljust(44, "<")
    return f"{upper}\n{number}{nationality}{birth}{sex}{expires}{personal}{composite}"


def test_specimen() -> None:
    assert zone() == SPECIMEN_TD3
    assert parse(SPECIMEN_TD3) == Zone(
        document_type="P",
        issuer="UTO",
        surname="ERIKSSON",
        given_names="ANNA MARIA",
        number="L898902C3",
        nationality="UTO",
        birth=PartialDate(74, 8, 12),
        sex="F",
        expires=PartialDate(12, 4, 15),
        personal_number="ZE184226B",
    )


@pytest.mark.parametrize(
    "text",
    [
        UPPER + LOWER,
        SPECIMEN_TD3.lower(),
        f"  {UPPER} \r\n\t{LOWER}  \n",
        f"{UPPER} {LOWER}",
        SPECIMEN_TD3.replace("<<", "« "),
        SPECIMEN_TD3.replace("P<", "P «", 1),
        SPECIMEN_TD3.replace("\n", "\r"),
    ],
    ids=[
        "run together",
        "small letters",
        "spaces at the ends",
        "parted by a space",
        "quotes for two fillers",
        "a quote for one",
        "an old line end",
    ],
)
def test_forgiven(text: str) -> None:
    assert parse(text) == parse(SPECIMEN_TD3)


@pytest.mark.parametrize(
    ("text", "field", "position"),
    [
        ("", "length", None),
        (SPECIMEN_TD3[:-1], "length", None),
        (SPECIMEN_TD3 + "\n" + LOWER, "length", None),
        (UPPER[:-1] + "\n" + UPPER[-1] + LOWER, "length", None),
        (SPECIMEN_TD3.replace("ANNA", "AÑNA"), "characters", 16),
        (SPECIMEN_TD3.replace("ANNA", "ANıA"), "characters", 17),
        (SPECIMEN_TD3.replace("P<", "V<", 1), "document_type", 0),
        (SPECIMEN_TD3.replace("P<UTO", "P<<UT"), "issuer", 2),
        (zone(names="ERIKSS0N<<ANNA"), "name", 11),
        (zone(names=""), "name", 5),
        (SPECIMEN_TD3.replace("C36", "C37"), "number", 44),
        (zone(number=""), "number", 44),
        (SPECIMEN_TD3.replace("7408122", "7408123"), "birth_date", 57),
        (zone(birth="741312"), "birth_date", 57),
        (zone(birth="750229"), "birth_date", 57),
        (zone(birth="7<0812"), "birth_date", 57),
        (SPECIMEN_TD3.replace("1204159", "1204150"), "expiry_date", 65),
        (zone(expires="120431"), "expiry_date", 65),
        (SPECIMEN_TD3[:-2] + "20", "personal_number", 72),
        (zone(personal="", personal_check="5"), "personal_number", 72),
        (SPECIMEN_TD3[:-1] + "1", "composite", 87),
        (zone(nationality="U2O"), "nationality", 54),
        (zone(nationality="<<<"), "nationality", 54),
        (zone(sex="X"), "sex", 64),
    ],
)
def test_refused(text: str, field: str, position: int | None) -> None:
    with pytest.raises(MrzError) as caught:
        parse(text)
    assert (caught.value.field, caught.value.position) == (field, position)
    assert not any(value in str(caught.value) for value in ("ERIKS", "L898902C", "7408", "7413", "ZE18"))


def test_one_name() -> None:
    read = parse(zone(names="SUHARTO"))
    assert (read.surname, read.given_names) == ("SUHARTO", None)


@pytest.mark.parametrize("check", ["<", "0"])
def test_empty_personal_number(check: str) -> None:
    assert parse(zone(personal="", personal_check=check)).personal_number is None


@pytest.mark.parametrize(
    ("birth", "read"),
    [
        ("<<<<<<", PartialDate(None, None, None)),
        ("74<<<<", PartialDate(74, None, None)),
        ("7408<<", PartialDate(74, 8, None)),
        ("<<0229", PartialDate(None, 2, 29)),
        ("000229", PartialDate(0, 2, 29)),
    ],
)
def test_unknown_parts_of_birth(birth: str, read: PartialDate) -> None:
    assert parse(zone(birth=birth)).birth == read


def test_unknown_birth_has_check_digit_0() -> None:
    assert check_digit("<<<<<<") == "0"


def test_nationality_of_one_letter_and_unstated_sex() -> None:
    read = parse(zone(nationality="D<<", sex="<"))
    assert (read.nationality, read.sex) == ("D", None)


@given(place=st.sampled_from(PROTECTED), char=st.sampled_from(CHARS))
def test_every_wrong_character_is_caught(place: int, char: str) -> None:
    """Unless no check digit can tell the two apart: values equal modulo 10, as of A, K, U, 0 and <."""
    assume(check_digit(char) != check_digit(LOWER[place]))
    with pytest.raises(MrzError):
        parse(f"{UPPER}\n{LOWER[:place]}{char}{LOWER[place + 1 :]}")


@given(number=st.text(CHARS[:-1], min_size=1, max_size=9))
def test_renew(number: str) -> None:
    renewed = parse(renew(SPECIMEN_TD3, number))
    assert renewed.number == number
    assert renewed.expires == PartialDate(12, 4, 15)
    assert parse(renew(SPECIMEN_TD3, number, date(2031, 2, 28))).expires == PartialDate(31, 2, 28)
    assert (renewed.surname, renewed.birth) == ("ERIKSSON", PartialDate(74, 8, 12))


@pytest.mark.parametrize("number", ["", "A123456789", "ab", "A<1"])
def test_renew_refuses(number: str) -> None:
    with pytest.raises(MrzError, match="number"):
        renew(SPECIMEN_TD3, number)


@given(st.text())
def test_nothing_but_mrz_error(text: str) -> None:
    with pytest.raises(MrzError):
        parse(text)


@pytest.mark.parametrize(("year2", "year"), [(26, 2026), (36, 2036), (12, 2012), (99, 1999), (76, 1976), (75, 2075)])
def test_expiry_year(year2: int, year: int) -> None:
    assert expiry_year(year2, today=date(2026, 11, 24)) == year


def test_expiry_date() -> None:
    today = date(2026, 11, 24)
    assert expiry_date(PartialDate(31, 2, 28), today=today) == date(2031, 2, 28)
    assert expiry_date(PartialDate(31, None, None), today=today) is None
    assert expiry_date(PartialDate(0, 2, 29), today=date(2090, 1, 1)) is None


def test_check_digit_refuses_foreign_characters() -> None:
    with pytest.raises(ValueError, match="character"):
        check_digit("ab")
