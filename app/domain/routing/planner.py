"""Plans a whole journey at once: exact, not greedy (app/decisions/0013-exact-planner.md)."""

from app.domain.routing.alternatives import others
from app.domain.routing.ground import Ground
from app.domain.routing.itineraries import itinerary
from app.domain.routing.itinerary import Itinerary, Plan, Reason, Why
from app.domain.routing.journey import Journey
from app.domain.routing.obstacles import missed, unplaced
from app.domain.routing.solving import Solution, best
from app.domain.routing.tours import Tours


def plan(journey: Journey, alternatives: int = 2) -> Plan:
    """The best itinerary by `Cost`, and up to `alternatives` truly different ones (other days or points).

    Alternatives miss no more deadlines and are no more days late than the best, leave out the same tasks, and end at
    most `LATER_AT_MOST` days after it. If not all tasks have a place, the others are planned.
    """
    ground = Ground(journey)
    found = best(ground)
    if found is None:
        return Plan((), unplaced(ground, 0, None))
    tours, first = found
    itineraries = [_shown(tours, first, first, Reason.BEST)]
    if alternatives > 0:
        for reason, other in others(tours, first):
            itineraries.append(_shown(tours, other, first, reason))
            if len(itineraries) > alternatives:
                break
    return Plan(tuple(itineraries), unplaced(ground, tours.active, first))


def _shown(tours: Tours, solution: Solution, first: Solution, reason: Reason) -> Itinerary:
    why = Why(
        reason=reason,
        outings_saved=len(first.chosen.tours) - len(solution.chosen.tours),
        minutes_saved=first.chosen.minutes - solution.chosen.minutes,
        days_later=solution.end - first.end,
    )
    return itinerary(tours, solution.chosen, why, missed(tours.ground, tours.active, solution))
