"""TD1, TD2 and TD3 alike: ICAO's specimens, long numbers, round trips, and what a wrong character does."""

import contextlib
import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.profiles.dates import PartialDate
from app.domain.profiles.mrz import SPECIMEN_TD3, Sex, Zone, build, check_digit, parse
from app.domain.profiles.mrz_layout import LAYOUTS, Format, MrzError, Span
from app.domain.profiles.states import ICAO, NO_STATE, known

TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
LONG_TD1 = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
LONG_TD2 = "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\nD23145890<UTO3407127M95071227349<<<8"
SPECIMENS = {Format.TD1: TD1, Format.TD2: TD2, Format.TD3: SPECIMEN_TD3}
CHARS = string.digits + string.ascii_uppercase + "<"


@pytest.mark.parametrize("format_", Format)
def test_each_published_specimen_is_read_and_every_digit_of_it_computed(format_: Format) -> None:
    read = parse(SPECIMENS[format_])
    assert (read.format, read.surname, read.given_names, read.sex) == (format_, "ERIKSSON", "ANNA MARIA", "F")
    assert (read.birth, read.expires) == (PartialDate(74, 8, 12), PartialDate(12, 4, 15))
    assert read.number == ("L898902C3" if format_ is Format.TD3 else "D23145890")
    assert build(read) == SPECIMENS[format_]


@pytest.mark.parametrize("text", [LONG_TD1, LONG_TD2])
def test_a_long_number_goes_on_in_the_optional_data(text: str) -> None:
    """The examples of ICAO 9303-5 and 9303-6, note j."""
    read = parse(text)
    assert (read.number, read.personal_number) == ("D23145890734", None)
    assert build(read) == text
    assert parse(build(replace(read, personal_number="AB"))).personal_number == "AB"


@pytest.mark.parametrize("rest", ["<<<", "9<<", "7348", "734<", "<9<"])
def test_a_long_number_whose_digit_is_missing_or_wrong_names_the_number(rest: str) -> None:
    with pytest.raises(MrzError) as caught:
        parse(LONG_TD1.replace("7349", rest.ljust(4, "<"), 1))
    assert (caught.value.field, caught.value.line, caught.value.column) == ("number", 1, 6)


@pytest.mark.parametrize(
    ("text", "field", "line", "column"),
    [
        (TD1.replace("2F12", "3F12"), "birth_date", 2, 1),
        (TD1.replace("4159", "4158"), "expiry_date", 2, 9),
        (TD1.replace("D231", "0231"), "number", 1, 6),
        (TD1[:-31].rstrip("6") + "7\n" + TD1[-30:], "composite", 2, 30),
        (TD1.replace("ERIK", "ER1K"), "name", 3, 3),
        (TD2.replace("D231", "O231"), "number", 2, 1),
        (TD2[:-1] + "5", "composite", 2, 36),
        (TD1.replace("I<", "P<", 1), "document_type", 1, 1),
        (TD2.replace("I<", "V<", 1), "document_type", 1, 1),
    ],
)
def test_what_does_not_hold_is_pointed_at_by_line_and_column(text: str, field: str, line: int, column: int) -> None:
    with pytest.raises(MrzError) as caught:
        parse(text)
    assert (caught.value.field, caught.value.line, caught.value.column) == (field, line, column)


def test_an_o_for_a_zero_is_never_guessed() -> None:
    with pytest.raises(MrzError) as caught:
        parse(SPECIMEN_TD3.replace("L898902C3", "L8989O2C3"))
    assert caught.value.field == "number"


@pytest.mark.parametrize(
    ("surname", "given_names", "read"),
    [
        ("O'CONNOR", "ENYA-SIOBHAN", ("OCONNOR", "ENYA SIOBHAN")),
        ("SUHARTO", None, ("SUHARTO", None)),
        ("YULDOSHEV", "BOTIR OʻGʻLI", ("YULDOSHEV", "BOTIR OGLI")),
    ],
)
def test_apostrophes_vanish_a_hyphen_parts_and_one_name_is_enough(
    surname: str, given_names: str | None, read: tuple[str, str | None]
) -> None:
    again = parse(build(replace(parse(TD1), surname=surname, given_names=given_names)))
    assert (again.surname, again.given_names) == read


