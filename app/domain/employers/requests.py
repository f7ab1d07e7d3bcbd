"""An employer's request for somebody's contacts, and what the employer sees of it.

A no looks like no answer, so that refusing costs nothing: until its term is over a request waits, whatever was said,
and afterwards there is nobody to be had. So a person is asked once for a vacancy, and never again for it.
"""

from datetime import datetime, timedelta
from enum import StrEnum

ANSWER_WITHIN = timedelta(days=14)
_ASKED_AT_LEAST = 10
_ASKED_AN_OPENING = 5


class CardStatus(StrEnum):
    """`shown` until the employer asks. `ended`: the person is gone or not to be found, or the term is over."""

    SHOWN = "shown"
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ENDED = "ended"


class Seen(StrEnum):
    """What the employer sees of a request."""

    WAITING = "waiting"
    AGREED = "agreed"
    NOT_AVAILABLE = "not_available"


def seen(status: CardStatus, expires_at: datetime, now: datetime, *, revealed: bool) -> Seen:
    """`revealed`: whether the person's consent to show their contacts lives."""
    if revealed:
        return Seen.AGREED
    if status is CardStatus.ACCEPTED or now >= expires_at:
        return Seen.NOT_AVAILABLE
    return Seen.WAITING


def answerable(status: CardStatus, expires_at: datetime | None, now: datetime) -> bool:
    """Whether the person can still say yes or no."""
    return status is CardStatus.ASKED and expires_at is not None and now < expires_at


def most_waiting(openings: int) -> int:
    """How many of a vacancy's requests may wait at once: nobody is asked who could not be taken on."""
    return max(_ASKED_AT_LEAST, _ASKED_AN_OPENING * openings)
