"""From when somebody is expected to be allowed to work, and how surely."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.matching.certainty import PlannedStep, Taken, outlook

BEGIN = date(2027, 3, 1)


def day(n: int) -> date:
    return BEGIN + timedelta(days=n)


def test_expected_allowed_from_12_march_80_per_cent_sure() -> None:
    """Nine patents took 3 to 11 days: of ten, the tenth may take the declared 14."""
    steps = [
        PlannedStep("exam", day(0), Taken(0)),
        PlannedStep("patent", day(1), Taken(14, (3, 4, 5, 6, 7, 8, 9, 10, 11)), after=("exam",)),
    ]
    expected = outlook(steps, "patent", BEGIN)
    assert expected.day(80) == date(2027, 3, 12)
    assert expected.by(date(2027, 3, 12)) == 80
    assert expected.by(date(2027, 3, 11)) == 70
    assert expected.by(date(2027, 3, 16)) == 100
    assert expected.by(day(-1)) == 0
    assert expected.day(100) == date(2027, 3, 16)


def test_a_result_that_is_late_moves_the_visit_that_needs_it() -> None:
    """Half of the medicals take 2 days, half 6; the application is booked for day 4 and can be had 3 days after."""
    steps = [
        PlannedStep("medical", day(0), Taken(6, (2,))),
        PlannedStep("application", day(4), Taken(0), after=("medical",), again=3),
    ]
    expected = outlook(steps, "application", BEGIN)
    assert (expected.by(day(4)), expected.by(day(8)), expected.by(day(9))) == (50, 50, 100)


def test_two_results_are_both_waited_for() -> None:
    half = Taken(4, (1,))
    steps = [
        PlannedStep("exam", day(0), half),
        PlannedStep("medical", day(0), half),
        PlannedStep("application", day(0), Taken(0), after=("exam", "medical")),
    ]
    assert outlook(steps, "application", BEGIN).by(day(1)) == 25


def test_what_is_done_is_certain_and_nothing_known_is_as_declared() -> None:
    done = PlannedStep("exam", day(-9), Taken(30), done=day(-5))
    patent = PlannedStep("patent", day(1), Taken(10), after=("exam",))
    expected = outlook([done, patent], "patent", BEGIN)
    assert expected.day(1) == expected.day(100) == day(11)


def test_steps_that_need_each_other_are_refused() -> None:
    steps = [PlannedStep("a", day(0), Taken(1), after=("b",)), PlannedStep("b", day(0), Taken(1), after=("a",))]
    with pytest.raises(ValueError, match="needs itself"):
        outlook(steps, "a", BEGIN)
    with pytest.raises(ValueError, match="missing"):
        outlook([], "a", BEGIN)


TAKEN = st.builds(Taken, st.integers(0, 40), st.lists(st.integers(0, 60), max_size=6).map(tuple))
CHAIN = st.lists(st.tuples(st.integers(-5, 60), TAKEN, st.integers(0, 9)), min_size=1, max_size=6).map(
    lambda drawn: [
        PlannedStep(str(n), day(visit), taken, after=tuple(str(k) for k in range(max(0, n - 2), n)), again=again)
        for n, (visit, taken, again) in enumerate(drawn)
    ]
)


@given(CHAIN, st.integers(1, 100), st.integers(0, 30))
def test_surer_is_never_sooner_and_later_visits_never_help(steps: list[PlannedStep], sure: int, later: int) -> None:
    last = steps[-1].code
    expected = outlook(steps, last, BEGIN)
    assert expected.chances.sum() == pytest.approx(1.0)
    assert expected.by(expected.day(sure)) >= sure
    assert expected.day(sure) >= max(BEGIN, steps[-1].visit)
    first = steps[0]
    moved = [PlannedStep(first.code, first.visit + timedelta(days=later), first.taken, (), first.again), *steps[1:]]
    assert outlook(moved, last, BEGIN).day(sure) >= expected.day(sure)
