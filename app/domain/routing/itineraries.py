"""From what the search found to itineraries that can be shown and booked."""

from collections.abc import Sequence
from itertools import pairwise, permutations

from app.domain.routing.ground import MEMBERS, ONE_MISSED
from app.domain.routing.groups import Chosen
from app.domain.routing.itinerary import Cost, Itinerary, Obstructed, Outing, Visit, Why
from app.domain.routing.tours import Stop, Tour, Tours


def itinerary(tours: Tours, chosen: Chosen, why: Why, missed: Sequence[Obstructed]) -> Itinerary:
    outings = tuple(_outing(tours, tour) for tour in sorted(chosen.tours, key=lambda tour: tour.day))
    return Itinerary(outings, _cost(tours, chosen), why, tuple(missed), _broken(tours, outings))


def _cost(tours: Tours, chosen: Chosen) -> Cost:
    ground = tours.ground
    left_out = [task for i, task in enumerate(ground.tasks) if not tours.active >> i & 1]
    lateness = sum(
        table[tour.day]
        for tour in chosen.tours
        for stop in tour.stops
        if (table := ground.lateness[stop.task]) is not None
    )
    missed, late = divmod(lateness, ONE_MISSED)
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
    """Of the orders with the same visits and minutes the one with the least time away from home."""
    found = [_shown(tours, tour.day, _gathered(tours, tour.stops))]
    for order in permutations(tour.stops):
        stops = _in_order(tours, tour, order) if order != tour.stops else None
        if stops:
            found.append(_shown(tours, tour.day, _gathered(tours, stops)))
    return min(found, key=lambda outing: (outing.back - outing.leaves, outing.back))


def _shown(tours: Tours, number: int, stops: Sequence[Stop]) -> Outing:
    ground = tours.ground
    travel = ground.journey.travel
    points = [stop.row.point for stop in stops]
    day = ground.day_of(number)
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


def _in_order(tours: Tours, tour: Tour, order: Sequence[Stop]) -> list[Stop] | None:
    """The same visits in another order, if it is allowed, there are places, and it takes no more minutes."""
    ground, ways = tours.ground, tours.ways
    travel = ground.journey.travel
    points = [stop.row.point for stop in order]
    minutes = travel.out[points[0]] + travel.back[points[-1]]
    minutes += sum(travel.between[one][other] for one, other in pairwise(points))
    left = sum(1 << stop.task for stop in order)
    for stop in order:
        left &= ~(1 << stop.task)
        if ways.first[stop.task] & left:
            return None
        minutes += ways.broken(stop.task, left)
        extra = tours.extra[stop.task]
        minutes += extra[tour.day] if extra else 0
    if minutes != tour.minutes:
        return None
    for window in ground.windows[tour.day]:
        found: list[Stop] = []
        for stop in order:
            after = tours.arrived(window, tour.day, found[-1] if found else None, stop.task, stop.row.point)
            if after is None:
                break
            found.append(after)
        if len(found) == len(order):
            return found
    return None


def _gathered(tours: Tours, stops: Sequence[Stop]) -> list[Stop]:
    """The same visits with less waiting between: each as late as the next allows, the last as early as it was."""
    later = stops[-1]
    found = [later]
    for stop in reversed(stops[:-1]):
        _, base, mask, ticks = stop.row
        latest = later.start - tours.gap(stop, later.task, later.row.point) - ticks
        start = base + (mask & (1 << (latest - base + 1)) - 1).bit_length() - 1
        later = Stop(stop.task, stop.row, start)
        found.append(later)
    return found[::-1]


def _broken(tours: Tours, outings: Sequence[Outing]) -> tuple[tuple[str, str], ...]:
    """(task, what was advised to be done before it)."""
    starts = {visit.code: visit.start for outing in outings for visit in outing.visits}
    days = {visit.code: outing.day for outing in outings for visit in outing.visits}
    found = []
    for i in MEMBERS[tours.active]:
        task = tours.ground.tasks[i]
        for advice in task.soft:
            if advice.code in tours.ground.codes:
                fine = advice.code in starts and starts[advice.code] < starts[task.code]
            else:
                fine = advice.ready is not None and advice.ready <= days[task.code]
            if not fine:
                found.append((task.code, advice.code))
    return tuple(found)
