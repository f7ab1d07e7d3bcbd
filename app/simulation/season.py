"""A long season of the scenario's region, counted by weeks: the history that forecasts of labour supply are tried on.

The world is the scenario's, drawn out: about as many people a week as its points can serve, for as many weeks as asked,
with a wave of the year, waves of weeks, and incidents at points. What the scenario knows nothing of is drawn here:

- an occupation for each person, whose shares drift;
- permissions that hold for whole months and are renewed or not; a share that is renewed of that season's own;
- people who were allowed to work before the season began.
"""

from collections.abc import Generator, Iterator
from datetime import timedelta

import numpy as np
from simpy import Event

from app.domain.forecast.history import CELLS, STANDING_WEEKS, WEEKS_AHEAD, Counts, History, cell_of
from app.simulation.journey import Journey
from app.simulation.life import Life
from app.simulation.policies.rivals import Diligent
from app.simulation.region import Region
from app.simulation.scenario import Scenario
from app.simulation.slots import slots_of
from app.simulation.world import make_world

OCCUPATIONS = ("71", "83", "51", "93", "72")
"""ISCO-08: builders, drivers, personal services, labourers, metal and machinery."""
_SHARES = (0.38, 0.2, 0.17, 0.15, 0.1)
_MONTHS = ((1, 0.15), (3, 0.3), (6, 0.25), (12, 0.3))
"""For how many months permissions hold, and how often."""
_WEEKS_A_MONTH = 52 / 12
_RENEWED = (0.6, 0.8)
_WAVE = (0.15, 0.45)
"""Between which the amplitude of the year's wave lies, as a share of the mean."""
_INCIDENTS_A_YEAR = 10


def season_scenario(base: Scenario, seed: int, *, weeks: int, people_a_week: int) -> Scenario:
    """The scenario drawn out, with its points' counters in proportion to the people."""
    dice = np.random.default_rng([seed, 7])
    by_week = _arrivals(dice, weeks, people_a_week)
    load = people_a_week / (base.people / (base.arrival_days / 7))
    points = [
        point.model_copy(update={"counters": max(1, round(point.counters * load * 1.1))}) for point in base.points
    ]
    bursts = [
        {"day": 7 * week + int(dice.integers(7)), "people": int(more)} for week, more in enumerate(by_week) if more
    ]
    data = base.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return Scenario.model_validate(
        data
        | {
            "start": (base.start - timedelta(days=base.start.weekday())).isoformat(),
            "arrival_days": 7 * weeks,
            "horizon_days": 7 * weeks,
            "people": int(by_week.sum()),
            "arrivals": {"by_weekday": base.arrivals.by_weekday, "bursts": bursts},
            "points": [point.model_dump(mode="json") for point in points],
            "incidents": list(_incidents(dice, base, weeks)),
        }
    )


def _arrivals(dice: np.random.Generator, weeks: int, mean: int) -> Counts:
    """People by week: a wave of the year, a slow drift, and what is chance."""
    amplitude, phase = dice.uniform(*_WAVE), dice.uniform(0, 2 * np.pi)
    week = np.arange(weeks)
    wave = 1 + amplitude * np.sin(2 * np.pi * week / 52 + phase)
    drift = np.exp(np.cumsum(dice.normal(0, 0.03, weeks)))
    shape = 25.0
    return np.asarray(dice.poisson(mean * wave * drift * dice.gamma(shape, 1 / shape, weeks)), dtype=np.int64)


def _incidents(dice: np.random.Generator, base: Scenario, weeks: int) -> Iterator[dict[str, object]]:
    for _ in range(round(_INCIDENTS_A_YEAR * weeks / 52)):
        point, first = base.points[int(dice.integers(len(base.points)))].id, int(dice.integers(7 * weeks - 14))
        days = int(dice.integers(2, 11))
        if dice.random() < 0.5:  # noqa: PLR2004 - as often as not
            yield {"point": point, "closed_days": list(range(first, first + days))}
        else:
            yield {"point": point, "days": [first, first + days], "slower": 1.4}


def play_season(scenario: Scenario, seed: int) -> History:
    """Plays it with people who book for themselves. Minutes for tens of thousands, seconds for a few thousand."""
    world = make_world(scenario, seed)
    life = Life(world, Region(scenario, world.timeline, slots_of(scenario)))
    life.policy = Diligent(life)
    weeks = scenario.horizon_days // 7
    sightings: list[tuple[int, int, int]] = []
    life.env.process(_watch(life, weeks, sightings))
    life.run()
    return _counted(life, weeks, sightings, np.random.default_rng([seed, 8]))


