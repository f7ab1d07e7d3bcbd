"""The states of a consent (ISO/IEC TS 27560:2023), and which follow which."""

from enum import StrEnum


class ConsentStatus(StrEnum):
    REQUESTED = "requested"
    GIVEN = "given"
    REFUSED = "refused"
    INVALIDATED = "invalidated"
    RENEWED = "renewed"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    EXPIRED = "expired"


LIVE = frozenset({ConsentStatus.GIVEN, ConsentStatus.RENEWED})
"""In which it allows something, until it expires."""

_ENDS = frozenset({ConsentStatus.WITHDRAWN, ConsentStatus.REVOKED, ConsentStatus.EXPIRED})
FOLLOWING = {
    None: frozenset({ConsentStatus.REQUESTED}),
    ConsentStatus.REQUESTED: frozenset({ConsentStatus.GIVEN, ConsentStatus.REFUSED, ConsentStatus.INVALIDATED}),
    ConsentStatus.GIVEN: _ENDS | {ConsentStatus.RENEWED},
    # A term that was renewed comes to its end like the first, and is renewed like it.
    ConsentStatus.RENEWED: _ENDS | {ConsentStatus.RENEWED},
}
"""What may come after what; None is before a record begins. What is not here is terminal: nothing comes after it.

*Withdrawn* is the person's word, *revoked* the controller's, *invalidated* the end of a request that nobody answered.
"""

TERMINAL = frozenset(ConsentStatus) - FOLLOWING.keys()
ANSWERED = frozenset(ConsentStatus) - {ConsentStatus.REQUESTED}


def may_follow(before: ConsentStatus | None, status: ConsentStatus) -> bool:
    return status in FOLLOWING.get(before, frozenset())
