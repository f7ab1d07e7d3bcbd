"""A point closes for the rest of a day, or a part of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta

from app.domain.points.calendar import MIDNIGHT, Hours
from app.domain.points.plan import HoursException, Period, PointPlan

_A_DAY = timedelta(days=1)
_DAY_MINUTES = 24 * 60


def closed_between(
    plan: PointPlan, day: date, since: time, until: time | None, reason: Mapping[str, str], *, holiday: bool
) -> PointPlan:
    """The plan with no hours on a local day from `since` on, to `until` or the day's end. Other days stay as they are.

    Raises `ValueError` for times off the grid of 5 minutes. `holiday`: whether the day is an official one.
    """
    begins, ends = _minute(since), _minute(until, end=True) if until is not None else _DAY_MINUTES
    left = [
        _hours(opens, closes)
        for each in plan.hours_on(day, holiday=holiday)
        for opens, closes in _without(_minute(each.opens), _minute(each.closes, end=True), begins, ends)
    ]
    only = HoursException(Period(day, day), tuple(left), reason)
    others = [part for each in plan.exceptions for part in _around(each, day)]
    return replace(plan, exceptions=tuple(sorted([*others, only], key=lambda each: each.period.first)))


def _without(opens: int, closes: int, begins: int, ends: int) -> list[tuple[int, int]]:
    parts = (opens, min(closes, begins)), (max(opens, ends), closes)
    return [(start, end) for start, end in parts if start < end]


def _around(exception: HoursException, day: date) -> list[HoursException]:
    """What of an exception is about other days."""
    first, last = exception.period.first, exception.period.last
    if day not in exception.period:
        return [exception]
    parts = (first, day - _A_DAY), (day + _A_DAY, last)
    return [replace(exception, period=Period(start, end)) for start, end in parts if start <= end]


def _minute(wall: time, *, end: bool = False) -> int:
    return _DAY_MINUTES if end and wall == MIDNIGHT else wall.hour * 60 + wall.minute


def _hours(opens: int, closes: int) -> Hours:
    return Hours(_wall(opens), _wall(closes % _DAY_MINUTES))


def _wall(minute: int) -> time:
    return time(minute // 60, minute % 60)
