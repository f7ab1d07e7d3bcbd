"""Numbers with check digits that Russia and Kazakhstan give to a person.

INN: order of the tax service ЕД-7-14/559@ (2020). SNILS: order of the pension fund 192п (2006). ИИН: resolution of
Kazakhstan's government 853 (2013).
"""

import re
from enum import StrEnum

_INN_FIRST = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_SECOND = (3, *_INN_FIRST)
_IIN_FIRST = tuple(range(1, 12))
_IIN_SECOND = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_SNILS_UNCHECKED = 1_001_998
"""Up to this number, insurance numbers were given without a check."""


class NumberKind(StrEnum):
    INN = "inn"
    SNILS = "snils"
    KZ_IIN = "kz_iin"


class NumberError(ValueError):
    """Not such a number: wrong length, or a check digit that does not match. Does not hold the number."""


def check_number(kind: NumberKind, text: str) -> str:
    """The number's digits. Spaces and hyphens do not matter. Raises `NumberError`."""
    digits = re.sub(r"[\s-]", "", text)
    length = 11 if kind is NumberKind.SNILS else 12
    if not re.fullmatch(r"[0-9]+", digits) or not digits.isascii() or len(digits) != length:
        raise NumberError(f"expected {length} digits")
    if not _CHECKS[kind](digits):
        raise NumberError("check digit does not match")
    return digits


def _sum(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _inn(digits: str) -> bool:
    first, second = _sum(digits, _INN_FIRST) % 11 % 10, _sum(digits, _INN_SECOND) % 11 % 10
    return digits[10:] == f"{first}{second}"


def _snils(digits: str) -> bool:
    if int(digits[:9]) <= _SNILS_UNCHECKED:
        return int(digits[:9]) > 0
    check = _sum(digits, tuple(range(9, 0, -1))) % 101 % 100
    return digits[9:] == f"{check:02}"


def _kz_iin(digits: str) -> bool:
    """The second row of weights is used when the first gives 10; a number for which both do is never given."""
    check = _sum(digits, _IIN_FIRST) % 11
    if check == 10:  # noqa: PLR2004
        check = _sum(digits, _IIN_SECOND) % 11
    return digits[11] == str(check)


_CHECKS = {NumberKind.INN: _inn, NumberKind.SNILS: _snils, NumberKind.KZ_IIN: _kz_iin}
