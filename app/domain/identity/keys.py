"""When signing keys come and go. A key signs until the next one's time has come."""

from collections.abc import Sequence
from datetime import datetime

from app.domain.identity.terms import ACCESS_LIVES, KEY_AHEAD, KEY_OUTLIVES, KEY_SIGNS


def signing(starts: Sequence[datetime], now: datetime) -> int:
    """Which of the keys signs now, by when they begin to, ascending; the first one if none has begun."""
    begun = [place for place, start in enumerate(starts) if start <= now]
    return begun[-1] if begun else 0


def next_start(starts: Sequence[datetime], now: datetime) -> datetime | None:
    """When a key that is made now will begin to sign; None while it is too early to make one.

    Never before it has been published for `KEY_AHEAD`, however late the worker is.
    """
    due = starts[-1] + KEY_SIGNS
    return max(due, now + KEY_AHEAD) if due - KEY_AHEAD <= now else None


def over(starts: Sequence[datetime], now: datetime) -> int:
    """How many of the oldest keys have no living token left."""
    return sum(next_one + ACCESS_LIVES + KEY_OUTLIVES <= now for next_one in starts[1:])
