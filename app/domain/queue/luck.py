"""Draws that are stratified and always the same: an estimate moves when the queue does, never by itself.

Every array is of `DRAWS` outcomes.
"""

from collections.abc import Sequence
from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

from app.domain.queue.service_times import Pace

Floats = NDArray[np.float64]

DRAWS = 119

_GRID = np.linspace(-8.0, 8.0, 3201)
_BELOW = np.array([erfc(-z / sqrt(2)) / 2 for z in _GRID])


def below(z: Floats) -> Floats:
    """The standard normal distribution function, to about 1e-6."""
    found: Floats = np.interp(z, _GRID, _BELOW)
    return found


def quantile(p: Floats) -> Floats:
    """Its inverse."""
    found: Floats = np.interp(p, _BELOW, _GRID)
    return found


_DICE = np.random.default_rng(20260901)
_EVEN: list[Floats] = [(_DICE.permutation(DRAWS) + _DICE.random(DRAWS)) / DRAWS for _ in range(512)]
_NORMAL = [quantile(column) for column in _EVEN]


class Luck:
    """Draws for one estimate, handed out one after another."""

    def __init__(self) -> None:
        self._next = 0

    def normal(self) -> Floats:
        """Standard normal ones."""
        return self._column(_NORMAL)

    def even(self) -> Floats:
        """Evenly between 0 and 1."""
        return self._column(_EVEN)

    def _column(self, of: Sequence[Floats]) -> Floats:
        self._next += 1
        return of[self._next % len(of)]


class Speed:
    """How fast a service is given in each outcome: mean and spread of the logarithm of minutes."""

    def __init__(self, luck: Luck, pace: Pace) -> None:
        evidence = max(pace.evidence, 3.0)
        # Chi-square over its degrees of freedom, after Wilson and Hilferty (1931).
        ratio = np.maximum(1 - 2 / (9 * evidence) + luck.normal() * sqrt(2 / (9 * evidence)), 0.3) ** 3
        self._mean = pace.mean + pace.doubt * luck.normal()
        self._spread = pace.spread / np.sqrt(ratio)

    def minutes(self, luck: Luck) -> Floats:
        """One visit's length."""
        taken: Floats = np.exp(self._mean + self._spread * luck.normal())
        return taken

    def rest(self, luck: Luck, so_far: float) -> Floats:
        """What is left of a visit that has lasted for so many minutes: who was served for long is not done sooner."""
        so_far = max(so_far, 1e-3)
        reached = (np.log(so_far) - self._mean) / self._spread
        left = luck.even()
        within = -quantile(left * below(-reached))
        # Far out in the tail, where this is exact and the table is not.
        beyond = np.sqrt(np.square(np.maximum(reached, 1.0)) - 2 * np.log(left))
        whole = np.exp(self._mean + self._spread * np.where(reached > 5.0, beyond, within))  # noqa: PLR2004
        rest: Floats = np.maximum(whole - so_far, 0.0)
        return rest


def arrivals(luck: Luck, due: float, varies: float, never: float) -> Floats:
    """When somebody is here who is not yet, and comes about `due`, normally distributed; infinite for never."""
    by_now = float(below(np.array([-due / varies]))[0])
    # The longer one has been waited for, the likelier it is that they do not come at all.
    absent = never / (never + (1 - never) * (1 - by_now) + 1e-12)
    at = due - varies * quantile(luck.even() * (1 - by_now))
    comes: Floats = np.where(luck.even() < absent, np.inf, np.maximum(at, 0.0))
    return comes
