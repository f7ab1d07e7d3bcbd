"""A clairvoyant lower bound on the days from entry to the patent, by Lagrangian relaxation.

It knows who comes when and all luck. Time is whole days; a visit may be made on any day on which a point that gives it
is open, at any of them. What is kept: hours and calendars, closed days, fewer and slower counters, prerequisites,
results and terms, retakes, days lost by not coming, and of each group of points that share services the counter-minutes
of each day (see `charges`). What is relaxed: visits may be cut in pieces (of one day's minutes to another's) and need
no whole counter; the order within a day, the way, lateness and closing times on the day of entry are not minded.

The capacity rows are taken into the objective with prices ≥ 0 (days per minute). Then each person's best days can be
found alone, exactly, and by weak duality the sum is a true bound for *any* prices: nothing depends on how well they were
found. They are found by a cutting-plane method, an LP (HiGHS) in each round, whose optimum is that of the LP over all
persons' days; what is still missing to it is told (`gap`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from app.simulation.capacity import Capacity, capacity_of
from app.simulation.region import Slots
from app.simulation.relaxed import Answer, Relaxed
from app.simulation.world import World

Floats = NDArray[np.float64]

ROUNDS = 60
CLOSE = 0.005
_REACH, _LEAST_REACH = 0.002, 1e-6


@dataclass(frozen=True, slots=True)
class Bound:
    """`days`: no policy has fewer, in the mean of all persons, less the unavoidable. `free`: the same were there
    counters without end. `gap`: so much of `days`, at most, the best prices would add. `rounds` of the method.
    """

    days: float
    free: float
    gap: float
    rounds: int


def lower_bound(world: World, slots: Slots, rounds: int = ROUNDS) -> Bound:
    """In days, as `app.simulation.measure` counts them."""
    relaxed = Relaxed(world, capacity_of(world, slots))
    people = max(1, len(world.people))
    master = _Master(relaxed.capacity.minutes, world.scenario.arrival_days)
    prices = np.zeros_like(relaxed.capacity.minutes)
    answer = relaxed.best(prices)
    master.cut(answer)
    free = best = answer.value
    centre, reach, done, above = prices, _REACH, 0, np.inf
    for done in range(1, rounds + 1):
        prices, promised, inside = master.solve(centre, reach)
        if inside:
            above = min(above, promised)
        if promised - best <= CLOSE * max(1.0, best):
            if inside:
                break
            reach *= 4
            continue
        answer = relaxed.best(prices)
        value = answer.value - float((prices * relaxed.capacity.minutes).sum())
        master.cut(answer)
        if value > best + 0.1 * (promised - best):
            centre, reach = prices, reach * 2
        elif value < best:
            reach = max(_LEAST_REACH, reach / 2)
        best = max(best, value)
    gap = (min(above, promised) - best) if done else 0.0
    return Bound(best / people, free / people, gap / people, done)


class _Master:
    """The LP of the cutting planes: the best prices as far as the answers so far tell, near some."""

    def __init__(self, minutes: Floats, entries: int) -> None:
        self._shape = minutes.shape
        self._solver = highspy.Highs()
        self._solver.setOptionValue("output_flag", False)
        self._entries = entries
        size = minutes.size
        self._solver.addVars(size, np.zeros(size), np.zeros(size))
        self._solver.addVars(entries, np.full(entries, -highspy.kHighsInf), np.full(entries, highspy.kHighsInf))
        costs = np.concatenate([-minutes.ravel(), np.ones(entries)])
        everything = np.arange(size + entries, dtype=np.int32)
        self._solver.changeColsCost(size + entries, everything, costs)
        self._solver.changeObjectiveSense(highspy.ObjSense.kMaximize)

    def cut(self, answer: Answer) -> None:
        """For each day of entry: its people cost no more than at the days of this answer."""
        size = answer.used[0].size
        for entry in range(self._entries):
            used = answer.used[entry].ravel()
            some = np.flatnonzero(used)
            where = np.concatenate([some, [size + entry]]).astype(np.int32)
            what = np.concatenate([-used[some], [1.0]])
            self._solver.addRow(-highspy.kHighsInf, float(answer.days[entry]), len(where), where, what)

    def solve(self, centre: Floats, reach: float) -> tuple[Floats, float, bool]:
        """Prices, the value that they promise, and whether the nearness did not matter."""
        size = centre.size
        low, high = np.maximum(centre.ravel() - reach, 0.0), centre.ravel() + reach
        self._solver.changeColsBounds(size, np.arange(size, dtype=np.int32), low, high)
        self._solver.run()
        found = np.array(self._solver.getSolution().col_value)[:size]
        inside = bool(np.all((found > low + 1e-12) | (low <= 0.0)) and np.all(found < high - 1e-12))
        return found.reshape(self._shape), self._solver.getObjectiveValue(), inside
