"""A clairvoyant lower bound on the days from entry to the patent, by Lagrangian relaxation.

It knows who comes when and all luck. Time is whole days; a visit may be made on any day on which a point that gives it
is open, at any of them. What is kept: hours and calendars, closed days, fewer and slower counters, prerequisites,
results and terms, retakes, days lost by not coming, and of each group of points that share services the counter-minutes
of each day (see `charges`). What is relaxed: visits may be cut in pieces (of one day's minutes to another's) and need
no whole counter; the order within a day, the way, lateness and closing times on the day of entry are not minded.

The capacity rows are taken into the objective with prices ≥ 0 (days per minute). Then each person's best days can be
found alone, exactly, and by weak duality the sum is a true bound for *any* prices: nothing depends on how well they
were found. They are found by cutting planes (Kelley, in a box), an LP (HiGHS) in each round, whose optimum is that of
the LP over all persons' days; what is still missing to it at most is told (`gap`).
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import highspy
import numpy as np
from numpy.typing import NDArray

from app.simulation.capacity import capacity_of
from app.simulation.floors import least_missed, least_out
from app.simulation.relaxed import Answer, Relaxed
from app.simulation.slots import Slots
from app.simulation.world import World

Floats = NDArray[np.float64]

ROUNDS = 60
CLOSE = 0.005
"""Of the best, by which it may be missed."""
_REACH, _LEAST_REACH = 0.002, 1e-6
_GOOD = 0.1


@dataclass(frozen=True, slots=True)
class Bound:
    """`days`: no policy has fewer, in the mean of all `people`, less the unavoidable. `gap`: so much, at most, the best
    prices would add to it. `rounds` of the method.

    Were there counters without end: `free` days; at least so many deadlines `missed` by all, and days `out` by each.
    """

    people: int
    days: float
    gap: float
    rounds: int
    free: float
    missed: int
    out: float

    @property
    def said(self) -> str:
        return f"at least {self.days:.3f} days (the LP itself at most {self.gap:.3f} more)"


def lower_bound(world: World, slots: Slots, rounds: int = ROUNDS) -> Bound:
    """In days, as `app.simulation.measure` counts them. `rounds` at most; fewer if the best is found."""
    relaxed = Relaxed(world, capacity_of(world, slots))
    search = _Search(relaxed, world.scenario.arrival_days)
    free = search.best
    while search.rounds < rounds and search.goes_on():
        pass
    people = max(1, len(world.people))
    return Bound(
        people=people,
        days=search.best / people,
        gap=max(0.0, search.above - search.best) / people,
        rounds=search.rounds,
        free=free / people,
        missed=least_missed(world, relaxed.capacity),
        out=least_out(world),
    )


class _Search:
    """For the prices with the best bound: `best` is the highest so far, `above` what none is higher than.

    Each round trusts the LP near the best prices only (a box of half-width `reach`), the farther the better it did.
    """

    def __init__(self, relaxed: Relaxed, entries: int) -> None:
        self._relaxed = relaxed
        self._minutes = relaxed.capacity.minutes
        self._master = _Master(self._minutes, entries)
        self._centre = np.zeros_like(self._minutes)
        self._reach = _REACH
        self.rounds = 0
        self.best, self.above = -np.inf, np.inf
        self._look(self._centre)

    def goes_on(self) -> bool:
        """One more round; False when the best is close enough to what there can be."""
        self.rounds += 1
        prices, promised, inside = self._master.solve(self._centre, self._reach)
        if inside:
            self.above = min(self.above, promised)
        if promised - self.best <= CLOSE * max(1.0, self.best):
            self._reach *= 4
            return not inside
        before = self.best
        value = self._look(prices)
        if value > before + _GOOD * (promised - before):
            self._centre, self._reach = prices, self._reach * 2
        elif value < before:
            self._reach = max(_LEAST_REACH, self._reach / 2)
        return True

    def _look(self, prices: Floats) -> float:
        answer = self._relaxed.best(prices)
        self._master.cut(answer)
        value = answer.value - float((prices * self._minutes).sum())
        self.best = max(self.best, value)
        return value


class _Master:
    """The LP of the cutting planes: the best prices as far as the answers so far tell, near some."""

    def __init__(self, minutes: Floats, entries: int) -> None:
        self._shape = minutes.shape
        self._solver = _quiet_solver()
        self._solver.setOptionValue("output_flag", False)  # noqa: FBT003 - the library's
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


def _quiet_solver() -> highspy.Highs:
    """The library greets on the process's standard output as it begins, whatever it is told afterwards."""
    sys.stdout.flush()
    kept = os.dup(1)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        try:
            return highspy.Highs()  # type: ignore[no-untyped-call]
        finally:
            os.dup2(kept, 1)
            os.close(kept)
