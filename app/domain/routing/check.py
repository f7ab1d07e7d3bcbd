"""Whether visits keep every hard rule: told without the planner, for plans and for what is to be booked."""

from collections.abc import Sequence

from app.domain.routing.itinerary import Violation, Visit
from app.domain.routing.journey import Journey


def check(journey: Journey, visits: Sequence[Visit]) -> list[Violation]:
    """Every hard rule that the visits break; empty if none. Tasks that are left out, and late ones, break none."""
    raise NotImplementedError
