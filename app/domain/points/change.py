"""One change of a point's work, as people ask what it would do."""

from datetime import time

from app.domain.points.calendar import Hours


def check_change(counters: int, weekday: int | None, opens: time | None, closes: time | None) -> None:
    """Raises `ValueError` unless it is either more or fewer counters, or one more weekday with its hours."""
    if (weekday is None) == (counters == 0):
        raise ValueError("either counters or a weekday")
    if (weekday is None) != (opens is None) or (opens is None) != (closes is None):
        raise ValueError("a weekday has hours")
    if opens is not None and closes is not None:
        Hours(opens, closes)
