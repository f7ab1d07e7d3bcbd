"""How long the places of a service should be, from what its visits take and how many of the booked do not come.

A counter that works for a stretch of hours on end can be promised to as many visitors as it will see to: those who do
not come make room for the others. Whoever is at a counter when the stretch ends is served to the end, so the last visit
may run over; but it begins well before, or a small delay would leave its visitor to wait through the break. What is
left of the stretch is shared evenly among the places, in steps of the ledger's ticks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from math import gcd

from app.domain.points.calendar import MIDNIGHT, TICK, Hours
from app.domain.points.plan import PointPlan

_TICK = TICK.seconds // 60
LAST_BEGINS = 20
"""Minutes before the end of a stretch of hours at which the last visit begins, at the latest."""
MOST_OVER = 60
"""Minutes by which it may run over, at most."""


@dataclass(frozen=True, slots=True)
class Places:
    """`minutes` of each. `over`: so many minutes after the end of a stretch its last one ends; below zero, before."""

    minutes: int
    over: int


def places_of(mean: float, never: float, stretches: Sequence[int], most_over: int = MOST_OVER) -> Places:
    """`mean`: minutes of a visit, measured; `never`: the share of the booked who do not come; `stretches`: minutes of
    each stretch of hours, of which the shortest decides; `most_over`: minutes until the next one begins.

    A visit that is too long for a stretch gets its own length, rounded up, and does not run over.
    """
    least = max(_TICK, _rounded_up(mean * (1 - never)))
    shortest, over = min(stretches), min(most_over, MOST_OVER)
    last = shortest - LAST_BEGINS
    visits = min(last // least + 1, (shortest + over) // least)
    if last < 0 or visits < 1 or mean > shortest:
        return Places(_rounded_up(mean), 0)
    share = (shortest + over) // visits if visits == 1 else min(last // (visits - 1), (shortest + over) // visits)
    minutes = share // _TICK * _TICK
    return Places(minutes, visits * minutes - shortest)


def running_over(plan: PointPlan, minutes: int) -> PointPlan:
    """What can be booked of a plan if the last visits of each stretch of hours end so much after it, or before it."""

    def run(stretches: tuple[Hours, ...]) -> tuple[Hours, ...]:
        return tuple(Hours(each.opens, _later(each.closes, minutes)) for each in stretches)

    return replace(
        plan,
        week={weekday: run(stretches) for weekday, stretches in plan.week.items()},
        exceptions=tuple(replace(each, hours=run(each.hours)) for each in plan.exceptions),
    )


def grid_minutes(places: Sequence[int], opens: Sequence[int]) -> int:
    """How far apart places may begin, so that each stretch can be filled from its beginning.

    `places`: minutes of all services that share the counters; `opens`: when each stretch begins, in minutes from the
    first.
    """
    return gcd(*places, *opens)


def _later(wall: time, minutes: int) -> time:
    """Not beyond midnight: a ledger's day ends there."""
    if wall == MIDNIGHT and minutes >= 0:
        return wall
    day = datetime(2026, 1, 2 if wall == MIDNIGHT else 1, wall.hour, wall.minute)  # noqa: DTZ001 - on the wall
    later = day + timedelta(minutes=minutes)
    return later.time() if later.date() == datetime(2026, 1, 1).date() else MIDNIGHT  # noqa: DTZ001


def _rounded_up(minutes: float) -> int:
    return -int(-minutes // _TICK) * _TICK
