"""How the region books its points, the same for every policy: by the product's rules for places, from the scenario.

A region knows what its visits take from what it measured; here that is the scenario's mean, and likewise the shares of
those who do not come and of those who come without a booking.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

from app.domain.points.plan import Offer
from app.domain.points.slots import MOST_OVER, Places, grid_minutes, places_of
from app.simulation.parts import Point
from app.simulation.scenario import Scenario

_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Slots:
    """`offers`: of each point, by service; `over`: so many minutes after each stretch of its hours the last place ends.

    `held`: the share of the first hours of a day that is not booked, since that is when people come who have not
    booked.
    """

    offers: Mapping[str, tuple[Offer, ...]]
    over: Mapping[str, int]
    held: float


def slots_of(scenario: Scenario) -> Slots:
    places = {point.id: _places(scenario, point) for point in scenario.points}
    return Slots(
        offers={point.id: _offers(scenario, places[point.id]) for point in scenario.points},
        over={point: max(each.over for each in found.values()) for point, found in places.items()},
        held=min(0.5, scenario.behaviour.walk_in_share),
    )


def _places(scenario: Scenario, point: Point) -> dict[str, Places]:
    hours = scenario.hours
    weekday, saturday = hours.on_weekdays, hours.on_saturdays if point.kind in hours.saturday_kinds else ()
    lengths = [(_minute(each.closes) or _A_DAY) - _minute(each.opens) for each in (*weekday, *saturday)]
    gap = min((_minute(later.opens) - _minute(each.closes) for each, later in pairwise(weekday)), default=MOST_OVER)
    return {
        step.code: places_of(step.visit_minutes.mean, scenario.behaviour.no_show, lengths, gap)
        for step in scenario.visits
        if step.code in point.services and step.visit_minutes is not None
    }


def _offers(scenario: Scenario, places: Mapping[str, Places]) -> tuple[Offer, ...]:
    weekday = scenario.hours.on_weekdays
    # The ledger's grid begins at a day's opening.
    opens = [_minute(each.opens) - _minute(weekday[0].opens) for each in weekday]
    every = grid_minutes([each.minutes for each in places.values()], opens)
    return tuple(Offer(service, each.minutes, every) for service, each in places.items())


def _minute(wall: time) -> int:
    return wall.hour * 60 + wall.minute
