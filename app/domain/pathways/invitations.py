"""A person invites their host to confirm a step: the code that goes from phone to phone, and what the host sees."""

from collections.abc import Sequence
from datetime import timedelta

LIVES = timedelta(days=7)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter looks like a digit. Eight of them are 40 bits, and a code is open for days only."""
LENGTH = 8
_LOOKALIKES = str.maketrans("OIL", "011")


def written(numbers: Sequence[int]) -> str:
    """The code from eight numbers below 32, as it is shown: `7K2M-90QX`."""
    text = "".join(ALPHABET[number] for number in numbers)
    return f"{text[:4]}-{text[4:]}"


def read(code: str) -> str | None:
    """The code as somebody types it, in one form; None for what cannot be one."""
    text = "".join(code.upper().translate(_LOOKALIKES).replace("-", " ").split())
    return text if len(text) == LENGTH and set(text) <= set(ALPHABET) else None


def short_name(name: str) -> str:
    """A first name and an initial, `AZIZ K.`, of a name that is given names first; who has one name keeps it."""
    first, *others = name.split() or [""]
    return f"{first} {others[-1][0]}." if others else first
