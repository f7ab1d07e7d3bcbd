"""Case 15: where the clock changes, or an offset is no whole hour, no place moves and none is lost."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.points.calendar import TICK, Hours, day_plan, instant_of, midnight
from app.domain.points.places import fits, free_starts
from app.domain.points.plan import Offer, PointPlan, PoolPlan

ZONES = [
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "America/St_Johns",
    "Europe/Moscow",
    "Australia/Eucla",
]


def plan_of(zone: ZoneInfo, *spans: Hours) -> PointPlan:
    pool = PoolPlan("rooms", 2, {}, (), (Offer("medical", 30, 30),))
    return PointPlan(zone, dict.fromkeys(range(7), spans), open_on_holidays=True, exceptions=(), pools=(pool,))


def starts_on(zone: ZoneInfo, day: date, spans: list[Hours], minutes: int, every: int) -> list[datetime]:
    """The free starts of an empty day, as instants."""
    plan = plan_of(zone, *spans)
    ledger = plan.ledger_day(plan.pools[0], day, holiday=False)
    if ledger is None:
        return []
    used = [0] * len(ledger.capacity)
    ticks = free_starts(ledger.capacity, used, minutes // 5, every // 5, 0, ledger.opens)
    assert all(fits(ledger.capacity, tick, minutes // 5, every // 5, ledger.opens) for tick, _ in ticks)
    return [instant_of(ledger.starts_at, tick) for tick, _ in ticks]


@pytest.mark.parametrize(
    ("zone", "day", "opens", "closes", "first", "visits"),
    [
        # Half an hour on at 02:00 (15:30 UTC of the eve), and back in April at 02:00 → 01:30.
        ("Australia/Lord_Howe", "2026-10-04", 1, 5, "2026-10-03T14:30", 7),
        ("Australia/Lord_Howe", "2026-10-04", 9, 12, "2026-10-03T22:00", 6),
        ("Australia/Lord_Howe", "2026-04-05", 1, 5, "2026-04-04T14:00", 9),
        ("Australia/Lord_Howe", "2026-04-05", 9, 12, "2026-04-04T22:30", 6),
        # An hour on in March and back in October.
        ("Europe/Berlin", "2026-03-29", 1, 5, "2026-03-29T00:00", 6),
        ("Europe/Berlin", "2026-03-29", 9, 12, "2026-03-29T07:00", 6),
        ("Europe/Berlin", "2026-10-25", 1, 5, "2026-10-24T23:00", 10),
        ("Europe/Berlin", "2026-10-25", 9, 12, "2026-10-25T08:00", 6),
        # Two and a half hours behind in summer, three and a half in winter.
        ("America/St_Johns", "2026-03-08", 1, 5, "2026-03-08T04:30", 6),
        ("America/St_Johns", "2026-11-01", 1, 5, "2026-11-01T03:30", 10),
        ("America/St_Johns", "2026-07-01", 9, 12, "2026-07-01T11:30", 6),
        # Never changed: 5:45 and 5:30 ahead.
        ("Asia/Kathmandu", "2026-03-29", 9, 12, "2026-03-29T03:15", 6),
        ("Asia/Kolkata", "2026-03-29", 9, 12, "2026-03-29T03:30", 6),
    ],
)
def test_a_day_has_the_visits_that_fit_in_the_time_that_passes(
    zone: str, day: str, opens: int, closes: int, first: str, visits: int
) -> None:
    starts = starts_on(ZoneInfo(zone), date.fromisoformat(day), [Hours(time(opens), time(closes))], 30, 30)
    begins = datetime.fromisoformat(first).replace(tzinfo=UTC)
    assert starts == [begins + n * timedelta(minutes=30) for n in range(visits)]


@st.composite
def some_hours(draw: st.DrawFn) -> list[Hours]:
    edges = draw(st.sets(st.integers(0, 287), min_size=2, max_size=6).map(sorted))
    walls = [time(edge // 12, edge % 12 * 5) for edge in edges]
    return [Hours(*pair) for pair in zip(walls[::2], walls[1::2], strict=False)]


@given(
    st.sampled_from(ZONES).map(ZoneInfo),
    st.dates(date(2020, 1, 1), date(2032, 12, 31)),
    some_hours(),
    st.sampled_from([10, 15, 20, 30, 40, 60, 90]),
    st.sampled_from([5, 10, 15, 20, 40, 60]),
)
def test_counting_from_midnight_gives_the_places_of_counting_from_the_opening(
    zone: ZoneInfo, day: date, spans: list[Hours], minutes: int, every: int
) -> None:
    from_opening = day_plan(zone, day, spans, 2)
    wanted = []
    if from_opening is not None:
        free = free_starts(from_opening.capacity, [0] * len(from_opening.capacity), minutes // 5, every // 5)
        wanted = [from_opening.starts_at + tick * TICK for tick, _ in free]
    assert starts_on(zone, day, spans, minutes, every) == wanted


@given(st.sampled_from(ZONES).map(ZoneInfo), st.dates(date(2020, 1, 1), date(2032, 12, 31)))
def test_days_follow_each_other_without_a_gap(zone: ZoneInfo, day: date) -> None:
    begins, ends = midnight(zone, day), midnight(zone, day + timedelta(days=1))
    assert (begins.astimezone(zone).date(), (ends - TICK).astimezone(zone).date()) == (day, day)
    assert (ends - begins) % TICK == timedelta(0)
    assert timedelta(hours=23) <= ends - begins <= timedelta(hours=25)