def _watch(life: Life, weeks: int, sightings: list[tuple[int, int, int]]) -> Generator[Event, object, None]:
    """At the end of each week, who is how far."""
    for week in range(weeks):
        end = life.timeline.midnight(7 * (week + 1)) - 1
        yield life.env.timeout(end - life.env.now)
        sightings += [
            (week, journey.person.number, _cell(life, journey))
            for journey in life.journeys
            if journey.person.entered <= end and journey.finished is None
        ]


def _cell(life: Life, journey: Journey) -> int:
    today = life.timeline.day(life.env.now)
    moved = life.timeline.day(max(journey.done.values(), default=journey.person.entered))
    last = max((visit.day for visit in journey.visits.values() if visit.place is not None), default=None)
    ahead = None if last is None else max(0, (last - today - 1) // 7)
    return cell_of(len(life.scenario.steps) - len(journey.done), (today - moved) // 7, ahead)


def _counted(life: Life, weeks: int, sightings: list[tuple[int, int, int]], dice: np.random.Generator) -> History:
    kinds = len(OCCUPATIONS)
    entered = np.array([life.timeline.day(j.person.entered) // 7 for j in life.journeys])
    done = np.array([weeks if j.finished is None else life.timeline.day(j.finished) // 7 for j in life.journeys])
    occupation = _occupations(dice, entered, weeks)
    arrivals = np.zeros((weeks, kinds), dtype=np.int64)
    np.add.at(arrivals, (entered, occupation), 1)
    entries = np.zeros((weeks, 1 + WEEKS_AHEAD), dtype=np.int64)
    np.add.at(entries, (entered, _lag(done - entered + 1)), 1)
    week, person, cell = np.array(sightings, dtype=np.int64).reshape(-1, 3).T
    sighted = np.zeros((weeks, kinds, CELLS), dtype=np.int64)
    np.add.at(sighted, (week, occupation[person], cell), 1)
    lags = np.zeros((weeks, CELLS, 1 + WEEKS_AHEAD), dtype=np.int64)
    np.add.at(lags, (week, cell, _lag(done[person] - week)), 1)
    begun = [(int(w), int(k)) for w, k in zip(done, occupation, strict=True) if w < weeks]
    standing, granted, renewed, ended = _permissions(dice, weeks, begun, arrivals.sum() / weeks)
    return History(OCCUPATIONS, arrivals, entries, sighted, lags, standing, granted, renewed, ended)


def _lag(weeks: Counts) -> Counts:
    return np.where(weeks > WEEKS_AHEAD, 0, weeks)


def _occupations(dice: np.random.Generator, entered: Counts, weeks: int) -> Counts:
    """Of each person, with shares that go from one mix to another in the season."""
    first, last = (dice.dirichlet(np.array(_SHARES) * 60) for _ in range(2))
    way = (entered / max(1, weeks))[:, None]
    bounds = np.cumsum(first * (1 - way) + last * way, axis=1)
    drawn = (dice.random(len(entered))[:, None] > bounds).sum(axis=1)
    return np.asarray(np.minimum(drawn, len(OCCUPATIONS) - 1), dtype=np.int64)


def _permissions(
    dice: np.random.Generator, weeks: int, begun: list[tuple[int, int]], a_week: float
) -> tuple[Counts, Counts, Counts, Counts]:
    """Standing, granted, renewed and ended of `History`."""
    kinds, kept = len(OCCUPATIONS), dice.uniform(*_RENEWED)
    standing = np.zeros((weeks, kinds, STANDING_WEEKS), dtype=np.int64)
    granted, renewed = (np.zeros((weeks, STANDING_WEEKS), dtype=np.int64) for _ in range(2))
    ended = np.zeros(weeks, dtype=np.int64)
    mean = sum(months * share for months, share in _MONTHS) * _WEEKS_A_MONTH / (1 - kept)
    before = [(-1, int(kind)) for kind in dice.choice(kinds, int(a_week * mean), p=_SHARES)]
    for since, kind in begun + before:
        week, length = since, _held(dice)
        if since < 0:
            length = int(dice.integers(1, length + 1))
        else:
            granted[week, length - 1] += 1
        while True:
            until = week + length  # the last week of it
            for held in range(max(0, week), min(until, weeks)):
                standing[held, kind, until - held - 1] += 1
            if until >= weeks:
                break
            if dice.random() >= kept:
                ended[until] += 1
                break
            week, length = until, _held(dice)
            renewed[week, length - 1] += 1
    return standing, granted, renewed, ended


def _held(dice: np.random.Generator) -> int:
    months = dice.choice([m for m, _ in _MONTHS], p=[share for _, share in _MONTHS])
    return min(STANDING_WEEKS, round(float(months) * _WEEKS_A_MONTH))
