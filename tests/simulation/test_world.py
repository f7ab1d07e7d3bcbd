"""The same seed makes the same people with the same luck, whatever is done with them."""

from statistics import fmean

import pytest

from app.simulation.scenario import load_scenario
from app.simulation.world import arrivals_by_day, make_world
from tests.simulation.worlds import small


def test_a_seed_makes_the_same_people_again() -> None:
    scenario = small(people=40)
    assert make_world(scenario, 7).people == make_world(scenario, 7).people
    assert make_world(scenario, 7).people != make_world(scenario, 8).people


def test_who_enters_early_is_the_same_in_a_smaller_world() -> None:
    scenario = small(people=80, days=6)
    whole, part = make_world(scenario, 3), make_world(scenario, 3, arrival_days=2)
    assert 0 < len(part.people) < len(whole.people)
    assert part.people == whole.people[: len(part.people)]


def test_people_enter_by_weekday_and_in_bursts() -> None:
    scenario = load_scenario()
    entered = arrivals_by_day(scenario, 11)
    assert sum(entered) == scenario.people
    assert entered[14] > 220
    assert entered[37] > 260
    mondays = fmean(entered[day] for day in range(6, 60, 7))
    saturdays = fmean(entered[day] for day in range(4, 60, 7))
    assert mondays / saturdays == pytest.approx(1.3 / 0.8, rel=0.25)


def test_luck_is_as_often_good_and_bad_as_the_file_says() -> None:
    scenario = small(people=1500)
    people = make_world(scenario, 1).people
    exams = [attempt for person in people for attempt in person.attempts["exam"]]
    came = [attempt for attempt in exams if attempt.comes]
    assert fmean(not attempt.comes for attempt in exams) == pytest.approx(0.08, abs=0.02)
    assert fmean(attempt.walks_in for attempt in exams) == pytest.approx(0.1, abs=0.02)
    assert fmean(attempt.again for attempt in came) == pytest.approx(0.15, abs=0.025)
    assert fmean(attempt.minutes for attempt in came) == pytest.approx(90, rel=0.02)
    assert fmean(attempt.late for attempt in exams) == pytest.approx(-6, abs=1)
    assert {person.elsewhere["registration"] for person in people} == {1, 2, 3, 4, 5, 6}


def test_attempts_end_with_the_one_that_succeeds() -> None:
    for person in make_world(small(people=200), 5).people:
        for attempts in person.attempts.values():
            assert [attempt.comes and not attempt.again for attempt in attempts].index(True) == len(attempts) - 1
