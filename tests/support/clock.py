from datetime import UTC, datetime, timedelta

# A Tuesday, 10:00 in Kazan: offices are open, and no holiday is near.
START = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)


EARLIEST, LATEST = 6, 11
"""UTC: before 9:00 in Kazan people may not be woken, after 14:00 there may be too few places left for a test."""


def in_office_hours(at: datetime) -> datetime:
    """That moment, or the next 10:00 in Kazan on a weekday if it is night or the day is far gone."""
    at = at.astimezone(UTC)
    while not EARLIEST <= at.hour < LATEST or at.weekday() > 4:
        at = datetime.combine(at.date() + timedelta(days=at.hour >= EARLIEST), START.timetz())
    return at


class MovableClock:
    """The clock port for tests: stands still until it is moved. `at` may bear any zone; `now` is in UTC."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at.astimezone(UTC)

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)
