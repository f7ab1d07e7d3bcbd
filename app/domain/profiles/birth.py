"""A birth date as the person states it: with its century, and parts of it perhaps unknown."""

import calendar
from dataclasses import dataclass
from datetime import date

from app.domain.profiles.dates import PartialDate

LONGEST_LIFE = 130
MAJORITY = 18


@dataclass(frozen=True, slots=True)
class BirthDate:
    """Year, month and day, each perhaps unknown; never filled in with 1 January.

    Raises `ValueError` if no year has such a day, or nothing is known at all.
    """

    year: int | None
    month: int | None
    day: int | None

    def __post_init__(self) -> None:
        if self.year is None and self.month is None and self.day is None:
            raise ValueError("nothing is known")
        # A leap year: 29 February is a birthday where the year is unknown.
        PartialDate(None if self.year is None else self.year % 100, self.month, self.day)
        if self.year and self.month and self.day:
            date(self.year, self.month, self.day)

    def plausible(self, today: date) -> bool:
        """Not ahead, and of somebody who can be alive."""
        if self.year is None:
            return True
        earliest = (self.year, self.month or 1, self.day or 1)
        return today.year - LONGEST_LIFE <= self.year and earliest <= (today.year, today.month, today.day)

    def agrees(self, zone: PartialDate) -> bool:
        """Whether no part that both know differs."""
        year2 = None if self.year is None else self.year % 100
        pairs = ((year2, zone.year2), (self.month, zone.month), (self.day, zone.day))
        return all(ours is None or theirs is None or ours == theirs for ours, theirs in pairs)

    def majority(self) -> date | None:
        """The day on which the person is of age; where parts are unknown, the last day that it can be.

        Born on 29 February: on 1 March of a year without one.
        """
        if self.year is None:
            return None
        year, month = self.year + MAJORITY, self.month or 12
        day = self.day or calendar.monthrange(year, month)[1]
        if day > calendar.monthrange(year, month)[1]:
            return date(year, month + 1, 1)
        return date(year, month, day)

    def is_minor(self, today: date) -> bool:
        """False when the year is unknown: nobody acts for a person who may be of age."""
        comes_of_age = self.majority()
        return comes_of_age is not None and today < comes_of_age
