"""Dates as documents state them: parts may be unknown, and the machine-readable zone gives no century."""

import calendar
from dataclasses import dataclass
from datetime import date

_LEAP_YEAR = 2000


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of the zone, `None` for each part that it leaves unknown (ICAO 9303-3, section 4.8).

    `year2` holds the last two digits only, 0 to 99. The birth's century cannot be told from the zone, so
    nothing here turns these digits into a full year of birth. Raises `ValueError` if no year has such a day.
    """

    year2: int | None
    month: int | None
    day: int | None

    def __post_init__(self) -> None:
        in_range = (
            (self.year2 is None or 0 <= self.year2 <= 99)  # noqa: PLR2004
            and (self.month is None or 1 <= self.month <= 12)  # noqa: PLR2004
            and (self.day is None or 1 <= self.day <= self._longest_month())
        )
        if not in_range:
            raise ValueError("no such date")

    def _longest_month(self) -> int:
        """Days of the month; the longest that fits when the year or the month is unknown."""
        year = _LEAP_YEAR if self.year2 is None else _LEAP_YEAR + self.year2
        return 31 if self.month is None else calendar.monthrange(year, self.month)[1]


def expiry_year(year2: int, *, today: date) -> int:
    """The full year nearest to `today` that ends in `year2`, from 50 years back to 49 ahead.

    Good for an expiry only: a travel document lives 15 years at the most, a person may live a hundred.
    """
    earliest = today.year - 50
    return earliest + (year2 - earliest) % 100


def expiry_date(expires: PartialDate, *, today: date) -> date | None:
    """The last day of a document, or `None` when the zone leaves a part of it unknown."""
    if expires.year2 is None or expires.month is None or expires.day is None:
        return None
    try:
        return date(expiry_year(expires.year2, today=today), expires.month, expires.day)
    except ValueError:  # 29 February of 1900 or 2100, which the two digits could not rule out
        return None
