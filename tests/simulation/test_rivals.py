"""Rivals do what the scenario's file says of them, word by word."""

from collections import defaultdict

import pytest

from app.domain.points.geo import distance_km
from app.simulation.life import Came, Life
from app.simulation.policies.rivals import REACH_KM
from app.simulation.run import play
from tests.simulation.worlds import packaged, small, tiny, world

ORDER = ["medical", "fingerprints", "exam", "application", "collection"]


@pytest.fixture(scope="module")
def lives() -> dict[str, Life]:
    behaviour = packaged()["behaviour"] | {"no_show": 0.0, "walk_in_share": 0.0}
    made = world(small(people=60, days=4, counters=2, behaviour=behaviour))
    return {policy: play(made, policy) for policy in ("walk_in", "sequential", "diligent")}


def _visits(life: Life) -> list[list[Came]]:
    """Each person's, in order."""
    found: dict[int, list[Came]] = defaultdict(list)
    for each in sorted(life.came, key=lambda each: each.joined):
        found[each.person].append(each)
    return list(found.values())


@pytest.mark.parametrize("policy", ["walk_in", "sequential"])
def test_one_step_at_a_time_in_the_listed_order(lives: dict[str, Life], policy: str) -> None:
    for visits in _visits(lives[policy]):
        steps = [ORDER.index(each.step) for each in visits]
        assert steps == sorted(steps)


def test_walk_in_goes_to_the_nearest_point_in_the_morning_without_booking(lives: dict[str, Life]) -> None:
    life = lives["walk_in"]
    for each in life.came:
        sites = life.region.giving[each.step]
        home = life.world.people[each.person].home
        assert each.point == min(sites, key=lambda site: distance_km(home, site.at)).id
        assert each.booked is None
        opens, closes = life.region.by_id[each.point].sessions(life.timeline.day(each.joined))[0]
        assert opens <= each.joined <= closes


def test_walk_in_leaves_after_so_many_minutes_and_comes_again() -> None:
    life = play(world(tiny(people=12)), "walk_in")
    assert all(journey.finished is not None for journey in life.journeys)
    left = [each for each in life.came if each.left]
    assert left
    assert {round(each.gone - each.joined) for each in left} == {180}
    assert all(each.called is None for each in left)


def test_sequential_has_one_open_booking_and_diligent_all_that_are_not_blocked(lives: dict[str, Life]) -> None:
    """The diligent ones' first three visits need nothing: they are booked at entry, so made in any order and soon."""
    days = {policy: [_first_three(life, visits) for visits in _visits(life)] for policy, life in lives.items()}
    assert sum(days["diligent"]) < sum(days["sequential"]) < sum(days["walk_in"])


def _first_three(life: Life, visits: list[Came]) -> int:
    last = max(each.joined for each in visits if each.step in ORDER[:3])
    return life.timeline.day(last) - life.journeys[visits[0].person].entry_day


@pytest.mark.parametrize("policy", ["sequential", "diligent"])
def test_they_book_within_60_km_where_there_is_a_point(lives: dict[str, Life], policy: str) -> None:
    life = lives[policy]
    for each in life.came:
        home = life.world.people[each.person].home
        km = {site.id: distance_km(home, site.at) for site in life.region.giving[each.step]}
        assert km[each.point] <= REACH_KM or each.point == min(km, key=lambda point: km[point])
        assert each.booked is not None


def test_diligent_takes_the_earliest_free_time_and_sequential_the_nearest_within_a_week() -> None:
    """Two exam points: the near one has one counter, and is full for days when the last of ten people books."""
    points = [
        {"id": "near", "kind": "exam", "services": ["exam"], "lat": 55.8, "lon": 49.1, "counters": 1},
        {"id": "far", "kind": "exam", "services": ["exam"], "lat": 55.6, "lon": 49.1, "counters": 1},
        {"id": "police", "kind": "police", "services": ["application"], "lat": 55.8, "lon": 49.1, "counters": 3},
    ]
    made = world(tiny(people=10, points=points))
    exams = {
        policy: [each for each in play(made, policy).came if each.step == "exam"]
        for policy in ("sequential", "diligent")
    }
    assert {each.point for each in exams["sequential"]} == {"near"}
    assert {each.point for each in exams["diligent"]} == {"near", "far"}
    assert max(each.joined for each in exams["diligent"]) < max(each.joined for each in exams["sequential"])


def test_blocked_steps_wait_for_results() -> None:
    """The application is booked when the exam's result is out, and not before: on its second working day."""
    life = play(world(tiny(people=3)), "diligent")
    for visits in _visits(life):
        exam, application = visits
        day = life.timeline.day(exam.joined)
        assert life.timeline.day(application.joined) == life.timeline.after_working_days(day, 2)
