"""What else a person might like: fewer days out, less travel, or other days than the best plan's."""

from collections.abc import Iterator, Sequence

from app.domain.routing.ground import NEVER, bits
from app.domain.routing.groups import Chosen, cheapest
from app.domain.routing.itinerary import Reason
from app.domain.routing.solving import Solution, in_time, solve
from app.domain.routing.soonest import Soonest
from app.domain.routing.tours import Tours

LATER_AT_MOST = 14
"""Days by which an alternative may end after the best itinerary."""
LEAST_SAVING, LEAST_SHARE = 15, 10
"""Less travel is told of from so many minutes on, and from one part in so many of the best's."""


def others(tours: Tours, best: Solution) -> Iterator[tuple[Reason, Solution]]:
    """Truly different plans, no later in all than the best: what a person may rather want first.

    Each is the best of its kind: the fewest days out, then the earliest end, then the least travel; the least
    travel, then few days out, then the earliest end; and the best by the common order on other days.
    """
    taken = [_places(best)]
    for reason, found in (
        (Reason.FEWER_OUTINGS, fewer_outings),
        (Reason.LESS_TRAVEL, less_travel),
        (Reason.OTHER_DAYS, other_days),
    ):
        solution = found(tours, best)
        if solution and (places := _places(solution)) not in taken:
            taken.append(places)
            yield reason, solution


def _places(solution: Solution) -> frozenset[tuple[int, int, int]]:
    """(task, day, point) of every visit."""
    return frozenset((stop.task, tour.day, stop.row.point) for tour in solution.chosen.tours for stop in tour.stops)


def fewer_outings(tours: Tours, best: Solution) -> Solution | None:
    if len(best.chosen.tours) < 2:  # noqa: PLR2004 - one day out is the fewest
        return None
    days = _days(tours, best, best.end + LATER_AT_MOST)
    for outings in range(1, len(best.chosen.tours)):
        found = cheapest(tours, days, outings, best.lateness)
        if found:
            return _soonest(tours, best, found, NEVER)
    return None


def less_travel(tours: Tours, best: Solution) -> Solution | None:
    minutes = best.chosen.minutes
    below = minutes - max(LEAST_SAVING, -(-minutes // LEAST_SHARE)) + 1
    days = _days(tours, best, best.end + LATER_AT_MOST)
    least: Chosen | None = None
    for outings in range(1, len(best.chosen.tours) + 1):
        found = cheapest(tours, days, outings, best.lateness, below)
        if found:
            least, below = found, found.minutes
    return _soonest(tours, best, least, least.minutes + 1) if least else None


def other_days(tours: Tours, best: Solution) -> Solution | None:
    ground = tours.ground
    used = sum(1 << tour.day for tour in best.chosen.tours)
    until = (1 << (best.end + LATER_AT_MOST + 1)) - 1
    days = [each & until & (-1 if ground.kept >> i & 1 else ~used) for i, each in enumerate(ground.days)]
    if not all(days[i] for i in bits(tours.active)):
        return None
    return solve(tours, days, best.lateness)


def _days(tours: Tours, best: Solution, end: int) -> Sequence[int]:
    return in_time(tours, tours.ground.days, Soonest(best.lateness, end)) or [0] * len(tours.ground.tasks)


def _soonest(tours: Tours, best: Solution, found: Chosen, below: int) -> Solution:
    """The earliest end with as many days out and fewer minutes than `below`, and of these the least travel."""
    outings = len(found.tours)
    low, high = best.end, max(tour.day for tour in found.tours)
    while low < high:
        middle = (low + high) // 2
        sooner = cheapest(tours, _days(tours, best, middle), outings, best.lateness, below)
        if sooner:
            found, high = sooner, max(tour.day for tour in sooner.tours)
        else:
            low = middle + 1
    return Solution(best.lateness, high, found)