@pytest.mark.parametrize("format_", Format)
def test_a_name_that_fills_its_field_may_be_cut(format_: Format) -> None:
    zone, room = parse(SPECIMENS[format_]), LAYOUTS[format_].name.length
    assert not parse(build(replace(zone, surname="A" * (room - 3), given_names=None))).name_maybe_cut
    assert parse(build(replace(zone, surname="A" * (room + 9), given_names=None))).name_maybe_cut
    cut = parse(build(replace(zone, surname="PAPANDROPOULOUS", given_names="JONATHON WARREN TREVOR ALEXANDER JOHN")))
    assert cut.name_maybe_cut
    assert cut.surname == "PAPANDROPOULOUS"


@pytest.mark.parametrize("code", sorted(ICAO))
def test_codes_that_no_country_has_are_nationalities_too(code: str) -> None:
    assert parse(build(replace(parse(SPECIMEN_TD3), nationality=code))).nationality == code
    assert known(code)


def test_what_the_table_lacks_is_read_and_merely_unknown() -> None:
    assert parse(build(replace(parse(SPECIMEN_TD3), nationality="QQQ"))).nationality == "QQQ"
    assert [known(code) for code in ("QQQ", "UZB", "TJK", "D", "DEU")] == [False, True, True, True, True]
    assert set(ICAO) > NO_STATE


letters = st.text(string.ascii_uppercase, min_size=1, max_size=9)
alphanumeric = string.ascii_uppercase + string.digits
dates = st.builds(
    PartialDate,
    st.none() | st.integers(0, 99),
    st.none() | st.integers(1, 12),
    st.none() | st.integers(1, 28),
)


@st.composite
def zones(draw: st.DrawFn) -> Zone:
    format_ = draw(st.sampled_from(Format))
    long = format_ is not Format.TD3 and draw(st.booleans())
    number = draw(st.text(alphanumeric, min_size=10 if long else 1, max_size=12 if long else 9))
    sex: Sex | None = draw(st.sampled_from(["M", "F", None]))
    optional = st.none() | st.text(alphanumeric, min_size=1, max_size=2)
    return Zone(
        document_type="P" if format_ is Format.TD3 else draw(st.sampled_from(["I", "AC", "C"])),
        issuer=draw(st.sampled_from(["UZB", "D", "XXA"])),
        surname=draw(letters),
        given_names=draw(st.none() | letters),
        number=number,
        nationality=draw(st.sampled_from(["TJK", "D", "XXB", "UNO"])),
        birth=draw(dates),
        sex=sex,
        expires=draw(dates),
        personal_number=draw(optional),
        optional=draw(optional) if format_ is Format.TD1 else None,
        format=format_,
    )


@given(zones())
def test_what_was_built_is_read_again(zone: Zone) -> None:
    assert parse(build(zone)) == zone


def checked(zone: Zone) -> list[tuple[int, int]]:
    """Line and place of every character that a check digit covers, and of the digits themselves."""
    layout = LAYOUTS[zone.format]
    spans = [*layout.composed_of, layout.composite]
    return [(span.line, at) for span in spans for at in range(span.start, span.end)]


@given(zones(), st.data())
def test_one_wrong_character_is_refused_or_weighs_the_same(zone: Zone, data: st.DataObject) -> None:
    lines = build(zone).split("\n")
    line, at = data.draw(st.sampled_from(checked(zone)))
    char = data.draw(st.sampled_from(CHARS))
    before = lines[line][at]
    lines[line] = lines[line][:at] + char + lines[line][at + 1 :]
    try:
        parse("\n".join(lines))
    except MrzError:
        return
    assert check_digit(char) == check_digit(before)


@given(st.text() | st.text(CHARS, min_size=72, max_size=90) | st.from_regex(r"[PIAC][0-9A-Z<«\n ]{71,91}"))
def test_nothing_but_mrz_error_for_any_text(text: str) -> None:
    with contextlib.suppress(MrzError):
        parse(text)


@pytest.mark.parametrize("number", ["", "A<1", "ab", "A" * 24])
def test_what_no_zone_can_say_is_not_built(number: str) -> None:
    with pytest.raises(MrzError):
        build(replace(parse(TD1), number=number))


def test_the_spans_of_each_format_lie_within_its_lines() -> None:
    for layout in LAYOUTS.values():
        spans: list[Span] = [layout.name, layout.number, layout.optional, layout.birth, layout.expires]
        assert all(0 <= span.start < span.end <= layout.width for span in spans)
