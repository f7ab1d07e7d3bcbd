"""What becomes of a document that two accounts gave."""

from datetime import timedelta
from enum import StrEnum

from app.domain.profiles.migrant_id import ALPHABET

CASE_LIVES = timedelta(days=30)
CODE_TRIES = 5
OPEN_CASES = 3
"""How many documents of others one person may claim at a time."""


class MergeStatus(StrEnum):
    """`joined`: one person, by the holder's own word or a clerk's. `rejected`: the holder says it is not them.

    `moved`: a clerk saw the passport in the claimant's hand, and the holder is somebody else.
    """

    PENDING = "pending"
    JOINED = "joined"
    REJECTED = "rejected"
    MOVED = "moved"


def make_code(rng_bytes: bytes) -> str:
    """`XXXX-XXXX` out of 5 random bytes, in Crockford's base 32."""
    value = int.from_bytes(rng_bytes)
    code = "".join(ALPHABET[value >> shift & 31] for shift in range(35, -1, -5))
    return f"{code[:4]}-{code[4:]}"


def read_code(text: str) -> str:
    """The code as it is kept: case, spaces and look-alikes do not matter."""
    code = "".join(text.upper().replace("-", "").split()).translate(str.maketrans("ILO", "110"))
    return f"{code[:4]}-{code[4:]}"
