"""The machine-readable zone of a passport: TD3, two lines of 44 characters (ICAO 9303 parts 3 and 4)."""

import re
from dataclasses import dataclass
from typing import Literal, cast

from app.domain.profiles.dates import PartialDate

SPECIMEN_TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
"""The specimen of ICAO 9303-4, appendix B."""

FILLER = "<"

_LINE = 44
_WEIGHTS = (7, 3, 1)
_NUMBER_LENGTH = 9
_FOREIGN = re.compile(r"[^0-9A-Z<]")
_STATE = re.compile(r"[A-Z]{1,3}<*")
_DATE = re.compile(r"(?:[0-9]{2}|<<){3}")

Sex = Literal["M", "F"]


class MrzError(ValueError):
    """A zone that breaks ICAO 9303.

    `field` names the part at fault; `position` is its first character, counted from 0 over both lines run
    together, or `None` for the whole zone. Neither they nor the message hold what the document says.
    """

    def __init__(self, field: str, reason: str, position: int | None = None) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.position = position


@dataclass(frozen=True, slots=True)
class Zone:
    """What a zone says, fillers removed. Names are as the zone spells them: Latin, perhaps cut.

    `issuer` and `nationality` are codes of ICAO 9303-3 section 5: ISO 3166 alpha-3, and D, XXA, UNO and more.
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


def check_digit(chars: str) -> str:
    """The check digit of `chars`: weights 7-3-1, modulo 10, A=10 to Z=35, `<`=0 (ICAO 9303-3, section 4.9).

    The same for TD1, TD2 and TD3. Raises `ValueError` for a character no zone may hold.
    """
    if _FOREIGN.search(chars):
        raise ValueError("not a character of a machine-readable zone")
    values = (0 if char == FILLER else int(char, 36) for char in chars)
    return str(sum(value * _WEIGHTS[place % 3] for place, value in enumerate(values)) % 10)


def parse_td3(text: str) -> Zone:
    """Read a TD3 zone: two lines of 44 characters parted by white space, or 88 run together, in either case.

    Nothing else is repaired: a wrong scan is to be scanned again, not guessed at. Raises `MrzError`.
    """
    upper, lower = _lines(text)
    if upper[0] != "P":
        raise MrzError("document_type", "not a passport", 0)
    _verify(lower, "number", 0, 9)
    _verify(lower, "birth_date", 13, 19)
    _verify(lower, "expiry_date", 21, 27)
    if not (_empty(lower[28:42]) and lower[42] == FILLER):
        _verify(lower, "personal_number", 28, 42)
    if check_digit(_composite(lower)) != lower[43]:
        raise MrzError("composite", "check digit does not match", _LINE + 43)
    if _empty(lower[:9]):
        raise MrzError("number", "missing", _LINE)
    surname, given_names = _names(upper[5:])
    return Zone(
        document_type=upper[:2].rstrip(FILLER),
        issuer=_state(upper[2:5], "issuer", 2),
        surname=surname,
        given_names=given_names,
        number=lower[:9].rstrip(FILLER),
        nationality=_state(lower[10:13], "nationality", _LINE + 10),
        birth=_date(lower[13:19], "birth_date", _LINE + 13),
        sex=_sex(lower[20]),
        expires=_date(lower[21:27], "expiry_date", _LINE + 21),
        personal_number=lower[28:42].rstrip(FILLER) or None,
    )


def renew(lines: str, number: str) -> str:
    """The same zone with document number `number` (1 to 9 of A-Z, 0-9) and the check digits that follow.

    Returns two lines. For demonstrations and tests, which need many valid documents of nobody.
    Raises `MrzError`.
    """
    parse_td3(lines)
    upper, lower = _lines(lines)
    if not re.fullmatch(r"[0-9A-Z]{1,9}", number):
        raise MrzError("number", "expected 1 to 9 letters or digits", _LINE)
    padded = number.ljust(_NUMBER_LENGTH, FILLER)
    lower = padded + check_digit(padded) + lower[10:]
    return f"{upper}\n{lower[:43]}{check_digit(_composite(lower))}"


def _lines(text: str) -> tuple[str, str]:
    pieces = text.split()
    if [len(piece) for piece in pieces] not in ([_LINE, _LINE], [2 * _LINE]):
        raise MrzError("length", "expected two lines of 44 characters")
    zone = "".join(pieces)
    # Small letters are tested as such: upper() turns some foreign letters into Latin ones.
    foreign = re.search(r"[^0-9A-Za-z<]", zone)
    if foreign:
        raise MrzError("characters", "only A-Z, 0-9 and < are allowed", foreign.start())
    zone = zone.upper()
    return zone[:_LINE], zone[_LINE:]


def _empty(field: str) -> bool:
    return not field.strip(FILLER)


def _verify(lower: str, field: str, start: int, end: int) -> None:
    if check_digit(lower[start:end]) != lower[end]:
        raise MrzError(field, "check digit does not match", _LINE + start)


def _composite(lower: str) -> str:
    return lower[0:10] + lower[13:20] + lower[21:43]


def _state(code: str, field: str, position: int) -> str:
    if not _STATE.fullmatch(code):
        raise MrzError(field, "expected one to three letters", position)
    return code.rstrip(FILLER)


def _date(chars: str, field: str, position: int) -> PartialDate:
    if not _DATE.fullmatch(chars):
        raise MrzError(field, "each part must be two digits or two fillers", position)
    year2, month, day = (None if part == "<<" else int(part) for part in (chars[:2], chars[2:4], chars[4:]))
    try:
        return PartialDate(year2, month, day)
    except ValueError:
        raise MrzError(field, "no such date", position) from None


def _sex(char: str) -> Sex | None:
    if char not in "MF<":
        raise MrzError("sex", "expected M, F or <", _LINE + 20)
    return None if char == FILLER else cast("Sex", char)


def _names(field: str) -> tuple[str, str | None]:
    """Surname and given names. A holder with one name has it as the surname, and no given name."""
    digit = re.search(r"[0-9]", field)
    if digit:
        raise MrzError("name", "digits are not allowed", 5 + digit.start())
    surname, _, given_names = field.partition("<<")
    if _empty(surname):
        raise MrzError("name", "missing", 5)
    return _words(surname), _words(given_names) or None


def _words(field: str) -> str:
    return " ".join(field.replace(FILLER, " ").split())
