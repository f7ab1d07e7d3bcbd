"""Visits: load, waits and no-shows of each point, service and hour."""

from collections.abc import Sequence

from app.domain.disclosure.opening import Question, Where, asked
from app.domain.figures.ground import Ground

COLUMNS = ("municipality", "point", "outcome", "service", "hour", "timed", "wait")
OUTCOMES = ("came", "missed", "left")
"""`missed`: had a place and did not come. `left`: joined the line without one, and went before they were called."""
WAITS: dict[str, tuple[float, float]] = {
    "under_5": (0, 5),
    "5_to_15": (5, 15),
    "15_to_30": (15, 30),
    "30_to_60": (30, 60),
    "over_60": (60, 180),
}
"""Minutes from check-in, or from the booked time if that is later, to the call."""
UNKNOWN = "unknown"


def wait_of(minutes: float | None) -> str:
    """Who is called before their time has not waited."""
    if minutes is None:
        return UNKNOWN
    return next((name for name, (_, most) in WAITS.items() if minutes < most), "over_60")


def questions(ground: Ground) -> Sequence[Question]:
    """In the order in which cells are opened."""

    def timed(where: Where) -> Sequence[str] | None:
        return ("yes", "no") if where.get("outcome", ("came",)) == ("came",) else None

    def wait(where: Where) -> Sequence[str] | None:
        return tuple(WAITS) if where.get("timed") == ("yes",) else None

    return (
        asked("municipality", *ground.municipalities),
        Question("point", ground.points),
        asked("outcome", *OUTCOMES),
        Question("service", ground.services),
        Question("hour", ground.hours),
        Question("timed", timed),
        Question("wait", wait),
    )
