"""The Migrant ID: a number without meaning, short enough to read out over a telephone.

Eleven random characters of Crockford's base 32 (no I, L, O, U) and one check character of ISO 7064 MOD 37,36,
shown as `XXXX-XXXX-XXXX`. It says nothing about its bearer and opens nothing by itself.
"""

import re
from collections.abc import Iterator

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_BYTES = 7

_ISO_7064 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BODY = 11
_SPACE: int = 1 << (5 * _BODY)
# Odd, so repeated steps pass through every body; large, so a step changes the leading characters too.
_STEP = 0x1E3779B97F4A7D
_LOOK_ALIKES = str.maketrans("ILO", "110")
_SHAPE = re.compile(f"[{ALPHABET}]{{{_BODY + 1}}}")


class MigrantIdError(ValueError):
    """Not a Migrant ID: a wrong length, a wrong character, or a check character that does not match."""


def make_migrant_id(rng_bytes: bytes) -> str:
    """A Migrant ID out of 7 random bytes, of which 55 bits count.

    A body is passed over, by a fixed step to the next, when its check character would be I, L, O or U, or
    when MOD 37,36 would miss an exchange of two neighbours. So every character of an ID is in `ALPHABET`,
    forgiving look-alikes is never ambiguous, and *every* single wrong character and adjacent exchange is
    caught. Two draws can meet, if rarely: the caller's unique key decides.
    Raises `ValueError` unless given exactly 7 bytes.
    """
    if len(rng_bytes) != RANDOM_BYTES:
        raise ValueError(f"expected {RANDOM_BYTES} random bytes")
    value = int.from_bytes(rng_bytes) % _SPACE
    while not _issuable(code := _with_check(value)):
        value = (value + _STEP) % _SPACE
    return _shown(code)


def check_migrant_id(text: str) -> str:
    """The ID as it is shown. Case, hyphens and white space do not matter; I and L are read as 1, O as 0.

    Raises `MigrantIdError`.
    """
    code = re.sub(r"[\s-]", "", text)
    code = code.upper().translate(_LOOK_ALIKES) if code.isascii() else ""
    if not _SHAPE.fullmatch(code):
        raise MigrantIdError("expected 12 letters or digits")
    if not _valid(code):
        raise MigrantIdError("the check character does not match")
    return _shown(code)


def _shown(code: str) -> str:
    return "-".join((code[:4], code[4:8], code[8:]))


def _with_check(value: int) -> str:
    body = "".join(ALPHABET[value >> shift & 31] for shift in range(5 * (_BODY - 1), -1, -5))
    return body + _ISO_7064[(1 - _doubled(_remainder(body))) % 36]


def _issuable(code: str) -> bool:
    return code[-1] in ALPHABET and not any(_valid(other) for other in _exchanges(code))


def _exchanges(code: str) -> Iterator[str]:
    for place in range(_BODY):
        if code[place] != code[place + 1]:
            yield code[:place] + code[place + 1] + code[place] + code[place + 2 :]


def _valid(code: str) -> bool:
    return _remainder(code) == 1


def _remainder(chars: str) -> int:
    """ISO 7064 clause 9.2.1, the hybrid system MOD 37,36: the remainder modulo 36 after `chars`."""
    remainder = 18
    for char in chars:
        remainder = (_doubled(remainder) + _ISO_7064.index(char)) % 36
    return remainder


def _doubled(remainder: int) -> int:
    return (remainder or 36) * 2 % 37
