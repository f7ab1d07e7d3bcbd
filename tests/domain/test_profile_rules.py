"""Birth dates with gaps, days without a visa, names, numbers and documents."""

import string
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.ru import inn

from app.domain.profiles.birth import BirthDate
from app.domain.profiles.dates import PartialDate
from app.domain.profiles.documents import NEEDS, DocumentKind, Paper
from app.domain.profiles.merging import make_code, read_code
from app.domain.profiles.mrz import SPECIMEN_TD3, parse
from app.domain.profiles.names import Name, NameSource
from app.domain.profiles.numbers import NumberError, NumberKind, check_number
from app.domain.profiles.stay import Stay, days_left, days_without_visa, exit_missing

ZONE = parse(SPECIMEN_TD3)


@pytest.mark.parametrize(
    ("parts", "zone", "agrees"),
    [
        ((1974, 8, 12), (74, 8, 12), True),
        ((1874, 8, 12), (74, 8, 12), True),
        ((1975, 8, 12), (74, 8, 12), False),
        ((1974, None, None), (74, 8, 12), True),
        ((1974, 9, None), (74, 8, 12), False),
        ((1974, 8, 12), (None, None, None), True),
        ((None, 8, 13), (None, 8, 12), False),
    ],
)
def test_a_birth_date_agrees_where_both_know_a_part(
    parts: tuple[int | None, ...], zone: tuple[int | None, ...], agrees: bool
) -> None:
    assert BirthDate(*parts).agrees(PartialDate(*zone)) is agrees


