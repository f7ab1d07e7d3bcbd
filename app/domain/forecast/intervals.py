"""Intervals that hold what they say: from how far off earlier forecasts of the same history were.

Split conformal prediction (Vovk et al. 2005; Lei et al. 2018) on rolling origins: each earlier forecast that has come
due leaves a score, its error over the scale that it had, by week ahead. The quantiles of the scores of a week ahead
and its neighbours, times the scale of today, bound the interval. Errors are signed: a forecast that was always too
low gets an interval that reaches up.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.forecast.history import WEEKS_AHEAD, Reals
from app.domain.forecast.supply import Outlook

LEVEL = 0.8
FEWEST = 8
"""Earlier forecasts without which an interval is the model's own (normal, by its scale) and is said to be."""
NEIGHBOURS = 1
_NORMAL_90 = 1.2816


@dataclass(frozen=True, slots=True)
class Scored:
    """An earlier forecast: its week of origin, and its scores [K, as many weeks ahead as have come due]."""

    week: int
    scores: Reals


def scored(week: int, forecast: Outlook, came: Reals) -> Scored:
    """`came`: what was there at the end of the weeks ahead [K, up to WEEKS_AHEAD]."""
    due = came.shape[1]
    return Scored(week, (came - forecast.allowed[:, :due]) / forecast.scale[:, :due])


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds [K, WEEKS_AHEAD], at LEVEL. `learned`: from earlier forecasts."""

    low: Reals
    high: Reals
    learned: bool


def interval(forecast: Outlook, earlier: Sequence[Scored], level: float = LEVEL) -> Interval:
    """Bounds of a forecast. `earlier`: forecasts of the same history, as far as they have come due."""
    lows, highs = np.full(WEEKS_AHEAD, -_NORMAL_90), np.full(WEEKS_AHEAD, _NORMAL_90)
    learned = len(earlier) >= FEWEST
    if learned:
        for ahead in range(WEEKS_AHEAD):
            around = _around(earlier, ahead)
            if around.size:
                lows[ahead], highs[ahead] = _bounds(around, level)
    low = np.maximum(0.0, forecast.allowed + lows * forecast.scale)
    return Interval(low, np.maximum(low, forecast.allowed + highs * forecast.scale), learned)


def _around(earlier: Sequence[Scored], ahead: int) -> Reals:
    """Scores of a week ahead and its neighbours, of all occupations."""
    reach = slice(max(0, ahead - NEIGHBOURS), ahead + NEIGHBOURS + 1)
    found = [one.scores[:, reach].ravel() for one in earlier if one.scores.shape[1] > ahead]
    return np.concatenate(found) if found else np.empty(0)


def _bounds(scores: Reals, level: float) -> tuple[float, float]:
    """The outer order statistics that a finite sample needs."""
    tail = (1 - level) / 2
    few = 1 / (scores.size + 1)
    return (
        float(np.quantile(scores, max(0.0, tail - few), method="lower")),
        float(np.quantile(scores, min(1.0, 1 - tail + few), method="higher")),
    )
