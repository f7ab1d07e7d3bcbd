"""What a benchmark tells, and how measured and ceiling rounds take turns."""

import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_settings import BaseSettings, SettingsConfigDict

from benchmarks.copy import Say
from benchmarks.load import Load


class BenchSettings(BaseSettings):
    """`MANZIL_BENCH_…`: how long one round lasts, how many there are, how many clients; how many reminders are planned;
    of how many people the region's figures are.

    All rounds together must end within the ten minutes that access tokens live.
    """

    model_config = SettingsConfigDict(env_prefix="MANZIL_BENCH_")

    seconds: float = 4.0
    rounds: int = 5
    clients: int = 16
    reminders: int = 1_000_000
    people: int = 200_000


@dataclass(frozen=True)
class Figure:
    """`value` and `ceiling` in `unit`, medians of the same run; `goal` is what `ratio` should reach."""

    name: str
    value: float
    unit: str
    ceiling: float
    goal: float
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return round(self.value / self.ceiling, 4)

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": round(self.value, 3),
            "unit": self.unit,
            "ceiling": round(self.ceiling, 3),
            "ratio": self.ratio,
            "goal": self.goal,
            **self.extra,
        }


def in_turns(
    rounds: int, measure: Callable[[int], Load], ceiling: Callable[[int], float], say: Say
) -> tuple[list[Load], list[float]]:
    """The loads and the ceilings of `rounds` rounds; either goes first in turn, so that drift cancels."""
    loads: list[Load] = []
    ceilings: list[float] = []
    for number in range(rounds):
        if number % 2:
            loads.append(measure(number))
            ceilings.append(ceiling(number))
        else:
            ceilings.append(ceiling(number))
            loads.append(measure(number))
        say(f"  round {number + 1} of {rounds}: {loads[-1].rate:.0f}/s, ceiling {ceilings[-1]:.0f}/s")
    return loads, ceilings


def extras(loads: list[Load], ceilings: list[float], clients: int, processes: int) -> dict[str, Any]:
    """`load_cpu` is the part of one core that the load generator used: far below 1, it was not the bottleneck."""
    return {
        "p50_ms": round(statistics.median(load.p50_ms for load in loads), 2),
        "p99_ms": round(statistics.median(load.p99_ms for load in loads), 2),
        "clients": clients,
        "api_processes": processes,
        "load_cpu": max(load.cpu for load in loads),
        "rounds": rounded(load.rate for load in loads),
        "ceiling_rounds": rounded(ceilings),
    }


def rounded(rates: Iterable[float]) -> list[float]:
    return [round(rate, 1) for rate in rates]
