"""What is known of a visit's length, from nothing measured to much."""

import random
from math import exp, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.queue.service_times import NOTHING, TRUST, Times, declared, learned

_MINUTES = st.lists(st.floats(0.5, 300), min_size=1, max_size=40)


def test_before_anything_is_measured_it_is_as_declared() -> None:
    said = declared(40, 0.35)
    assert said.minutes == pytest.approx(40)
    for levels in ([], [NOTHING], [NOTHING] * 3):
        pace = learned(said, levels)
        assert exp(pace.mean + pace.spread**2 / 2) == pytest.approx(40)
        assert pace.spread == said.spread
    # The less of what is like it was measured, the more is in doubt.
    doubts = [learned(said, [NOTHING] * depth).doubt for depth in range(4)]
    assert doubts == sorted(doubts)


@pytest.mark.parametrize(("minutes", "variation"), [(0, 0.3), (-1, 0.3), (20, 0)])
def test_nothing_takes_no_time(minutes: float, variation: float) -> None:
    with pytest.raises(ValueError, match="a visit of"):
        declared(minutes, variation)
    with pytest.raises(ValueError):  # noqa: PT011 — the logarithm's own
        Times.of([3.0, 0.0])


def test_what_is_measured_often_is_believed_at_each_level() -> None:
    said, dice = declared(40, 0.35), random.Random(1)
    much = Times.of(exp(dice.gauss(log(60), 0.2)) for _ in range(800))
    for depth in (1, 2, 3):
        pace = learned(said, [NOTHING] * (depth - 1) + [much])
        assert exp(pace.mean) == pytest.approx(60, rel=0.03)
        assert pace.spread == pytest.approx(0.2, rel=0.1)
        assert pace.doubt < 0.12


@given(_MINUTES, _MINUTES, _MINUTES)
def test_it_lies_between_what_was_said_and_what_was_measured(
    everywhere: list[float], here: list[float], now: list[float]
) -> None:
    said = declared(30, 0.4)
    levels = [Times.of(minutes) for minutes in (everywhere, here, now)]
    pace = learned(said, levels)
    means = [said.mean, *(level.mean for level in levels)]
    assert min(means) - 1e-9 <= pace.mean <= max(means) + 1e-9
    assert pace.doubt > 0
    assert pace.spread > 0
    assert pace.evidence == pytest.approx(TRUST.declared + sum(level.count for level in levels))


@given(_MINUTES, _MINUTES)
def test_sums_add_up(some: list[float], more: list[float]) -> None:
    both, apart = Times.of(some + more), Times.of(some) + Times.of(more)
    assert (both.count, both.logs, both.squares) == pytest.approx((apart.count, apart.logs, apart.squares))
    assert both.aged(0.5).mean == pytest.approx(both.mean)
    assert both.aged(0.5).count == pytest.approx(both.count / 2)


def test_a_day_on_which_the_point_is_slow_shows_after_some_visits() -> None:
    said, sigma = declared(90, 0.15), sqrt(log(1 + 0.15**2))
    usual = Times.of(exp(said.mean + sigma * z) for z in (-1, -0.5, 0, 0.5, 1) * 60)
    slow = [1.5 * exp(said.mean)] * 20
    factors = [
        exp(learned(said, [usual, usual], Times.of(slow[:seen])).mean - learned(said, [usual, usual]).mean)
        for seen in (1, 3, 6, 20)
    ]
    assert factors == sorted(factors)
    assert factors[0] < 1.45
    assert factors[2] > 1.4
    assert factors[3] == pytest.approx(1.5, rel=0.03)


def test_a_day_like_any_other_moves_little_and_makes_surer() -> None:
    said, dice = declared(20, 0.4), random.Random(3)
    usual = Times.of(exp(said.mean + said.spread * dice.gauss(0, 1)) for _ in range(400))
    today = Times.of(exp(said.mean + said.spread * dice.gauss(0, 1)) for _ in range(25))
    before, now = learned(said, [usual, usual, usual]), learned(said, [usual, usual, usual], today)
    assert abs(now.mean - before.mean) < 0.06
    assert now.doubt < before.doubt


def test_a_day_beyond_everything_is_still_an_answer() -> None:
    usual = Times.of([20.0, 21.0, 19.0] * 100)
    pace = learned(declared(20, 0.4), [usual, usual], Times.of([20000.0] * 50))
    assert exp(pace.mean) > 1000
