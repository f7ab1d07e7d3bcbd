"""From what the search found to itineraries that can be shown and booked."""

from collections.abc import Sequence
from itertools import pairwise

from app.domain.routing.ground import ONE_MISSED, bits
from app.domain.routing.groups import Chosen
from app.domain.routing.itinerary import Cost, Itinerary, Obstructed, Outing, Visit, Why
from app.domain.routing.journey import TICK_MINUTES
from app.domain.routing.tours import Stop, Tour, Tours


def itinerary(tours: Tours, chosen: Chosen, why: Why, missed: Sequence[Obstructed]) -> Itinerary:
    outings = tuple(_outing(tours, tour) for tour in sorted(chosen.tours, key=lambda tour: tour.day))
    return Itinerary(outings, cost(tours, chosen), why, tuple(missed), _broken(tours, outings))


def cost(tours: Tours, chosen: Chosen) -> Cost:
    ground = tours.ground
    left_out = [task for i, task in enumerate(ground.tasks) if not tours.active >> i & 1]
    missed, late = divmod(
        sum(
            table[tour.day]
            for tour in chosen.tours
            for stop in tour.stops
            if (table := ground.lateness[stop.task]) is not None
        ),
        ONE_MISSED,
    )
    return Cost(
        lost=sum(task.kept for task in left_out),
        unplaced=len(left_out),
        missed=missed + sum(task.deadline is not None for task in left_out),
        days_late=late,
        completion=ground.day_of(max(tour.day for tour in chosen.tours)),
        outings=len(chosen.tours),
        minutes=chosen.minutes,
    )


def _outing(tours: Tours, tour: Tour) -> Outing:
    ground = tours.ground
    travel = ground.journey.travel
    stops = _gathered(tours, tour.stops)
    points = [stop.row.point for stop in stops]
    day = ground.day_of(tour.day)
    return Outing(
        day=day,
        visits=tuple(
            Visit(ground.tasks[stop.task].code, stop.row.point, day, stop.start, stop.row.ticks) for stop in stops
        ),
        leaves=stops[0].start - ground.out[points[0]],
        back=stops[-1].start + stops[-1].row.ticks + ground.back[points[-1]],
        minutes=travel.out[points[0]]
        + sum(travel.between[one][other] for one, other in pairwise(points))
        + travel.back[points[-1]],
    )


def _gathered(tours: Tours, stops: Sequence[Stop]) -> list[Stop]:
    """The same visits with less waiting between: each as late as the next allows, the last as early as it was."""
    ground, later = tours.ground, stops[-1]
    found = [later]
    for stop in reversed(stops[:-1]):
        point, base, mask, ticks = stop.row
        margin = 0 if ground.kept >> stop.task & ground.kept >> later.task & 1 else ground.journey.margin
        way = ground.journey.travel.between[point][later.row.point] + margin
        latest = later.start - -(-way // TICK_MINUTES) - ticks
        start = base + (mask & (1 << (latest - base + 1)) - 1).bit_length() - 1
        later = Stop(stop.task, stop.row, start)
        found.append(later)
    return found[::-1]


def _broken(tours: Tours, outings: Sequence[Outing]) -> tuple[tuple[str, str], ...]:
    """(task, what was advised to be done before it)."""
    starts = {visit.code: visit.start for outing in outings for visit in outing.visits}
    days = {visit.code: outing.day for outing in outings for visit in outing.visits}
    found = []
    for i in bits(tours.active):
        task = tours.ground.tasks[i]
        for advice in task.soft:
            if advice.code in tours.ground.codes:
                fine = advice.code in starts and starts[advice.code] < starts[task.code]
            else:
                fine = advice.ready is not None and advice.ready <= days[task.code]
            if not fine:
                found.append((task.code, advice.code))
    return tuple(found)
