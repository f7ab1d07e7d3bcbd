"""How much one person may take, so that nobody keeps places from others. Generous: help is the rule, these the edge."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.bookings.booking import Booked
from app.domain.bookings.status import BookingStatus

MOST_TOGETHER = 6
"""So many of one family are booked together at most."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`lead`: a place is taken at least this long before it begins. `to_come`: holds and visits to come, together.

    `changes`: moves and cancellations of one step within `changes_within`; the next is possible when the oldest of
    them is that long ago.
    """

    lead: timedelta = timedelta(minutes=10)
    to_come: int = 10
    changes: int = 6
    changes_within: timedelta = timedelta(days=1)


def to_come(bookings: Iterable[Booked], now: datetime) -> int:
    """Visits to come and holds that have not run out."""
    return sum(booking.live or booking.holds_at(now) for booking in bookings)


def changes_left(limits: Limits, bookings: Iterable[Booked], step: str, now: datetime) -> int:
    """How many more times the step's visit may be moved or cancelled. `bookings`: all that changed lately."""
    since = now - limits.changes_within
    made = [at for booking in bookings if booking.step == step for at in _changes(booking) if at > since]
    return limits.changes - len(made)


def _changes(booking: Booked) -> tuple[datetime, ...]:
    """When its person moved or cancelled it."""
    return (*booking.moved_at, *([booking.changed_at] if booking.status is BookingStatus.CANCELLED else ()))
