"""The people of a simulated world and their luck, drawn by seed before anything happens.

All that a policy cannot change is drawn here, for each person from numbers of their own: all policies meet the same
people, and of the same attempt at the same step the same visit (common random numbers). What the scenario's file leaves
open:

- people enter at any minute of their day; bursts are among the `people`; a home is normally spread to north and east
  around its centre, with `spread_km` as the standard deviation of each;
- what is done elsewhere begins at entry, or when its prerequisites are done, and is done as a day begins, whole days
  later;
- a visit's minutes are log-normal;
- whoever does not come (`no_show`) does not come on the day that was meant, booked or not: life is the same for all
  policies;
- `walk_in_share` is of the visits: before each attempt a person books or simply goes, in the morning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import cos, log, radians, sqrt

import numpy as np

from app.domain.points.geo import EARTH_RADIUS_KM, Coordinates
from app.simulation.parts import Behaviour, Home, Step
from app.simulation.scenario import Scenario
from app.simulation.timeline import Timeline

_KM_PER_DEGREE = EARTH_RADIUS_KM * radians(1)
_ANSWERS = 64


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a visit. `comes`: on the day that was meant. `walks_in`: without booking, at `morning` (0 to 1)
    of the first hours of a day. `late`: minutes after the booked time, below zero before it. `minutes` at a counter
    that works at its usual pace. `again`: has to come again.
    """

    comes: bool
    walks_in: bool
    morning: float
    late: float
    minutes: float
    again: bool


@dataclass(frozen=True, slots=True)
class Person:
    """`entered`: minute since day 0 began. `elsewhere`: days that each step without a visit takes.

    `attempts`: of each visit, up to the one with which it is done. `answers`: evenly between 0 and 1, one for each
    offer that is made.
    """

    number: int
    entered: float
    home: Coordinates
    elsewhere: Mapping[str, int]
    attempts: Mapping[str, tuple[Attempt, ...]]
    answers: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class World:
    """People in the order of entry."""

    scenario: Scenario
    timeline: Timeline
    seed: int
    people: tuple[Person, ...]


def make_world(scenario: Scenario, seed: int, arrival_days: int | None = None) -> World:
    """The world of a seed. `arrival_days`: only those who enter on the first so many days, unchanged."""
    timeline = Timeline(scenario)
    entered = _entries(scenario, timeline, seed)
    people = [_person(scenario, seed, number, minute) for number, minute in enumerate(entered)]
    if arrival_days is not None:
        people = [person for person in people if person.entered < timeline.midnight(arrival_days)]
    return World(scenario, timeline, seed, tuple(people))


def arrivals_by_day(scenario: Scenario, seed: int) -> list[int]:
    """How many people enter on each day."""
    arrivals = scenario.arrivals
    days = [scenario.start + timedelta(days=day) for day in range(scenario.arrival_days)]
    weights = np.array([arrivals.by_weekday[day.weekday()] for day in days], dtype=float)
    if not weights.any():  # a short scenario without one of the weekdays on which people come
        weights += 1
    usual = scenario.people - sum(burst.people for burst in arrivals.bursts)
    count = np.random.default_rng([seed, 0]).multinomial(usual, weights / weights.sum())
    for burst in arrivals.bursts:
        count[burst.day] += burst.people
    return [int(people) for people in count]


def _entries(scenario: Scenario, timeline: Timeline, seed: int) -> list[float]:
    dice = np.random.default_rng([seed, 2])
    return sorted(
        timeline.midnight(day) + float(share) * (timeline.midnight(day + 1) - timeline.midnight(day))
        for day, people in enumerate(arrivals_by_day(scenario, seed))
        for share in dice.random(people)
    )


def _person(scenario: Scenario, seed: int, number: int, entered: float) -> Person:
    dice = np.random.default_rng([seed, 1, number])
    shares = np.array([home.share for home in scenario.homes])
    home = scenario.homes[int(dice.choice(len(shares), p=shares / shares.sum()))]
    return Person(
        number=number,
        entered=entered,
        home=_near(home, dice),
        elsewhere={
            step.code: int(dice.integers(step.done_after_days.min, step.done_after_days.max, endpoint=True))
            for step in scenario.steps
            if step.done_after_days is not None
        },
        attempts={step.code: _attempts(step, scenario.behaviour, dice) for step in scenario.visits},
        answers=tuple(float(answer) for answer in dice.random(_ANSWERS)),
    )


def _near(home: Home, dice: np.random.Generator) -> Coordinates:
    north, east = (float(km) for km in dice.normal(0.0, home.spread_km, 2))
    return home.lat + north / _KM_PER_DEGREE, home.lon + east / (_KM_PER_DEGREE * cos(radians(home.lat)))


def _attempts(step: Step, behaviour: Behaviour, dice: np.random.Generator) -> tuple[Attempt, ...]:
    attempts: list[Attempt] = []
    while not attempts or attempts[-1].again or not attempts[-1].comes:
        attempts.append(_attempt(step, behaviour, dice))
    return tuple(attempts)


def _attempt(step: Step, behaviour: Behaviour, dice: np.random.Generator) -> Attempt:
    assert step.visit_minutes is not None  # noqa: S101 - only visits are attempted
    mean, cv = step.visit_minutes.mean, step.visit_minutes.cv
    comes, walks_in, morning, again = dice.random(4)
    square = log(1 + cv * cv)
    return Attempt(
        comes=bool(comes >= behaviour.no_show),
        walks_in=bool(walks_in < behaviour.walk_in_share),
        morning=float(morning),
        late=float(dice.normal(behaviour.lateness_minutes.mean, behaviour.lateness_minutes.sd)),
        minutes=float(dice.lognormal(log(mean) - square / 2, sqrt(square))),
        again=bool(comes >= behaviour.no_show and again < step.outcome.come_again),
    )
