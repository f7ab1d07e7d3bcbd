"""How long somebody may stay without a visa: 90 days of each calendar year since 2025 (260-ФЗ of 8 August 2024)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

DAYS_A_YEAR = 90


@dataclass(frozen=True, slots=True)
class Stay:
    """From an entry to an exit, both days included. `left_on` None: still here, or never told."""

    entered_on: date
    left_on: date | None
    visa: bool


def days_without_visa(stays: Iterable[Stay], today: date) -> int:
    """Days of this calendar year, up to and with `today`, on which the person was here without a visa.

    A day on which they left and came again counts once. Of a stay whose end was never told, the next entry is taken
    for the end: better a day too many than one that is unlawful.
    """
    known = sorted(stays, key=lambda stay: (stay.entered_on, stay.left_on or date.max))
    first = date(today.year, 1, 1)
    spent: set[date] = set()
    for place, stay in enumerate(known):
        following = known[place + 1].entered_on if place + 1 < len(known) else today
        begin, end = max(stay.entered_on, first), min(stay.left_on or following, today)
        if not stay.visa:
            spent |= {begin + timedelta(days=n) for n in range((end - begin).days + 1)}
    return len(spent)


def days_left(stays: Iterable[Stay], today: date) -> int:
    return max(0, DAYS_A_YEAR - days_without_visa(stays, today))


def exit_missing(stays: Iterable[Stay]) -> bool:
    """Whether somebody came again without having told when they left."""
    return sum(stay.left_on is None for stay in stays) > 1
