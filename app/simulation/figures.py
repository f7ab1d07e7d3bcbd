"""What a comparison tells: the measures of every policy, and the figures that have goals."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

from app.simulation.bound import Bound
from app.simulation.measure import Tally
from app.simulation.run import MANZIL, RIVALS, Comparison


@dataclass(frozen=True, slots=True)
class Goal:
    """`low` and `high` are both allowed."""

    high: float
    low: float | None = None

    def met(self, value: float | None) -> bool | None:
        return None if value is None else value <= self.high and (self.low is None or value >= self.low)

    @property
    def told(self) -> float | list[float]:
        return self.high if self.low is None else [self.low, self.high]


GOALS = {
    "days_vs_sequential": Goal(0.6),
    "days_vs_diligent": Goal(0.85),
    "days_vs_bound": Goal(1.15),
    "late_vs_sequential": Goal(0.1),
    "late_vs_diligent": Goal(0.3),
    "trips_vs_diligent": Goal(0.7),
    "wait_p95_minutes": Goal(10.0),
    "wait_p90_coverage": Goal(0.95, 0.85),
}


def lines(comparison: Comparison) -> Iterator[dict[str, Any]]:
    """One object for each policy, the bound, and each figure with a goal: `name`, `value`, `unit`, and more."""
    whole = {policy: reduce(add, tallies) for policy, tallies in comparison.tallies.items()}
    for policy in (*RIVALS, MANZIL):
        yield _policy_line(policy, whole[policy], comparison.tallies[policy])
    yield _bound_line(comparison.bounds)
    for name, goal in GOALS.items():
        value = _value(name, whole, comparison.bounds)
        yield {
            "name": f"simulation.{name}",
            "value": None if value is None else round(value, 4),
            "unit": "minutes" if name.endswith("minutes") else "share" if name.endswith("coverage") else "ratio",
            "goal": goal.told,
            "met": goal.met(value),
            "sample": (comparison.sample.whole and "whole") or "smaller",
        }


def _policy_line(policy: str, whole: Tally, by_seed: Sequence[Tally]) -> dict[str, Any]:
    told = whole.told()
    return {
        "name": f"simulation.{policy}",
        "value": told.pop("days"),
        "unit": "days",
        **told,
        "days_by_seed": [round(tally.mean_days, 3) for tally in by_seed],
    }


def _bound_line(bounds: Sequence[Bound]) -> dict[str, Any]:
    def mean(of: Callable[[Bound], float]) -> float:
        return round(sum(map(of, bounds)) / len(bounds), 4)

    return {
        "name": "simulation.bound",
        "value": mean(lambda bound: bound.days),
        "unit": "days",
        "gap": mean(lambda bound: bound.gap),
        "days_without_queues": mean(lambda bound: bound.free),
        "deadlines_missed": mean(lambda bound: bound.missed),
        "days_out": mean(lambda bound: bound.out),
        "days_by_seed": [round(bound.days, 3) for bound in bounds],
    }


def _value(name: str, whole: dict[str, Tally], bounds: Sequence[Bound]) -> float | None:
    ours = whole[MANZIL]
    if name == "wait_p95_minutes":
        return ours.wait_p95
    if name == "wait_p90_coverage":
        return ours.coverage
    of = {"days": lambda t: t.mean_days, "late": lambda t: t.mean_missed, "trips": lambda t: t.mean_out}
    what, _, rival = name.partition("_vs_")
    if rival == "bound":
        theirs = sum(bound.days * bound.people for bound in bounds) / max(1, sum(bound.people for bound in bounds))
    else:
        theirs = of[what](whole[rival])
    mine = of[what](ours)
    # Where a rival does nothing wrong, nothing wrong is as good.
    return mine / theirs if theirs else (1.0 if not mine else None)
