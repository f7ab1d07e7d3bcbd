"""Working days and terms by the official production calendar, moved weekends included.

The day of the anchor is day 0 (Civil Code of Russia, art. 191: a term runs from the day after the event), so
a term of N days from entry ends on entry + N. A last day that is not a working day is *not* moved to the next
working day: whether migration law allows that is disputed, and an early warning does no harm.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import holidays


class Unit(StrEnum):
    """What a term is counted in."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time as a law states it: `amount` of `unit`, 0 or more."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("a term cannot be negative")


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """A country's production calendar (ISO 3166 alpha-2) and a region's own days off.

    `days_off` are single days, `yearly` the same (month, day) each year. Raises `ValueError` for a country without
    a calendar. Where the year's decree on moved weekends is not published yet, the calendar knows the holidays only.
    """

    country: str
    days_off: frozenset[date] = frozenset()
    yearly: frozenset[tuple[int, int]] = frozenset()

    def __post_init__(self) -> None:
        if self.country not in holidays.list_supported_countries():
            raise ValueError("no production calendar for this country")

    def is_own_day_off(self, day: date) -> bool:
        return day in self.days_off or (day.month, day.day) in self.yearly


def is_working_day(day: date, calendar: WorkCalendar) -> bool:
    return day in _working_days(calendar.country, day.year) and not calendar.is_own_day_off(day)


def is_holiday(day: date, calendar: WorkCalendar) -> bool:
    """Whether it is a public holiday, a day off moved from one, or one of the calendar's own days off."""
    return day in _holidays(calendar.country) or calendar.is_own_day_off(day)


def add_working_days(start: date, count: int, calendar: WorkCalendar) -> date:
    """The `count`-th working day after `start`, which itself does not count. A count of 0 gives `start`."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day, calendar)
    return day


def add_months(start: date, count: int) -> date:
    """The same day `count` months on, or that month's last day: 31 January + 1 month = 28 February."""
    years, month = divmod(start.month - 1 + count, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def due(anchor: date, term: Term, calendar: WorkCalendar) -> date:
    """The last day of a term that began with what happened on `anchor`."""
    if term.unit is Unit.DAYS:
        return anchor + timedelta(days=term.amount)
    if term.unit is Unit.WORKING_DAYS:
        return add_working_days(anchor, term.amount, calendar)
    return add_months(anchor, term.amount)


@lru_cache(maxsize=128)
def _working_days(country: str, year: int) -> frozenset[date]:
    # The neighbours too: a day off may be moved across the year's end. All years are named beforehand, since
    # the library looks for moved working Saturdays without first loading the year that they are in.
    official = holidays.country_holidays(country, years=(year - 1, year, year + 1), expand=False)
    first = date(year, 1, 1)
    days = (first + timedelta(days=offset) for offset in range(366))
    return frozenset(day for day in days if official.is_working_day(day))


@lru_cache
def _holidays(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)
