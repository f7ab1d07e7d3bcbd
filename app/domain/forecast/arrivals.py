"""How many people will begin a pathway to work in the weeks to come."""

import numpy as np

from app.domain.forecast.history import WEEKS_AHEAD, Counts, Reals

YEAR_WEEKS = 52
HALF_LIFE_WEEKS = 4.0
SHARE_HALF_LIFE_WEEKS = 13.0
SMOOTH_WEEKS = 2
"""A season is read from a year ago, each week with so many on either side."""
SEASON_TRUST = 0.7
"""The power to which last year's rise or fall is taken: one year is little to know a season by."""


def expected_arrivals(arrivals: Counts) -> Reals:
    """Expected arrivals [K, WEEKS_AHEAD] from those of each week [T, K], the last of which is now.

    The recent level, spread over occupations as lately; where a year is known, moved as it moved a year ago.
    """
    total = arrivals.sum(axis=1).astype(float)
    weeks = len(total)
    level = _recent(total[:, None], HALF_LIFE_WEEKS)[0]
    shares = _recent(arrivals.astype(float), SHARE_HALF_LIFE_WEEKS)
    shares = shares / shares.sum() if shares.sum() else np.full(arrivals.shape[1], 1 / arrivals.shape[1])
    return np.outer(shares, level * _season(total, weeks))


def _season(total: Reals, weeks: int) -> Reals:
    """By how much each week ahead differs from now, from the same weeks a year ago; ones while there was none."""
    first = weeks - YEAR_WEEKS
    if first < SMOOTH_WEEKS:
        return np.ones(WEEKS_AHEAD)
    base = _recent(total[:first, None], HALF_LIFE_WEEKS)[0]
    if not base:
        return np.ones(WEEKS_AHEAD)
    around = [total[first + ahead - SMOOTH_WEEKS : first + ahead + SMOOTH_WEEKS + 1].mean() for ahead in range(12)]
    return np.asarray((np.maximum(around, 0.05 * base) / base) ** SEASON_TRUST)


def _recent(series: Reals, half_life: float) -> Reals:
    """Weighed means [K] of [T, K], of which the last week weighs most."""
    weight = 0.5 ** (np.arange(len(series) - 1, -1, -1) / half_life)
    return np.asarray(weight @ series / weight.sum())