@pytest.mark.parametrize("parts", [(None, None, None), (1975, 2, 29), (1900, 2, 29), (None, 4, 31), (None, 13, None)])
def test_no_such_birth_date(parts: tuple[int | None, ...]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        BirthDate(*parts)


@pytest.mark.parametrize(
    ("parts", "of_age"),
    [
        ((2008, 9, 10), date(2026, 9, 10)),
        ((2008, 2, 29), date(2026, 3, 1)),
        ((2008, 2, None), date(2026, 2, 28)),
        ((2008, None, None), date(2026, 12, 31)),
        ((2008, None, 5), date(2026, 12, 5)),
        ((None, 2, 3), None),
    ],
)
def test_of_age_on_the_last_day_that_it_can_be(parts: tuple[int | None, ...], of_age: date | None) -> None:
    birth = BirthDate(*parts)
    assert birth.majority() == of_age
    if of_age:
        assert birth.is_minor(of_age - timedelta(days=1))
        assert not birth.is_minor(of_age)


def test_a_birth_is_neither_ahead_nor_of_another_age() -> None:
    today = date(2026, 9, 10)
    plausible = [BirthDate(*parts).plausible(today) for parts in [(2026, 9, 10), (2026, 9, 11), (2026, None, None)]]
    assert plausible == [True, False, True]
    assert [BirthDate(year, None, None).plausible(today) for year in (1895, 1896, 2027)] == [False, True, False]


@pytest.mark.parametrize(
    ("stays", "today", "spent"),
    [
        ([], date(2026, 9, 10), 0),
        ([("2026-09-10", None)], date(2026, 9, 10), 1),
        ([("2026-09-10", "2026-09-10")], date(2026, 9, 30), 1),
        # Left and came again on one day: it counts once.
        ([("2026-01-10", "2026-01-20"), ("2026-01-20", "2026-01-25")], date(2026, 9, 10), 16),
        # Over the end of the year: it begins anew with 1 January.
        ([("2025-12-01", None)], date(2025, 12, 31), 31),
        ([("2025-12-01", None)], date(2026, 1, 1), 1),
        ([("2025-12-01", "2025-12-20")], date(2026, 1, 5), 0),
        # A leap year has one day more to spend, and the limit is the same.
        ([("2028-02-01", "2028-03-01")], date(2028, 12, 31), 30),
        ([("2027-02-01", "2027-03-01")], date(2027, 12, 31), 29),
        ([("2026-01-01", None)], date(2026, 3, 31), 90),
        ([("2028-01-01", None)], date(2028, 3, 30), 90),
        # Nobody told the exit: until the next entry, rather a day too many.
        ([("2026-01-01", None), ("2026-01-31", None)], date(2026, 2, 2), 33),
        ([("2026-09-12", None)], date(2026, 9, 10), 0),
    ],
)
def test_days_without_a_visa_in_the_calendar_year(stays: list[tuple[str, str | None]], today: date, spent: int) -> None:
    """90 days of each calendar year: 260-ФЗ, since 2025."""
    read = [
        Stay(date.fromisoformat(came), date.fromisoformat(left) if left else None, visa=False) for came, left in stays
    ]
    assert days_without_visa(read, today) == spent
    assert days_left(read, today) == max(0, 90 - spent)


def test_days_with_a_visa_do_not_count_and_a_missing_exit_is_seen() -> None:
    with_visa = Stay(date(2026, 1, 1), None, visa=True)
    assert days_without_visa([with_visa], date(2026, 9, 10)) == 0
    later = Stay(date(2026, 9, 1), None, visa=False)
    assert days_without_visa([with_visa, later], date(2026, 9, 10)) == 10
    assert exit_missing([with_visa, later])
    assert not exit_missing([later])


any_day = st.dates(date(2025, 1, 1), date(2029, 12, 31))


@given(st.lists(st.tuples(any_day, st.integers(0, 400), st.booleans()), max_size=6), any_day)
def test_days_spent_are_those_of_this_year_and_grow_day_by_day(
    drawn: list[tuple[date, int, bool]], today: date
) -> None:
    stays = [Stay(came, came + timedelta(days=length), visa) for came, length, visa in drawn]
    spent = days_without_visa(stays, today)
    assert 0 <= spent <= today.timetuple().tm_yday
    tomorrow = today + timedelta(days=1)
    if tomorrow.year == today.year:
        assert spent <= days_without_visa(stays, tomorrow) <= spent + 1


@given(st.text(string.digits, min_size=12, max_size=12))
def test_inn_as_the_library_has_it(digits: str) -> None:
    right = digits[:10] + inn.calc_personal_check_digits(digits)
    for number in (digits, right):
        assert holds(NumberKind.INN, number) == inn.is_valid(number)
    assert holds(NumberKind.INN, right)


def holds(kind: NumberKind, number: str) -> bool:
    try:
        return check_number(kind, number) == number
    except NumberError:
        return False


@pytest.mark.parametrize(
    ("kind", "number", "read"),
    [
        (NumberKind.SNILS, "112-233-445 95", "11223344595"),
        (NumberKind.SNILS, "087-654-303 00", "08765430300"),
        (NumberKind.INN, "500100732259", "500100732259"),
        (NumberKind.KZ_IIN, "920110 301000", None),
        (NumberKind.SNILS, "112-233-445 96", None),
        (NumberKind.SNILS, "000-000-000 00", None),
        (NumberKind.INN, "7707083893", None),
        (NumberKind.INN, "50010073225x", None),
        (NumberKind.SNILS, "١١٢٢٣٣٤٤٥٩٥", None),
    ],
)
def test_numbers_with_check_digits(kind: NumberKind, number: str, read: str | None) -> None:
    if read is None:
        with pytest.raises(NumberError):
            check_number(kind, number)
    else:
        assert check_number(kind, number) == read


@given(st.text(string.digits, min_size=11, max_size=11))
def test_an_iin_has_one_check_digit_or_none(body: str) -> None:
    """One, unless both rows of weights give 10, when the number is never given."""
    first = sum(int(d) * w for d, w in zip(body, range(1, 12), strict=True)) % 11
    second = sum(int(d) * w for d, w in zip(body, [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2], strict=True)) % 11
    valid = [digit for digit in string.digits if holds(NumberKind.KZ_IIN, body + digit)]
    expected = first if first < 10 else second
    assert valid == ([] if expected == 10 else [str(expected)])


@given(st.sampled_from(NumberKind), st.text())
def test_no_text_but_a_number_is_one(kind: NumberKind, text: str) -> None:
    try:
        assert check_number(kind, text).isdecimal()
    except NumberError:
        return


def test_one_name_is_a_name_and_nothing_stands_in_for_the_others() -> None:
    assert Name("Сухарто").parts == ["Сухарто"]
    assert Name(None, "Anna").parts == ["Anna"]
    for nothing in ({}, {"surname": "-"}, {"surname": "XXX1"}, {"surname": "…"}, {"given_names": "<"}):
        with pytest.raises(ValueError, match="name"):
            Name(**{"surname": None} | nothing)


@pytest.mark.parametrize(
    ("surname", "source", "fits"),
    [
        ("Юлдошев", NameSource.CYRILLIC, True),
        ("Ғанижонов", NameSource.CYRILLIC, True),
        ("Yuldoshev", NameSource.CYRILLIC, False),
        ("Yo‘ldoshev".replace("‘", "ʻ"), NameSource.PRINTED, True),
        ("O'Connor-Smith", NameSource.PRINTED, True),
        ("Əliyev", NameSource.PRINTED, True),
        ("Юлдошев", NameSource.PRINTED, False),
    ],
)
def test_each_source_has_its_letters(surname: str, source: NameSource, fits: bool) -> None:
    assert Name(surname).written_as(source) is fits


def test_what_a_document_lacks_is_named() -> None:
    assert Paper().missing(DocumentKind.PASSPORT) == ["mrz"]
    assert Paper(zone=ZONE).missing(DocumentKind.PASSPORT) == []
    assert Paper().missing(DocumentKind.PATENT) == ["issued_on", "issuer", "number"]
    assert Paper(issued_on=date(2026, 1, 1)).missing(DocumentKind.TRANSLATION) == []
    assert set(NEEDS) == set(DocumentKind)


def test_differences_of_page_and_zone_are_flags() -> None:
    today = date(2011, 1, 1)
    assert Paper(zone=ZONE).flags(today) == []
    differing = Paper(zone=ZONE, birth=BirthDate(1974, 8, 13), nationality="UZB", expires_on=date(2012, 4, 16))
    assert differing.flags(today) == ["birth_differs", "citizenship_differs", "expiry_differs"]
    assert Paper(zone=ZONE).flags(date(2012, 4, 16)) == ["expired"]
    assert Paper(zone=ZONE).flags(today, BirthDate(1975, None, None)) == ["birth_differs"]


def test_one_document_has_one_key_however_it_is_typed() -> None:
    keys = {Paper(issuer="RUS", series="16 24", number=n).key for n in ("0000-123", "0000123", " 0000 123")}
    assert keys == {"RUS:16240000123"}
    assert Paper().key is None


@given(st.binary(min_size=5, max_size=5))
def test_a_code_is_read_as_people_type_it(rng: bytes) -> None:
    code = make_code(rng)
    assert read_code(code.lower().replace("-", " ").replace("0", "o").replace("1", "i")) == code
