"""Runs every policy over the same worlds and compares them."""

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import Any

import numpy as np

from app.simulation.bound import Bound, lower_bound
from app.simulation.life import Life, Policy
from app.simulation.measure import Tally, measured
from app.simulation.policies.manzil import Manzil
from app.simulation.policies.rivals import Diligent, Sequential, WalkIn
from app.simulation.policies.watch import Watch
from app.simulation.region import Region
from app.simulation.scenario import Scenario
from app.simulation.slots import slots_of
from app.simulation.telling import History, Telling
from app.simulation.world import World, arrivals_by_day, make_world

Say = Callable[[str], None]

RIVALS: Mapping[str, Callable[[Life], Policy]] = {"walk_in": WalkIn, "sequential": Sequential, "diligent": Diligent}
MANZIL = "manzil"
SAMPLE_PEOPLE = 300
FEW_PEOPLE = 300
"""Not worth the time in which other processes begin."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Which seeds, and who of the people: those who enter on the first so many days."""

    seeds: tuple[int, ...]
    arrival_days: int
    whole: bool

    def told(self, scenario: Scenario) -> str:
        if self.whole:
            return f"whole: {scenario.people} people of each of the seeds {', '.join(map(str, self.seeds))}"
        return (
            f"smaller (--full runs the whole): of seed {self.seeds[0]} alone, and only who enters in the first"
            f" {self.arrival_days} of {scenario.arrival_days} days, so that points are emptier"
        )


def sample_of(scenario: Scenario, *, full: bool) -> Sample:
    """All; or, of the first seed, the first days on which no more than `SAMPLE_PEOPLE` enter."""
    if full:
        return Sample(scenario.seeds, scenario.arrival_days, whole=True)
    entered = np.cumsum(arrivals_by_day(scenario, scenario.seeds[0]))
    days = max(1, int(np.searchsorted(entered, SAMPLE_PEOPLE, side="right")))
    return Sample(scenario.seeds[:1], days, whole=False)


def play(world: World, policy: str) -> Life:
    """One run to its end."""
    region = Region(world.scenario, world.timeline, slots_of(world.scenario))
    life = Life(world, region)
    if policy in RIVALS:
        life.policy = RIVALS[policy](life)
    elif policy == MANZIL:
        history = History(world.timeline)
        for hall in life.halls.values():
            hall.measured = history.measured
        life.tell = Telling(world.scenario.behaviour, history)
        life.policy = manzil = Manzil(life)
        Watch(manzil, life.tell)
    else:
        raise ValueError(f"no policy {policy}")
    life.run()
    return life


def run_policy(scenario: Scenario, seed: int, arrival_days: int, policy: str) -> Tally:
    return measured(play(make_world(scenario, seed, arrival_days), policy))


def run_bound(scenario: Scenario, seed: int, arrival_days: int) -> Bound:
    return lower_bound(make_world(scenario, seed, arrival_days), slots_of(scenario))


@dataclass(frozen=True, slots=True)
class Comparison:
    """`tallies` by policy, and by seed in the order of the sample; `bounds` by seed."""

    sample: Sample
    tallies: Mapping[str, tuple[Tally, ...]]
    bounds: tuple[Bound, ...]


def compare(scenario: Scenario, sample: Sample, say: Say, processes: int | None = None) -> Comparison:
    """Plays everything; with more than one process, side by side."""
    jobs: dict[tuple[str, int], Callable[[], Any]] = {}
    for seed in sample.seeds:
        for policy in (MANZIL, *RIVALS):  # the longest first
            jobs[policy, seed] = partial(run_policy, scenario, seed, sample.arrival_days, policy)
        jobs["bound", seed] = partial(run_bound, scenario, seed, sample.arrival_days)
    few = len(sample.seeds) == 1 and scenario.people <= FEW_PEOPLE
    done = dict(_results(jobs, processes or (1 if few else os.cpu_count() or 1), say))
    return Comparison(
        sample,
        {policy: tuple(done[policy, seed] for seed in sample.seeds) for policy in (*RIVALS, MANZIL)},
        tuple(done["bound", seed] for seed in sample.seeds),
    )


def _results(
    jobs: Mapping[tuple[str, int], Callable[[], Any]], processes: int, say: Say
) -> Iterator[tuple[tuple[str, int], Any]]:
    def told(key: tuple[str, int], result: Any) -> tuple[tuple[str, int], Any]:
        say(f"  {key[0]}, seed {key[1]}: {result.said}")
        return key, result

    if processes == 1:
        for key, job in jobs.items():
            yield told(key, job())
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        futures = {key: pool.submit(job) for key, job in jobs.items()}
        for key, future in futures.items():
            yield told(key, future.result())
