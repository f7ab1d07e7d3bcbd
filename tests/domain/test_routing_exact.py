"""The planner against every plan there is, for small journeys: nothing better exists, and each alternative is the best
of its kind.
"""

import random
from collections.abc import Sequence
from typing import NamedTuple

import pytest

from app.domain.routing import solving, tours
from app.domain.routing.alternatives import LATER_AT_MOST, LEAST_SAVING, LEAST_SHARE
from app.domain.routing.itinerary import Cost, Itinerary, Plan, Reason, Visit
from app.domain.routing.journey import Journey
from app.domain.routing.planner import plan
from tests.support.journeys import advice_broken, cost_of, every_plan, random_journey, rules_broken, travel_of
from tests.support.sizes import sizes

PARTS = 20


class Known(NamedTuple):
    cost: Cost
    visits: list[Visit]


def small(seed: int) -> Journey:
    rng = random.Random(seed)
    tasks = rng.randint(1, 4)
    return random_journey(
        rng,
        tasks=tasks,
        points=rng.randint(1, 4),
        days=rng.randint(2, 6) if tasks == 4 else rng.randint(2, 9),
        places=rng.choice((0.5, 0.8, 1.1)),
    )


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_better_exists(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    each = sizes().small_journeys // PARTS
    for seed in range(part * each, (part + 1) * each):
        # Whichever way the search goes, what is found must be the same.
        monkeypatch.setattr(tours, "EASY", (12, 1)[seed % 2])
        monkeypatch.setattr(solving, "URGENT", (3, 0, -1)[seed % 3])
        journey = small(seed)
        told = plan(journey)
        known = [Known(cost_of(journey, visits), visits) for visits in every_plan(journey)]
        best = min(known, key=lambda each: each.cost).cost
        assert {each.code for each in told.unplaced} == _left_out(journey, told), seed
        assert len(told.unplaced) == best.unplaced, seed
        if not told.itineraries:
            assert best.unplaced == len(journey.tasks), seed
            continue
        assert told.itineraries[0].cost == best, seed
        for itinerary in told.itineraries:
            agrees_with_itself(journey, itinerary, len([each for each in told.unplaced if each.deadline]))
        alternatives_are_the_best_of_their_kind(journey, told, known)


def _left_out(journey: Journey, told: Plan) -> set[str]:
    placed = {visit.code for itinerary in told.itineraries[:1] for visit in itinerary.visits}
    return {task.code for task in journey.tasks} - placed


def agrees_with_itself(journey: Journey, itinerary: Itinerary, unplaced_deadlines: int) -> None:
    visits = itinerary.visits
    assert rules_broken(journey, visits) == []
    assert cost_of(journey, visits) == itinerary.cost
    assert sum(outing.minutes for outing in itinerary.outings) == travel_of(journey, visits)
    assert sorted(itinerary.broken) == sorted((task, other) for task, other, _ in advice_broken(journey, visits))
    assert len(itinerary.missed) + unplaced_deadlines == itinerary.cost.missed
    assert sum(each.days_late or 0 for each in itinerary.missed) == itinerary.cost.days_late
    for outing in itinerary.outings:
        first, last = outing.visits[0], outing.visits[-1]
        assert 0 <= 5 * (first.start - outing.leaves) - journey.travel.out[first.point] < 5
        assert 0 <= 5 * (outing.back - last.start - last.ticks) - journey.travel.back[last.point] < 5


def alternatives_are_the_best_of_their_kind(journey: Journey, told: Plan, known: Sequence[Known]) -> None:
    best = told.itineraries[0]
    placed = {visit.code for visit in best.visits}
    alike = [
        each
        for each in known
        if {visit.code for visit in each.visits} == placed
        and each.cost[:4] == best.cost[:4]
        and (each.cost.completion - best.cost.completion).days <= LATER_AT_MOST
    ]
    offered = {each.why.reason: each.cost for each in told.itineraries}
    assert len(offered) == len(told.itineraries) <= 3
    assert len({frozenset((v.code, v.day, v.point) for v in each.visits) for each in told.itineraries}) == len(offered)
    for each in told.itineraries:
        assert each.why.outings_saved == best.cost.outings - each.cost.outings
        assert each.why.minutes_saved == best.cost.minutes - each.cost.minutes
        assert each.why.days_later == (each.cost.completion - best.cost.completion).days
    few = min(alike, key=lambda each: (each.cost.outings, each.cost.completion, each.cost.minutes)).cost
    assert offered.get(Reason.FEWER_OUTINGS) == (few if few.outings < best.cost.outings else None)
    near = min(
        (each.cost for each in alike if each.cost.outings <= best.cost.outings),
        key=lambda cost: (cost.minutes, cost.outings, cost.completion),
    )
    saving = best.cost.minutes - near.minutes
    if saving >= LEAST_SAVING and saving * LEAST_SHARE >= best.cost.minutes:
        assert near in {offered.get(Reason.LESS_TRAVEL), offered.get(Reason.FEWER_OUTINGS)}
    else:
        assert Reason.LESS_TRAVEL not in offered
    kept = {task.code for task in journey.tasks if task.kept}
    used = {outing.day for outing in best.outings}
    elsewhere = [each.cost for each in alike if not any(v.day in used and v.code not in kept for v in each.visits)]
    if Reason.OTHER_DAYS in offered:
        assert offered[Reason.OTHER_DAYS] == min(elsewhere)
    elif len(offered) < 3 and placed - kept and elsewhere:
        assert min(elsewhere) in offered.values()
