"""How the region books its points, the same for every policy: by the product's rules for places, from the scenario.

A region knows what its visits take from what it measured; here that is the scenario's mean, and likewise the shares of
those who do not come and of those who come without a booking.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from app.domain.points.plan import Offer
from app.domain.points.slots import grid_minutes, place_minutes
from app.simulation.parts import Point
from app.simulation.scenario import Scenario

_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Slots:
    """`offers`: of each point, by service. `held`: the share of the first hours of a day that is not booked, since
    that is when people come who have not booked.
    """

    offers: Mapping[str, tuple[Offer, ...]]
    held: float


def slots_of(scenario: Scenario) -> Slots:
    offers = {point.id: _offers(scenario, point) for point in scenario.points}
    return Slots(offers, min(0.5, scenario.behaviour.walk_in_share))


def _offers(scenario: Scenario, point: Point) -> tuple[Offer, ...]:
    hours = scenario.hours
    weekday, saturday = hours.on_weekdays, hours.on_saturdays if point.kind in hours.saturday_kinds else ()
    lengths = [(_minute(each.closes) or _A_DAY) - _minute(each.opens) for each in (*weekday, *saturday)]
    minutes = {
        step.code: place_minutes(step.visit_minutes.mean, scenario.behaviour.no_show, lengths)
        for step in scenario.visits
        if step.code in point.services and step.visit_minutes is not None
    }
    # The ledger's grid begins at a day's opening.
    opens = [_minute(each.opens) - _minute(weekday[0].opens) for each in weekday]
    every = grid_minutes(list(minutes.values()), opens)
    return tuple(Offer(service, minutes[service], every) for service in point.services)


def _minute(wall: time) -> int:
    return wall.hour * 60 + wall.minute
