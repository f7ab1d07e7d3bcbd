"""The machine-readable zone of a travel document: TD1, TD2 and TD3 (ICAO 9303 parts 3 to 6)."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, cast

from app.domain.profiles.dates import PartialDate
from app.domain.profiles.mrz_layout import FILLER, LAYOUTS, NUMBER_LENGTH, Format, Layout, Span
from app.domain.profiles.mrz_text import lines_of

SPECIMEN_TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
"""The specimen of ICAO 9303-4, appendix B."""

_WEIGHTS = (7, 3, 1)
_FOREIGN = re.compile(r"[^0-9A-Z<]")
_STATE = re.compile(r"[A-Z]{1,3}<*")
_DATE = re.compile(r"(?:[0-9]{2}|<<){3}")

Sex = Literal["M", "F"]


@dataclass(frozen=True, slots=True)
class Zone:
    """What a zone says, fillers removed. Names are as the zone spells them: Latin, perhaps cut.

    `issuer` and `nationality` are codes of ICAO 9303-3 section 5: ISO 3166 alpha-3, and D, XXA, UNO and more.
    `personal_number` is the optional data beside the number (TD1, TD2) or the personal number (TD3); `optional` is
    the second field of TD1. `name_maybe_cut`: the name fills its field, so it may go on in the printed part.
    """

    document_type: str
    issuer: str
    surname: str
    given_names: str | None
    number: str
    nationality: str
    birth: PartialDate
    sex: Sex | None
    expires: PartialDate
    personal_number: str | None
    optional: str | None = None
    format: Format = Format.TD3
    name_maybe_cut: bool = False


def check_digit(chars: str) -> str:
    """The check digit of `chars`: weights 7-3-1, modulo 10, A=10 to Z=35, `<`=0 (ICAO 9303-3, section 4.9).

    The same for TD1, TD2 and TD3. Raises `ValueError` for a character no zone may hold.
    """
    if _FOREIGN.search(chars):
        raise ValueError("not a character of a machine-readable zone")
    values = (0 if char == FILLER else int(char, 36) for char in chars)
    return str(sum(value * _WEIGHTS[place % 3] for place, value in enumerate(values)) % 10)


def parse(text: str) -> Zone:
    """Read a zone, its format told by the lengths of its lines. Case, spaces and line ends do not matter.

    Nothing else is repaired: a wrong scan is to be scanned again, not guessed at. Raises `MrzError`.
    """
    layout, lines = lines_of(text)
    if lines[0][0] not in layout.kinds:
        raise layout.fault("document_type", "another letter than this format has", Span(0, 0, 1))
    number, rest = _number(layout, lines)
    _verify(layout, lines, "birth_date", layout.birth)
    _verify(layout, lines, "expiry_date", layout.expires)
    if layout.optional_checked and not (_empty(rest) and layout.optional.after(lines) == FILLER):
        _verify(layout, lines, "personal_number", layout.optional)
    if check_digit(layout.composed(lines)) != layout.composite.of(lines):
        raise layout.fault("composite", "check digit does not match", layout.composite)
    if _empty(number):
        raise layout.fault("number", "missing", layout.number)
    surname, given_names = _names(layout, lines)
    return Zone(
        document_type=lines[0][:2].rstrip(FILLER),
        issuer=_state(layout, lines, "issuer", layout.issuer),
        surname=surname,
        given_names=given_names,
        number=number.rstrip(FILLER),
        nationality=_state(layout, lines, "nationality", layout.nationality),
        birth=_date(layout, lines, "birth_date", layout.birth),
        sex=_sex(layout, lines),
        expires=_date(layout, lines, "expiry_date", layout.expires),
        personal_number=rest.strip(FILLER) or None,
        optional=layout.second_optional.of(lines).strip(FILLER) or None if layout.second_optional else None,
        format=layout.format,
        name_maybe_cut=layout.name.of(lines)[-1] != FILLER,
    )


def build(zone: Zone) -> str:
    """The lines that say `zone`, with their check digits. For demonstrations and tests: documents of nobody.

    Apostrophes vanish, a hyphen becomes a filler, a name too long is cut. `MrzError` for what no zone can say.
    """
    layout = LAYOUTS[zone.format]
    rows = [list(FILLER * layout.width) for _ in range(layout.lines)]

    def put(span: Span, text: str, field: str, *, checked: bool = False) -> None:
        if _FOREIGN.search(text) or len(text) > span.length:
            raise layout.fault(field, "does not fit", span)
        padded = text.ljust(span.length, FILLER)
        rows[span.line][span.start : span.end] = padded
        if checked:
            rows[span.line][span.end] = check_digit(padded)

    number, optional = zone.number, zone.personal_number or ""
    if not re.fullmatch(r"[0-9A-Z]+", number):
        raise layout.fault("number", "expected letters or digits", layout.number)
    if len(number) > NUMBER_LENGTH and not layout.optional_checked:
        rest = number[NUMBER_LENGTH:] + check_digit(number)
        put(layout.number, number[:NUMBER_LENGTH], "number")
        put(layout.optional, f"{rest}<{optional}" if optional else rest, "number")
    else:
        put(layout.number, number, "number", checked=True)
        put(layout.optional, optional, "personal_number", checked=layout.optional_checked and bool(optional))
    put(Span(0, 0, 2), zone.document_type, "document_type")
    put(layout.issuer, zone.issuer, "issuer")
    put(layout.nationality, zone.nationality, "nationality")
    put(layout.birth, _date_chars(zone.birth), "birth_date", checked=True)
    put(layout.expires, _date_chars(zone.expires), "expiry_date", checked=True)
    put(layout.sex, zone.sex or FILLER, "sex")
    if layout.second_optional:
        put(layout.second_optional, zone.optional or "", "optional")
    names = "<<".join(_name_chars(name) for name in (zone.surname, zone.given_names) if name)
    put(layout.name, names[: layout.name.length], "name")
    lines = ["".join(row) for row in rows]
    rows[layout.composite.line][layout.composite.start] = check_digit(layout.composed(lines))
    text = "\n".join("".join(row) for row in rows)
    parse(text)
    return text


def renew(lines: str, number: str, expires: date | None = None) -> str:
    """The same zone with document number `number` (1 to 9 of A-Z, 0-9) and the check digits that follow; with another
    last day, where one is given.

    For demonstrations and tests, which need many valid documents of nobody. Raises `MrzError`.
    """
    zone = parse(lines)
    last = PartialDate(expires.year % 100, expires.month, expires.day) if expires else zone.expires
    return build(replace(zone, number=number, expires=last))


def _number(layout: Layout, lines: list[str]) -> tuple[str, str]:
    """The document number, and the optional data without the part of a long number (9303-5 and -6, note j)."""
    number, rest = layout.number.of(lines), layout.optional.of(lines)
    if layout.optional_checked or layout.number.after(lines) != FILLER or _empty(number):
        _verify(layout, lines, "number", layout.number)
        return number, rest
    more, _, other = rest.partition(FILLER)
    whole = number + more[:-1]
    if len(more) < len("00") or FILLER in number or check_digit(whole) != more[-1]:
        raise layout.fault("number", "check digit does not match", layout.number)
    return whole, other


def _empty(field: str) -> bool:
    return not field.strip(FILLER)


def _verify(layout: Layout, lines: list[str], field: str, span: Span) -> None:
    if check_digit(span.of(lines)) != span.after(lines):
        raise layout.fault(field, "check digit does not match", span)


def _state(layout: Layout, lines: list[str], field: str, span: Span) -> str:
    code = span.of(lines)
    if not _STATE.fullmatch(code):
        raise layout.fault(field, "expected one to three letters", span)
    return code.rstrip(FILLER)


def _date(layout: Layout, lines: list[str], field: str, span: Span) -> PartialDate:
    chars = span.of(lines)
    if not _DATE.fullmatch(chars):
        raise layout.fault(field, "each part must be two digits or two fillers", span)
    year2, month, day = (None if part == "<<" else int(part) for part in (chars[:2], chars[2:4], chars[4:]))
    try:
        return PartialDate(year2, month, day)
    except ValueError:
        raise layout.fault(field, "no such date", span) from None


def _date_chars(date: PartialDate) -> str:
    return "".join("<<" if part is None else f"{part:02}" for part in (date.year2, date.month, date.day))


def _sex(layout: Layout, lines: list[str]) -> Sex | None:
    char = layout.sex.of(lines)
    if char not in "MF<":
        raise layout.fault("sex", "expected M, F or <", layout.sex)
    return None if char == FILLER else cast("Sex", char)


def _names(layout: Layout, lines: list[str]) -> tuple[str, str | None]:
    """Surname and given names. A holder with one name has it as the surname, and no given name."""
    field, span = layout.name.of(lines), layout.name
    digit = re.search(r"[0-9]", field)
    if digit:
        raise layout.fault("name", "digits are not allowed", Span(span.line, span.start + digit.start(), span.end))
    surname, _, given_names = field.partition("<<")
    if _empty(surname):
        raise layout.fault("name", "missing", span)
    return _words(surname), _words(given_names) or None


def _words(field: str) -> str:
    return " ".join(field.replace(FILLER, " ").split())


def _name_chars(name: str) -> str:
    return re.sub(r"[\s-]+", FILLER, re.sub(r"['’ʻ]", "", name.strip()))
