"""The months (UTC) that samples are kept in, each a partition of its own."""

from datetime import UTC, datetime, timedelta

AHEAD = timedelta(days=62)
"""So far ahead there is a partition already: whole months pass without a worker before one is missed."""


def months(now: datetime, keep: timedelta) -> tuple[datetime, datetime]:
    """The first instants of the oldest month in which something may still be kept, and of the newest to be ready."""
    return _month(now - keep), _month(now + AHEAD)


def _month(at: datetime) -> datetime:
    return datetime(at.astimezone(UTC).year, at.astimezone(UTC).month, 1, tzinfo=UTC)
