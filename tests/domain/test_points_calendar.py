from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.points.calendar import (
    TICK,
    Hours,
    day_plan,
    hours_on,
    instant_of,
    local_day,
    tick_of,
    ticks_of,
)

ZONES = [
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Asia/Vladivostok",
    "Asia/Almaty",
    "Asia/Kathmandu",
    "Europe/Berlin",
    "America/Sao_Paulo",
]
BERLIN = ZoneInfo("Europe/Berlin")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)

zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.dates(date(2005, 1, 1), date(2035, 12, 31))


def hours(*walls: str) -> list[Hours]:
    return [
        Hours(time.fromisoformat(opens), time.fromisoformat(closes))
        for opens, _, closes in (wall.partition("-") for wall in walls)
    ]


@st.composite
def several_hours(draw: st.DrawFn) -> list[Hours]:
    edges = draw(st.sets(st.integers(0, 287), min_size=2, max_size=8).map(sorted))
    walls = [time(edge // 12, edge % 12 * 5) for edge in edges]
    return [Hours(*pair) for pair in zip(walls[::2], walls[1::2], strict=False)]


@given(zones, days, several_hours(), st.integers(0, 20))
def test_a_plan_covers_first_opening_to_last_closing(
    zone: ZoneInfo, day: date, spans: list[Hours], counters: int
) -> None:
    plan = day_plan(zone, day, spans, counters)
    if plan is None:  # only a jump of the clock closes a point that has hours
        noons = [datetime.combine(day + timedelta(days=n), time(), zone).utcoffset() for n in (0, 1)]
        assert noons[0] != noons[1]
        return
    assert plan.starts_at.tzinfo is UTC
    assert set(plan.capacity) <= {0, counters}
    assert plan.capacity[0] == plan.capacity[-1] == counters
    assert local_day(zone, plan.starts_at) == day
    assert local_day(zone, instant_of(plan.starts_at, len(plan.capacity)) - TICK) == day


@given(zones, days, several_hours())
def test_a_tick_has_places_when_its_wall_time_is_within_hours(zone: ZoneInfo, day: date, spans: list[Hours]) -> None:
    plan = day_plan(zone, day, spans, 3)
    for tick, places in enumerate(plan.capacity if plan else ()):
        assert plan is not None
        local = instant_of(plan.starts_at, tick).astimezone(zone)
        twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
        if not twice:  # what comes twice has examples of its own below
            open_now = any(span.opens <= local.time() < span.closes for span in spans)
            assert (places == 3) == open_now


@given(zones, days, st.integers(0, 2000))
def test_ticks_and_instants_are_each_others_inverse(zone: ZoneInfo, day: date, tick: int) -> None:
    start = datetime.combine(day, time(9), tzinfo=zone)
    instant = instant_of(start, tick)
    assert tick_of(start, instant) == tick
    assert tick_of(start, instant.astimezone(zone)) == tick
    assert instant - start.astimezone(UTC) == tick * TICK


def test_an_ordinary_day_with_a_break() -> None:
    plan = day_plan(ZoneInfo("Europe/Moscow"), date(2026, 9, 1), hours("09:00-13:00", "14:00-18:00"), 3)
    assert plan is not None
    assert plan.starts_at == datetime(2026, 9, 1, 6, tzinfo=UTC)
    assert plan.capacity == (3,) * 48 + (0,) * 12 + (3,) * 48


def test_kathmandu_is_5_hours_45_ahead() -> None:
    plan = day_plan(ZoneInfo("Asia/Kathmandu"), date(2026, 9, 1), hours("10:00-17:00"), 1)
    assert plan is not None
    assert plan.starts_at == datetime(2026, 9, 1, 4, 15, tzinfo=UTC)
    assert len(plan.capacity) == 84


@pytest.mark.parametrize(
    ("zone", "day", "walls", "starts", "ticks"),
    [
        # Forward, 02:00 → 03:00 (01:00 UTC): what does not exist means the jump.
        (BERLIN, SPRING, "00:00-06:00", "2026-03-28T23:00", 60),
        (BERLIN, SPRING, "02:30-06:00", "2026-03-29T01:00", 36),
        (BERLIN, SPRING, "00:00-02:30", "2026-03-28T23:00", 24),
        # Back, 03:00 → 02:00 (01:00 UTC): what comes twice means the first.
        (BERLIN, AUTUMN, "00:00-06:00", "2026-10-24T22:00", 84),
        (BERLIN, AUTUMN, "02:30-06:00", "2026-10-25T00:30", 54),
        (BERLIN, AUTUMN, "00:00-02:30", "2026-10-24T22:00", 30),
        (BERLIN, AUTUMN, "02:15-02:45", "2026-10-25T00:15", 6),
        # The jump is at midnight: the day begins at 01:00 (03:00 UTC), and its eve ends there.
        (SAO_PAULO, date(2018, 11, 4), "00:00-06:00", "2018-11-04T03:00", 60),
        (SAO_PAULO, date(2018, 11, 3), "20:00-00:00", "2018-11-03T23:00", 48),
        # Back at midnight: 23:00–24:00 comes twice on the 17th, so the day has 25 hours.
        (SAO_PAULO, date(2018, 2, 17), "00:00-00:00", "2018-02-17T02:00", 300),
    ],
)
def test_days_on_which_the_clock_jumps(zone: ZoneInfo, day: date, walls: str, starts: str, ticks: int) -> None:
    plan = day_plan(zone, day, hours(walls), 2)
    assert plan is not None
    assert plan.starts_at == datetime.fromisoformat(starts).replace(tzinfo=UTC)
    assert plan.capacity == (2,) * ticks


def test_a_clock_change_within_the_day_counts_elapsed_time() -> None:
    plan = day_plan(BERLIN, AUTUMN, hours("01:00-09:00"), 1)
    assert plan is not None
    nine = datetime(2026, 10, 25, 9, tzinfo=BERLIN)
    opening = datetime(2026, 10, 25, 1, tzinfo=BERLIN)
    assert tick_of(opening, nine) == len(plan.capacity) == 9 * 12  # by the wall it would be 8 hours


def test_hours_swallowed_by_a_jump_are_no_hours() -> None:
    assert day_plan(BERLIN, SPRING, hours("02:10-02:50"), 1) is None
    assert day_plan(BERLIN, SPRING, hours("02:10-02:50", "09:00-10:00"), 1) == day_plan(
        BERLIN, SPRING, hours("09:00-10:00"), 1
    )
    assert day_plan(ZoneInfo("Pacific/Apia"), date(2011, 12, 30), hours("09:00-18:00"), 1) is None


def test_closed_days() -> None:
    week = {0: tuple(hours("09:00-18:00"))}
    monday, tuesday = date(2026, 9, 7), date(2026, 9, 8)
    assert hours_on(week, monday) == week[0]
    assert hours_on(week, monday, {monday}) == ()
    assert hours_on(week, tuesday) == ()
    assert hours_on(week, monday, {tuesday}) == week[0]
    assert day_plan(BERLIN, tuesday, hours_on(week, tuesday), 1) is None


@pytest.mark.parametrize("walls", ["09:02-10:00", "09:00-10:00:30", "10:00-09:00", "09:00-09:00"])
def test_hours_off_the_grid_or_out_of_order_are_refused(walls: str) -> None:
    with pytest.raises(ValueError, match=r"grid|not after"):
        hours(walls)


@pytest.mark.parametrize("walls", [("09:00-13:00", "12:00-18:00"), ("14:00-18:00", "09:00-13:00")])
def test_overlapping_hours_are_refused(walls: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="overlap"):
        day_plan(BERLIN, SPRING, hours(*walls), 1)
    with pytest.raises(ValueError, match="counters"):
        day_plan(BERLIN, SPRING, hours("09:00-10:00"), -1)


def test_instants_off_the_grid_are_refused() -> None:
    start = datetime(2026, 9, 1, 9, tzinfo=UTC)
    for wrong in (start + timedelta(minutes=3), start - TICK, start + timedelta(microseconds=1)):
        with pytest.raises(ValueError, match="grid"):
            tick_of(start, wrong)
    with pytest.raises(ValueError, match="zone"):
        tick_of(start, datetime(2026, 9, 1, 9))  # noqa: DTZ001
    with pytest.raises(ValueError, match="tick"):
        instant_of(start, -1)


def test_minutes_of_a_service() -> None:
    assert [ticks_of(minutes) for minutes in (5, 25, 90)] == [1, 5, 18]
    for wrong in (0, -5, 7):
        with pytest.raises(ValueError, match="multiple"):
            ticks_of(wrong)
