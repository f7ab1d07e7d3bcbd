from datetime import UTC, datetime, timedelta

# A Tuesday, 10:00 in Kazan: offices are open, and no holiday is near.
START = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)


class MovableClock:
    """The clock port for tests: stands still until it is moved."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)
