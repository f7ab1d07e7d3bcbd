"""How long places are, how far apart they may begin, what is not booked, and which of the free ones are offered."""

from datetime import date, time
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.domain.points.calendar import Hours
from app.domain.points.offering import room, sparing_starts
from app.domain.points.plan import HoursException, Period, PointPlan
from app.domain.points.reserve import counters_at_pace, held_back
from app.domain.points.slots import LAST_BEGINS, MOST_OVER, Places, grid_minutes, places_of, running_over


def test_a_stretch_is_shared_evenly_among_as_many_as_it_holds() -> None:
    stretch = [240, 240]
    assert places_of(40, 0.08, stretch) == Places(40, 0)  # six of 36.8
    assert places_of(90, 0.08, stretch) == Places(100, 60)  # three: the last begins 40 minutes before the end
    assert places_of(90, 0.08, stretch, most_over=30) == Places(90, 30)
    assert places_of(20, 0.08, stretch) == Places(20, 0)  # the twelfth begins 20 minutes before the end
    assert places_of(15, 0.0, stretch) == Places(15, -15)  # a sixteenth would begin 15 minutes before it
    assert places_of(25, 0.08, stretch) == Places(25, -15)
    assert places_of(500, 0.08, stretch) == Places(500, 0)  # longer than any stretch: its own length


@given(st.floats(5, 200), st.floats(0, 0.3), st.integers(12, 96), st.integers(0, 90))
def test_places_are_long_enough_and_the_last_begins_in_time(mean: float, never: float, ticks: int, gap: int) -> None:
    places = places_of(mean, never, [ticks * 5], gap)
    assert places.minutes % 5 == 0
    assert places.minutes >= mean * (1 - never) - 1e-9
    assert places.over <= min(gap, MOST_OVER)
    if places.over:
        assert places.minutes - places.over >= LAST_BEGINS


def test_what_runs_over_is_booked_beyond_the_hours_and_no_later_than_midnight() -> None:
    """Exceptions too; a point that closes at midnight runs over nothing."""
    late = (Hours(time(9), time(13)), Hours(time(14), time(23, 30)))
    special = HoursException(Period(date(2026, 9, 1), date(2026, 9, 1)), (Hours(time(10), time(0)),), {})
    plan = PointPlan(ZoneInfo("Europe/Moscow"), {0: late}, False, (special,), ())  # noqa: FBT003
    longer, shorter = running_over(plan, 45), running_over(plan, -20)
    assert longer.week == {0: (Hours(time(9), time(13, 45)), Hours(time(14), time(0)))}
    assert longer.exceptions[0].hours == (Hours(time(10), time(0)),)
    assert shorter.week == {0: (Hours(time(9), time(12, 40)), Hours(time(14), time(23, 10)))}
    assert shorter.exceptions[0].hours == (Hours(time(10), time(23, 40)),)


def test_the_grid_meets_the_beginning_of_every_stretch() -> None:
    assert grid_minutes([80], [0, 300]) == 20
    assert grid_minutes([40], [0]) == 40
    assert grid_minutes([25, 10], [0, 300]) == 5


def test_whole_counters_are_held_back_and_one_more_towards_the_end() -> None:
    assert held_back([3] * 4, 0.5) == [2, 2, 1, 1]
    assert held_back([1] * 10, 0.2) == [1] * 8 + [0] * 2
    assert held_back([2] * 6, 0.0) == [2] * 6
    assert held_back([], 0.1) == []


@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.floats(0, 1))
def test_so_much_is_held_back_as_was_said(counters: list[int], share: float) -> None:
    bookable = held_back(counters, share)
    assert all(0 <= left <= working for left, working in zip(bookable, counters, strict=True))
    assert abs(sum(counters) - sum(bookable) - share * sum(counters)) <= 1


def test_a_slow_point_is_booked_with_fewer_counters_but_with_one_at_least() -> None:
    assert [counters_at_pace(6, slower) for slower in (0.8, 1.0, 1.2, 1.25, 1.5, 3.0)] == [6, 6, 6, 4, 4, 2]
    assert counters_at_pace(1, 9.0) == 1


def test_starts_that_leave_a_hole_are_not_offered() -> None:
    """Twelve free ticks of one counter, for visits of 5 and 2: after 1 or 3 ticks alone nothing fits."""
    free = list(range(8))
    assert sparing_starts([1] * 12, free, 5, [5, 2]) == [0, 2, 5, 7]
    # Of a stretch of 7 a visit of 2 is cut so that 5 are left together.
    assert sparing_starts([1] * 7, list(range(6)), 2, [5, 2]) == [0, 5]


def test_each_start_is_judged_by_the_counter_that_is_free_the_longest_there() -> None:
    left = [2, 2, 1, 1, 1, 1, 2, 2]
    # With two counters free only 0-1 and 6-7 are stretches of their own; a visit of 2 fits into them without a rest.
    assert sparing_starts(left, [0, 1, 3, 6], 2, [2]) == [0, 6]


@given(st.data())
def test_as_many_more_fit_after_an_offered_start_as_after_any(data: st.DataObject) -> None:
    left = data.draw(st.lists(st.integers(0, 3), min_size=6, max_size=30))
    lengths = data.draw(st.sets(st.integers(1, 6), min_size=1, max_size=3))
    ticks = data.draw(st.sampled_from(sorted(lengths)))
    free = [start for start in range(len(left) - ticks + 1) if min(left[start : start + ticks]) > 0]
    offered = sparing_starts(left, free, ticks, lengths)
    assert set(offered) <= set(free)
    assert bool(offered) == bool(free)
    losses = {start: _loss(left, start, ticks, tuple(sorted(lengths))) for start in free}
    assert all(losses[start] == min(losses.values()) for start in offered)
    assert all(losses[start] > min(losses.values()) for start in set(free) - set(offered))


def _loss(left: list[int], start: int, ticks: int, lengths: tuple[int, ...]) -> tuple[int, int]:
    """How much less fits than before, told apart: the stretch is walked out from the visit to both sides."""
    free = min(left[start : start + ticks])
    before = after = 0
    while start - before > 0 and left[start - before - 1] >= free:
        before += 1
    while start + ticks + after < len(left) and left[start + ticks + after] >= free:
        after += 1
    whole, one, other = (room(n, lengths) for n in (before + ticks + after, before, after))
    return whole[0] - one[0] - other[0], whole[1] - one[1] - other[1]


@given(st.integers(0, 40), st.sets(st.integers(1, 9), min_size=1, max_size=3))
def test_room_is_what_can_be_filled_at_best(ticks: int, lengths: set[int]) -> None:
    longest, filled = room(ticks, tuple(sorted(lengths)))
    assert longest == ticks // max(lengths)
    reached = {0}
    for each in range(1, ticks + 1):
        if any(each - length in reached for length in lengths):
            reached.add(each)
    assert filled == max(reached)
