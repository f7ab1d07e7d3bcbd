"""How long offers stand, and how far they go."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class Cause(StrEnum):
    """Why somebody is to be offered another place, the most pressing first."""

    CLOSED = "closed"
    """A change of plan, or a point that closed, has left their visit without a counter or a service."""
    BEHIND = "behind"
    """Their point is so late that it will call them long after their time."""
    ASKED = "asked"
    """They asked for an earlier time."""


class EntryStatus(StrEnum):
    """Of somebody on the waitlist: served when they took an offer, ended when nothing is sought for them any more."""

    WAITING = "waiting"
    SERVED = "served"
    ENDED = "ended"


class OfferStatus(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


def _stands() -> dict[Cause, timedelta]:
    return {
        Cause.CLOSED: timedelta(hours=2),
        Cause.BEHIND: timedelta(minutes=20),
        Cause.ASKED: timedelta(minutes=30),
    }


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """`stands`: so long the places of an offer are kept. `notice`: less than that to choose is not worth an offer.

    `most`: after so many offers that were not taken no more are made. Other points are the `nearest` so many, and no
    farther than `far` minutes from the one that was booked. `late`: a point is behind when half of the outcomes are
    that somebody is called so long after their time.
    """

    stands: dict[Cause, timedelta] = field(default_factory=_stands)
    notice: timedelta = timedelta(minutes=15)
    most: int = 5
    nearest: int = 12
    far: int = 120
    late: timedelta = timedelta(minutes=45)
