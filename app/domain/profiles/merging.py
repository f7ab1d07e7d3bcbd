"""What becomes of a document that two accounts gave."""

from datetime import timedelta
from enum import StrEnum

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
