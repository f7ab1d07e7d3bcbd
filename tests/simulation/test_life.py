"""What must hold whatever the policy: nobody is lost, no counter serves two, hours and prerequisites are kept."""

from collections import defaultdict
from itertools import pairwise

import pytest

from app.simulation.life import Came, Life
from app.simulation.measure import missed, unavoidable
from app.simulation.run import MANZIL, RIVALS, play
from tests.simulation.worlds import small, world

INCIDENTS = [
    {"point": "medical-1", "closed_days": [2, 3]},
    {"point": "exam-1", "slower": 1.5, "days": [1, 6]},
    {"point": "police-1", "counters_minus": 1, "days": [9, 14]},
]
POLICIES = [*RIVALS, MANZIL]


@pytest.fixture(scope="module", params=POLICIES)
def life(request: pytest.FixtureRequest) -> Life:
    """A run with few counters, in which much goes wrong."""
    scenario = small(people=80, days=4, counters=2, incidents=INCIDENTS)
    return play(world(scenario), request.param)


def test_nobody_is_lost(life: Life) -> None:
    for journey in life.journeys:
        assert journey.finished is not None
        assert set(journey.done) == {step.code for step in life.scenario.steps}
        assert not journey.visits
        assert all(journey.tried[code] == len(tried) for code, tried in journey.person.attempts.items())


def test_every_visit_that_was_begun_came_to_an_end(life: Life) -> None:
    came = sum(
        attempt.comes for journey in life.journeys for tried in journey.person.attempts.values() for attempt in tried
    )
    assert sum(each.called is not None for each in life.came) == came
    assert all(not hall.line and not hall.serving for hall in life.halls.values())


def test_the_ledger_is_never_overdrawn_and_counts_what_was_booked(life: Life) -> None:
    for site in life.region.sites:
        for day in range(life.scenario.horizon_days):
            made = site.day(day)
            if made is not None:
                assert all(0 <= used <= most for used, most in zip(made.used, made.capacity, strict=True))


def test_no_more_are_served_at_once_than_there_are_counters(life: Life) -> None:
    served: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for each in life.came:
        if each.called is not None:
            served[each.point] += [(each.called, 1), (each.called + _minutes(life, each), -1)]
    for point, changes in served.items():
        at_once = 0
        for minute, change in sorted(changes):
            at_once += change
            day = life.timeline.day(minute)
            assert at_once <= life.region.counters(life.region.by_id[point], day)


def test_counters_call_only_while_the_point_is_open(life: Life) -> None:
    for each in life.came:
        if each.called is not None:
            sessions = life.region.by_id[each.point].sessions(life.timeline.day(each.called))
            assert any(opens <= each.called < closes for opens, closes in sessions)


def test_nobody_is_in_two_places(life: Life) -> None:
    visits: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for each in life.came:
        ended = each.gone if each.called is None else each.called + _minutes(life, each)
        visits[each.person].append((each.joined, ended))
    for stretches in visits.values():
        assert all(before[1] <= after[0] + 1e-6 for before, after in pairwise(sorted(stretches)))


def test_prerequisites_results_and_terms_are_kept(life: Life) -> None:
    timeline = life.timeline
    for journey in life.journeys:
        for step in life.scenario.visits:
            begun = min(
                each.joined for each in life.came if (each.person, each.step) == (journey.person.number, step.code)
            )
            for code in step.hard_prerequisites:
                assert journey.good[code] <= begun + 1e-6
                term = step.not_before_working_days_after.get(code, 0)
                assert timeline.after_working_days(timeline.day(journey.done[code]), term) <= timeline.day(begun)


def test_days_are_never_fewer_than_the_unavoidable(life: Life) -> None:
    for journey in life.journeys:
        assert journey.finished is not None
        days = life.timeline.day(journey.finished) - journey.entry_day
        assert days >= unavoidable(life.scenario, life.timeline, journey.person)
        assert missed(life, journey) <= 4


def test_nobody_is_called_at_a_closed_point(life: Life) -> None:
    assert not [each for each in life.came if each.point == "medical-1" and life.timeline.day(each.joined) in (2, 3)]


def _minutes(life: Life, came: Came) -> float:
    """How long the visit took: the attempt is told by the order in which a person came."""
    attempts = [a for a in life.world.people[came.person].attempts[came.step] if a.comes]
    before = [
        each
        for each in life.came
        if (each.person, each.step) == (came.person, came.step)
        and each.called is not None
        and each.called < (came.called or 0)
    ]
    day = life.timeline.day(came.called or 0)
    return attempts[len(before)].minutes * life.region.slower(came.point, day)
