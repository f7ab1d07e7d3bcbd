"""Larger journeys: no plan breaks a rule, by rules told apart from the planner; and `check` says what they say."""

import random
from collections.abc import Iterator

import pytest

from app.domain.routing.check import check
from app.domain.routing.itinerary import Visit
from app.domain.routing.journey import Journey
from app.domain.routing.planner import plan
from tests.support.journeys import cost_of, random_journey, rules_broken, starts
from tests.support.sizes import sizes

PARTS = 100


def large(seed: int) -> Journey:
    rng = random.Random(-1 - seed)
    return random_journey(
        rng,
        tasks=rng.randint(3, 7),
        points=rng.randint(3, 14),
        days=rng.randint(6, 24),
        places=rng.choice((0.6, 1.2, 2.5, 4)),
        ticks=rng.choice((40, 80)),
    )


@pytest.mark.parametrize("part", range(PARTS))
def test_no_plan_breaks_a_rule(part: int) -> None:
    each = sizes().large_journeys // PARTS
    for seed in range(part * each, (part + 1) * each):
        journey = large(seed)
        told = plan(journey)
        placed = [{visit.code for visit in itinerary.visits} for itinerary in told.itineraries]
        left_out = {task.code for task in journey.tasks} - (placed[0] if placed else set())
        assert {each.code for each in told.unplaced} == left_out, seed
        assert all(each == placed[0] for each in placed), seed
        for itinerary in told.itineraries:
            assert rules_broken(journey, itinerary.visits) == [], seed
            assert check(journey, itinerary.visits) == [], seed
            assert cost_of(journey, itinerary.visits) == itinerary.cost, seed
            assert itinerary.cost >= told.itineraries[0].cost, seed


@pytest.mark.parametrize("part", range(20))
def test_check_finds_what_is_wrong_and_nothing_else(part: int) -> None:
    each = sizes().large_journeys // 100
    wrong = 0
    for seed in range(part * each, (part + 1) * each):
        journey = large(seed)
        for visits in changed(random.Random(seed), journey):
            broken = rules_broken(journey, visits)
            assert bool(check(journey, visits)) == bool(broken), (seed, broken)
            wrong += bool(broken)
    assert wrong > each


def changed(rng: random.Random, journey: Journey) -> Iterator[list[Visit]]:
    """Plans with a visit moved, left out or made up."""
    for itinerary in plan(journey).itineraries:
        visits = [*itinerary.visits]
        for _ in range(4):
            index = rng.randrange(len(visits))
            other = _anywhere(rng, journey, visits[index].code)
            yield [*visits[:index], *([other] if other else []), *visits[index + 1 :]]
            late = visits[index]._replace(start=visits[index].start + rng.choice((-2, -1, 1, 3)))
            yield [*visits[:index], late, *visits[index + 1 :]]


def _anywhere(rng: random.Random, journey: Journey, code: str) -> Visit | None:
    places = [
        Visit(code, row.point, day, start, row.ticks)
        for day, rows in journey.openings[code].items()
        for row in rows
        for start in starts(row)
    ]
    return rng.choice([*places, None])
