"""The bound is below everything: every policy's figure, and on tiny worlds the best that can be had at all."""

from itertools import product

import numpy as np
import pytest

from app.simulation.bound import Bound, lower_bound
from app.simulation.capacity import capacity_of
from app.simulation.floors import least_missed, least_out
from app.simulation.measure import measured, unavoidable
from app.simulation.relaxed import Relaxed
from app.simulation.run import MANZIL, RIVALS, play
from app.simulation.scenario import Scenario
from app.simulation.slots import slots_of
from app.simulation.world import World
from tests.simulation.worlds import small, tiny, world

INCIDENTS = [
    {"point": "exam-1", "slower": 1.5, "days": [1, 6]},
    {"point": "police-1", "counters_minus": 1, "days": [9, 14]},
]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("policy", [*RIVALS, MANZIL])
def test_no_policy_is_below_the_bound(policy: str, seed: int) -> None:
    scenario = small(people=70, days=3, counters=2, incidents=INCIDENTS)
    made = world(scenario, seed)
    bound, tally = lower_bound(made, slots_of(scenario), rounds=15), measured(play(made, policy))
    assert 0 <= bound.free <= bound.days <= tally.mean_days
    assert bound.missed <= tally.missed
    assert bound.out <= tally.mean_out


@pytest.mark.parametrize("seed", range(6))
def test_a_tiny_world_cannot_be_done_better_than_the_bound_says(seed: int) -> None:
    """Each exam takes about 100 of the 240 minutes that there are in a day: of four people two or three on one."""
    scenario = tiny(people=4)
    made = world(scenario, seed)
    bound = lower_bound(made, slots_of(scenario))
    best = _best(made)
    assert bound.days <= best + 1e-9
    assert bound.days > bound.free - 1e-9
    assert bound.days >= best - 0.75  # and is not idle: four exams do not fit into one day


def _best(made: World) -> float:
    """Mean days of the best of all schedules, by trying every pair of days for everybody.

    One counter serves those of a day in a row; the last begins before it closes, so the longest had best be last.
    """
    scenario, timeline = made.scenario, made.timeline
    length, last = 240.0, 7
    days = [day for day in range(last) if timeline.date(day).weekday() < 5]
    choices = []
    for person in made.people:
        soonest = 0 if person.entered < 13 * 60 else 1
        choices.append(
            [
                (exam, application)
                for exam in days
                for application in days
                if exam >= soonest and application >= timeline.after_working_days(exam, 2)
            ]
        )
    best = np.inf
    for chosen in product(*choices):
        fits = True
        for number, code in enumerate(("exam", "application")):
            for day in days:
                minutes = [
                    person.attempts[code][0].minutes
                    for person, pair in zip(made.people, chosen, strict=True)
                    if pair[number] == day
                ]
                fits = fits and (not minutes or sum(minutes) - max(minutes) < length)
        if fits:
            less = [unavoidable(scenario, timeline, person) for person in made.people]
            best = min(best, float(np.mean([pair[1] for pair in chosen]) - np.mean(less)))
    return best


def test_any_prices_give_a_bound() -> None:
    """Weak duality: what makes the bound true is not how the prices were found."""
    scenario = small(people=60, days=3, counters=1)
    made = world(scenario)
    relaxed = Relaxed(made, capacity_of(made, slots_of(scenario)))
    played = measured(play(made, "diligent")).mean_days * len(made.people)
    dice = np.random.default_rng(3)
    for scale in (0.0, 1e-4, 1e-3, 1e-2):
        prices = dice.random(relaxed.capacity.minutes.shape) * scale
        assert relaxed.best(prices).value - (prices * relaxed.capacity.minutes).sum() <= played


def test_prices_cost_what_is_used() -> None:
    """The answer's value is its days and its minutes at their prices: so its cuts are those of the LP."""
    scenario = small(people=50, days=3)
    made = world(scenario)
    relaxed = Relaxed(made, capacity_of(made, slots_of(scenario)))
    prices = np.random.default_rng(4).random(relaxed.capacity.minutes.shape) * 1e-3
    answer = relaxed.best(prices)
    assert answer.value == pytest.approx(answer.days.sum() + (answer.used * prices).sum())


def test_more_people_than_counters_make_the_bound_rise() -> None:
    alone, many = _bound(small(people=20, days=3)), _bound(small(people=200, days=3))
    assert alone.days == pytest.approx(alone.free, abs=0.1)
    assert many.days > many.free + 1


def _bound(scenario: Scenario) -> Bound:
    return lower_bound(world(scenario), slots_of(scenario), rounds=20)


def test_what_nobody_can_save_is_counted_by_hand() -> None:
    """A deadline of no days is missed by all; two visits with a result between are two days out."""
    scenario = tiny(people=5)
    made = world(scenario)
    capacity = capacity_of(made, slots_of(scenario))
    assert (least_missed(made, capacity), least_out(made)) == (0, 2.0)
    strict = [step.model_dump(by_alias=True) for step in scenario.steps]
    strict[2]["deadline"] = {"days": 0, "from": "entry"}
    hurried = world(tiny(people=5, steps=strict))
    assert least_missed(hurried, capacity_of(hurried, slots_of(hurried.scenario))) == 5
