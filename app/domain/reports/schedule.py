"""When a report is due again."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Rhythm(StrEnum):
    """DAILY; WEEKLY on Mondays, MONTHLY on the first, about the time that has just ended."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class ReportFormat(StrEnum):
    PDF = "pdf"
    XLSX = "xlsx"


LAPSES_AFTER = timedelta(hours=12)
"""A report that could not be sent for so long is not sent any more: the next one tells the same and newer."""
CODE_LIVES = timedelta(hours=1)
CODE_TRIES = 5
CODE_DIGITS = 8
MOST_SUBSCRIPTIONS = 10
"""Of one operator."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """At the full `hour` (0 to 23) by the region's clocks."""

    rhythm: Rhythm
    hour: int

    def next_due(self, after: datetime, zone: ZoneInfo) -> datetime:
        """The first due time later than `after`, in UTC. What was missed meanwhile is not made up for.

        An hour that a change of the clocks leaves out is the one after it; of one that comes twice it is the first.
        """
        day = after.astimezone(zone).date()
        while True:
            due = datetime.combine(day, time(self.hour), zone).astimezone(UTC)
            if due > after and self._is_day(day):
                return due
            day += timedelta(days=1)

    def _is_day(self, day: date) -> bool:
        match self.rhythm:
            case Rhythm.DAILY:
                return True
            case Rhythm.WEEKLY:
                return day.weekday() == 0
            case Rhythm.MONTHLY:
                return day.day == 1
