"""A point closes for a part of a day."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.points.calendar import Hours
from app.domain.points.closing import closed_between
from app.domain.points.plan import HoursException, Period, PointPlan

DAY = date(2026, 9, 1)
REASON = {"ru": "Авария", "en": "Pipes"}
BEFORE = {"ru": "Ремонт", "en": "Repairs"}
OFFICE = (Hours(time(9), time(13)), Hours(time(14), time(18)))


def plan(*exceptions: HoursException) -> PointPlan:
    return PointPlan(
        ZoneInfo("Europe/Moscow"),
        dict.fromkeys(range(7), OFFICE),
        open_on_holidays=False,
        exceptions=exceptions,
        pools=(),
    )


def hours(changed: PointPlan, day: date = DAY) -> list[tuple[str, str]]:
    return [(f"{h.opens:%H:%M}", f"{h.closes:%H:%M}") for h in changed.hours_on(day, holiday=False)]


@pytest.mark.parametrize(
    ("since", "until", "left"),
    [
        (time(12), None, [("09:00", "12:00")]),
        (time(15, 30), None, [("09:00", "13:00"), ("14:00", "15:30")]),
        (time(0), None, []),
        (time(12), time(15), [("09:00", "12:00"), ("15:00", "18:00")]),
        (time(13), time(14), [("09:00", "13:00"), ("14:00", "18:00")]),
        (time(10), time(11), [("09:00", "10:00"), ("11:00", "13:00"), ("14:00", "18:00")]),
        (time(10), time(0), [("09:00", "10:00")]),
    ],
)
def test_nobody_is_received_in_between(since: time, until: time | None, left: list[tuple[str, str]]) -> None:
    changed = closed_between(plan(), DAY, since, until, REASON, holiday=False)
    assert hours(changed) == left
    assert changed.exception_on(DAY) == HoursException(Period(DAY, DAY), changed.hours_on(DAY, holiday=False), REASON)
    for other in (DAY - timedelta(days=1), DAY + timedelta(days=1)):
        assert hours(changed, other) == hours(plan(), other)


def test_a_point_that_never_closes_closes() -> None:
    always = (Hours(time(0), time(0)),)
    open_always = PointPlan(
        ZoneInfo("UTC"), dict.fromkeys(range(7), always), open_on_holidays=True, exceptions=(), pools=()
    )
    changed = closed_between(open_always, DAY, time(12), time(13), REASON, holiday=False)
    assert hours(changed) == [("00:00", "12:00"), ("13:00", "00:00")]


@given(st.integers(-3, 3), st.integers(0, 6))
def test_what_was_said_of_the_days_around_stays(first: int, days: int) -> None:
    period = Period(DAY + timedelta(days=first), DAY + timedelta(days=first + days))
    before = plan(HoursException(period, OFFICE[:1], BEFORE))
    changed = closed_between(before, DAY, time(11), None, REASON, holiday=False)
    assert hours(changed) == [("09:00", "11:00")]
    for ahead in (-4, -2, -1, 1, 2, 4, 9):
        day = DAY + timedelta(days=ahead)
        assert hours(changed, day) == hours(before, day)
        was, now = before.exception_on(day), changed.exception_on(day)
        assert (was and was.reason) == (now and now.reason)


def test_a_time_off_the_grid_is_refused() -> None:
    with pytest.raises(ValueError, match="5-minute grid"):
        closed_between(plan(), DAY, time(12, 1), None, REASON, holiday=False)
