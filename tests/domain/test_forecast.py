"""The forecast of labour supply: what is exact is held exactly; the rest is tried on seasons, tests/simulation."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.forecast.backtest import backtest, forecast
from app.domain.forecast.courses import Course, Visit, counted
from app.domain.forecast.history import WEEKS_AHEAD, History, cell_of
from app.domain.forecast.intervals import FEWEST, Scored, interval
from app.domain.forecast.landmark import chances, entry_chances
from app.domain.forecast.supply import Outlook, outlook

WEEKS = 40


def steady(people: int = 60, takes: int = 4, holds: int = 40, weeks: int = WEEKS, since: int = -60) -> History:
    """So many people a week, each allowed after so many weeks for so long."""
    courses = [
        Course(0, week, [week + 1], [(week + takes, week + takes + holds - 1)], [Visit(week, week + takes, None)])
        for week in range(since, weeks)
        for _ in range(people)
    ]
    return counted((one for one in courses if one.entered < weeks), weeks, ("71",), 2)


def test_what_always_takes_four_weeks_is_expected_in_four_weeks() -> None:
    history = steady()
    cell = cell_of(2, 0, 3)
    found = chances(history.lags)[cell]
    assert found[3] == pytest.approx(1, abs=0.05)
    assert found.sum() <= 1 + 1e-9
    assert entry_chances(history.entries)[4] == pytest.approx(1, abs=0.05)


def test_a_steady_region_goes_on_as_it_was() -> None:
    made = outlook(steady())
    now = steady().allowed[-1, 0]
    assert now == 60 * 40
    assert made.allowed[0] == pytest.approx(np.full(WEEKS_AHEAD, now), rel=0.02)
    assert made.lost[0] == pytest.approx(np.full(WEEKS_AHEAD, 60), rel=0.05)
    assert made.gained[0] == pytest.approx(np.full(WEEKS_AHEAD, 60), rel=0.15)


def test_a_forecast_knows_nothing_of_what_comes_after_it() -> None:
    history = steady()
    other = steady(weeks=WEEKS + 12).until(WEEKS - 1)
    assert outlook(history).allowed == pytest.approx(outlook(other).allowed)


def test_one_course_is_counted_in_every_week_of_it() -> None:
    course = Course(0, 2, [3, 5], [(6, 9), (9, 12)], [Visit(3, 5, None), Visit(5, 8, 6)])
    history = counted([course], 15, ("71",), 3)
    assert history.arrivals[:, 0].nonzero()[0].tolist() == [2]
    assert history.entries[2, 5] == 1  # the week of entry is 1
    weeks, _, cells = history.sighted.nonzero()
    assert weeks.tolist() == [2, 3, 4, 5]
    assert cells.tolist() == [cell_of(3, 0, None), cell_of(2, 0, 1), cell_of(2, 1, 0), cell_of(1, 0, 2)]
    assert [int(history.lags[week].nonzero()[1][0]) for week in (2, 3, 4, 5)] == [4, 3, 2, 1]
    assert history.allowed[:, 0].tolist() == [0] * 6 + [1] * 7 + [0] * 2
    assert [int(history.standing[week, 0].nonzero()[0][0]) for week in range(6, 13)] == [3, 2, 1, 3, 2, 1, 0]
    assert (history.granted.sum(), history.renewed.sum(), history.ended.tolist()[13]) == (1, 1, 1)


@settings(max_examples=8, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(-20, 21), st.lists(st.integers(0, 20), max_size=3), st.none() | st.integers(1, 15)),
        max_size=25,
    )
)
def test_forecasts_of_any_history_are_numbers_within_their_bounds(
    people: Sequence[tuple[int, list[int], int | None]],
) -> None:
    courses = [
        Course(0, came, [came + step for step in steps], [(came + takes, came + takes + 20)] if takes else [], [])
        for came, steps, takes in people
    ]
    made = forecast(counted(courses, 22, ("71",), 4))
    assert np.isfinite(made.outlook.allowed).all()
    assert (made.outlook.allowed >= -1e-9).all()
    assert (made.interval.low <= made.interval.high).all()
    assert (made.interval.low >= 0).all()


def test_intervals_hold_eight_of_ten_whatever_the_errors_are() -> None:
    """Errors that are skewed, and none that the model's own bounds would hold."""
    dice = np.random.default_rng(3)
    zero = np.zeros((1, WEEKS_AHEAD))
    plain = Outlook(zero + 1000, zero + 30, zero + 30)

    def scores(number: int) -> Scored:
        return Scored(number, dice.exponential(3.0, (1, WEEKS_AHEAD)) - 1)

    earlier = [scores(number) for number in range(200)]
    bounds = interval(plain, earlier)
    inside = [
        ((bounds.low <= came) & (came <= bounds.high)).mean()
        for came in (plain.allowed + plain.scale * scores(0).scores for _ in range(300))
    ]
    assert bounds.learned
    assert 0.75 <= np.mean(inside) <= 0.85
    assert not interval(plain, earlier[: FEWEST - 1]).learned


def test_a_backtest_sees_how_far_off_carrying_forward_is() -> None:
    found = backtest(steady(since=-10), 24)
    assert found.against_naive < 0.2
    assert found.origins == WEEKS - WEEKS_AHEAD - 24
