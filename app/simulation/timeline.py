"""Simulated time: minutes that have passed since day 0 began at the points, and what the calendar says of them."""

import datetime as dt
from bisect import bisect_right
from datetime import UTC, timedelta
from functools import cached_property

from app.domain.pathways.calendar import WorkCalendar, add_working_days, is_holiday
from app.domain.points.calendar import midnight
from app.simulation.scenario import Scenario

_ROUNDING = 1e-6
MARGIN_DAYS = 90
"""Calendars go on so long after the horizon: what is booked there comes too late, but can be booked."""


class Timeline:
    def __init__(self, scenario: Scenario) -> None:
        self.zone = scenario.zone
        self.calendar: WorkCalendar = scenario.calendar
        self.start = scenario.start
        self.days = scenario.horizon_days + MARGIN_DAYS
        self._zero = midnight(self.zone, self.start)
        self._midnights = [self.minute(midnight(self.zone, self.date(day))) for day in range(self.days + 1)]
        self._working: dict[tuple[int, int], int] = {}
        self.steady = all(self.midnight(day) == day * 1440 for day in range(self.days))
        """Whether no clock is changed."""
        self.end = self.midnight(scenario.horizon_days)

    @cached_property
    def holidays(self) -> frozenset[int]:
        return frozenset(day for day in range(self.days) if is_holiday(self.date(day), self.calendar))

    def date(self, day: int) -> dt.date:
        return self.start + timedelta(days=day)

    def day_of_date(self, day: dt.date) -> int:
        return (day - self.start).days

    def midnight(self, day: int) -> float:
        """When a day begins. Beyond the calendars' end days have 24 hours."""
        if day <= self.days:
            return self._midnights[day]
        return self._midnights[-1] + (day - self.days) * 1440

    def day(self, minute: float) -> int:
        """The local day, counted from 0."""
        return bisect_right(self._midnights, minute + _ROUNDING) - 1

    def minute(self, instant: dt.datetime) -> float:
        return (instant - self._zero).total_seconds() / 60

    def instant(self, minute: float) -> dt.datetime:
        """In UTC."""
        return self._zero.astimezone(UTC) + timedelta(minutes=minute)

    def after_working_days(self, day: int, count: int) -> int:
        """The day on which a term of so many working days that began on `day` ends."""
        if not count:
            return day
        if (day, count) not in self._working:
            ends = add_working_days(self.date(day), count, self.calendar)
            self._working[day, count] = self.day_of_date(ends)
        return self._working[day, count]
