"""The times that figures are about: whole weeks from Monday, whole months, and when each is told."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)
SETTLED = timedelta(hours=3)
"""So long after its last midnight what happened in a period is settled: the day's tickets and visits have ended."""


class Family(StrEnum):
    """Facts that are counted together. A fact is of one period of its family, told by when it was recorded, for good.

    `visits`: everybody who came to a point, or had a place there and did not. `journeys`: those who gave their first
    entry in that week, told three times as they get on. `permits`: those who may work since then. `moves`: those who
    had a visit in that month and one before it.
    """

    VISITS = "visits"
    JOURNEYS = "journeys"
    PERMITS = "permits"
    MOVES = "moves"

    @property
    def monthly(self) -> bool:
        return self is Family.MOVES

    @property
    def releases(self) -> tuple[int, ...]:
        """How many weeks after its end a period is told, and told again in parts."""
        return JOURNEY_WEEKS if self is Family.JOURNEYS else (0,)


JOURNEY_WEEKS = (3, 5, 13)
"""Three: most terms of law end in a week or two. Five: they have ended. Thirteen: so has a stay of ninety days."""


@dataclass(frozen=True, slots=True)
class Period:
    """From its first day to the day after its last."""

    family: Family
    starts_on: date

    @property
    def ends_on(self) -> date:
        if not self.family.monthly:
            return self.starts_on + WEEK
        return (self.starts_on.replace(day=1) + timedelta(days=32)).replace(day=1)

    @property
    def following(self) -> "Period":
        return Period(self.family, self.ends_on)

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Its first instant and the one after its last, where the region counts its days."""
        return midnight(self.starts_on, zone), midnight(self.ends_on, zone)

    def told_at(self, release: int, zone: ZoneInfo) -> datetime:
        """When a release (from 0) is due; what is recorded later does not change it."""
        return midnight(self.ends_on + self.family.releases[release] * WEEK, zone) + SETTLED


def period_of(family: Family, day: date) -> Period:
    """The period of that day."""
    return Period(family, day.replace(day=1) if family.monthly else day - timedelta(days=day.weekday()))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
