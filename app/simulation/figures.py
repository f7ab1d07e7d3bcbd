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
    """One object for each policy, the bound, and each figure with a goal: `name`, `value`, `unit`, and more.

    Beside a figure: `by_seed`; and `at_bound`, what it would be if Manzil were as good as the lower bound, so that a
    goal below it cannot be met by anybody.
    """
    whole = {policy: reduce(add, tallies) for policy, tallies in comparison.tallies.items()}
    for policy in (*RIVALS, MANZIL):
        yield _policy_line(policy, whole[policy], comparison.tallies[policy])
    yield _bound_line(comparison.bounds)
    by_seed = [
        {policy: tallies[number] for policy, tallies in comparison.tallies.items()}
        for number in range(len(comparison.bounds))
    ]
    for name, goal in GOALS.items():
        value = _value(name, whole, comparison.bounds)
        yield {
            "name": f"simulation.{name}",
            "value": _rounded(value),
            "unit": "minutes" if name.endswith("minutes") else "share" if name.endswith("coverage") else "ratio",
            "goal": goal.told,
            "met": goal.met(value),
            "sample": (comparison.sample.whole and "whole") or "smaller",
            "by_seed": [
                _rounded(_value(name, tallies, [bound]))
                for tallies, bound in zip(by_seed, comparison.bounds, strict=True)
            ],
            "at_bound": _rounded(_at_bound(name, whole, comparison.bounds)),
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


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


_OF: dict[str, tuple[Callable[[Tally], float], Callable[[Bound], float]]] = {
    "days": (lambda tally: tally.mean_days, lambda bound: bound.days * bound.people),
    "late": (lambda tally: tally.mean_missed, lambda bound: bound.missed * bound.people),
    "trips": (lambda tally: tally.mean_out, lambda bound: bound.out * bound.people),
}
"""What is compared: of a policy's runs, and of a bound, so that the sum over people is the same kind of mean."""


def _value(name: str, whole: dict[str, Tally], bounds: Sequence[Bound]) -> float | None:
    ours = whole[MANZIL]
    if name == "wait_p95_minutes":
        return ours.wait_p95
    if name == "wait_p90_coverage":
        return ours.coverage
    what, _, rival = name.partition("_vs_")
    mine = _OF[what][0](ours)
    return _ratio(mine, _bound(what, bounds) if rival == "bound" else _OF[what][0](whole[rival]))


def _at_bound(name: str, whole: dict[str, Tally], bounds: Sequence[Bound]) -> float | None:
    what, _, rival = name.partition("_vs_")
    if what not in _OF:
        return None
    return 1.0 if rival == "bound" else _ratio(_bound(what, bounds), _OF[what][0](whole[rival]))


def _bound(what: str, bounds: Sequence[Bound]) -> float:
    return sum(map(_OF[what][1], bounds)) / max(1, sum(bound.people for bound in bounds))


def _ratio(mine: float, theirs: float) -> float | None:
    """Where a rival does nothing wrong, nothing wrong is as good."""
    return mine / theirs if theirs else (1.0 if not mine else None)
