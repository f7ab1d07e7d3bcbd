"""Plans a whole journey at once: exact, not greedy."""

from app.domain.routing.itinerary import Plan
from app.domain.routing.journey import Journey

LATER_AT_MOST = 14
"""Days by which an alternative may end after the best itinerary."""


def plan(journey: Journey, alternatives: int = 2) -> Plan:
    """The best itinerary by `Cost`, and up to `alternatives` truly different ones (other days or points).

    Alternatives miss no more deadlines and are no more days late than the best, leave out the same tasks, and end at
    most `LATER_AT_MOST` days after it. If not all tasks have a place, the others are planned.
    """
    raise NotImplementedError
