"""Ratings of visits: until when one can be given and changed, and what is told of a month of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

WORST, BEST = 1, 5
GIVEN_WITHIN: Final = timedelta(days=60)
"""So long after a visit it can be rated."""
CHANGED_WITHIN: Final = timedelta(days=7)
"""So long after it was given a rating can be changed."""
FEWEST_PEOPLE: Final = 10
"""Of a month that fewer people rated nothing is told."""
LONGEST_COMMENT = 2000


@dataclass(frozen=True, slots=True)
class Rated:
    """One rating, as a month counts it."""

    person: object
    stars: int


@dataclass(frozen=True, slots=True)
class MonthFigure:
    """`mean` with one decimal."""

    people: int
    mean: float


def open_until(completed_at: datetime, given_at: datetime | None) -> datetime:
    """The instant from which the rating stands as it is; `given_at` None where there is none yet."""
    return completed_at + GIVEN_WITHIN if given_at is None else given_at + CHANGED_WITHIN


def closed_before(now: datetime, zone: ZoneInfo) -> date:
    """The first day of the first month that is still open. What was given in a month before can change no more."""
    return (now - CHANGED_WITHIN).astimezone(zone).date().replace(day=1)


def figure(ratings: Sequence[Rated]) -> MonthFigure | None:
    """What is told of a point's closed month; None of one that fewer than ten people rated.

    A person counts once, with the mean of what they gave: nobody makes a crowd of ten by ten visits.
    """
    given: dict[object, list[int]] = {}
    for one in ratings:
        given.setdefault(one.person, []).append(one.stars)
    if len(given) < FEWEST_PEOPLE:
        return None
    means = [sum(stars) / len(stars) for stars in given.values()]
    return MonthFigure(len(given), round(sum(means) / len(means), 1))
