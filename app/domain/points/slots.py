"""How long the places of a service should be, from what its visits take and how many of the booked do not come.

A counter that works for a stretch of hours on end can be promised to as many visitors as it will see to the end: those
who do not come make room for the others. Then the stretch is shared evenly, in steps of the ledger's ticks, so that no
time is lost at its end.
"""

from collections.abc import Sequence
from math import gcd

from app.domain.points.calendar import TICK

_TICK = TICK.seconds // 60
TOO_SHORT = 0.05
"""Places may be shorter by this share than their visits take on average, so that one more fits into a stretch."""


def place_minutes(mean: float, never: float, stretches: Sequence[int]) -> int:
    """Minutes of a place. `mean`: of a visit, measured; `never`: the share of the booked who do not come.

    `stretches`: minutes of each stretch of hours; the shortest decides. A visit that is longer than it gets its own
    length, rounded up.
    """
    least = mean * (1 - never) * (1 - TOO_SHORT)
    shortest = min(stretches)
    visits = int(shortest // max(_TICK, _rounded_up(least)))
    return int(shortest // visits // _TICK) * _TICK if visits else _rounded_up(mean)


def grid_minutes(places: Sequence[int], opens: Sequence[int]) -> int:
    """How far apart places may begin, so that each stretch can be filled from its beginning.

    `places`: minutes of all services that share the counters; `opens`: when each stretch begins, in minutes from the
    first.
    """
    return gcd(*places, *opens)


def _rounded_up(minutes: float) -> int:
    return -int(-minutes // _TICK) * _TICK
