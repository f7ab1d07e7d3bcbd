"""What forecasts of a history would have been worth, had they been made as it went."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.forecast.history import WEEKS_AHEAD, History, Reals
from app.domain.forecast.intervals import Interval, Scored, interval, scored
from app.domain.forecast.supply import Outlook, outlook

WARM_UP_WEEKS = 16
"""Before so many weeks nothing is known of how long steps take."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """People allowed to work [K, WEEKS_AHEAD], with bounds."""

    outlook: Outlook
    interval: Interval


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Mean absolute errors in people, by week ahead [WEEKS_AHEAD]: of the forecast, of carrying the last number forward
    (`naive`), and of carrying on the last four weeks' change (`drift`). `covered`: share of numbers inside the bounds.
    `width`: of the intervals, in people. `origins`: how many forecasts were looked at.
    """

    error: Reals
    naive: Reals
    drift: Reals
    covered: Reals
    width: Reals
    origins: int

    @property
    def against_naive(self) -> float:
        return float(self.error.mean() / self.naive.mean())

    @property
    def against_drift(self) -> float:
        return float(self.error.mean() / self.drift.mean())

    @property
    def coverage(self) -> float:
        return float(self.covered.mean())


def forecast(history: History) -> Forecast:
    """The forecast of today, with intervals from those of the weeks before."""
    made = outlook(history)
    earlier = _came_due(list(_outlooks(history, history.weeks - 1)), history, history.weeks - 1)
    return Forecast(made, interval(made, earlier))


def backtest(history: History, first: int) -> Accuracy:
    """Of every origin from week `first` on whose 12 weeks have passed, each with only what was known by then."""
    last = history.weeks - 1 - WEEKS_AHEAD
    made = list(_outlooks(history, last + 1))
    allowed = history.allowed.T.astype(float)
    rows = []
    for week, ahead in made:
        if week < first:
            continue
        bounds = interval(ahead, _came_due([one for one in made if one[0] < week], history, week))
        came = allowed[:, week + 1 : week + 1 + WEEKS_AHEAD]
        now, change = allowed[:, week, None], (allowed[:, week, None] - allowed[:, week - 4, None]) / 4
        rows.append(
            [
                np.abs(ahead.allowed - came).mean(axis=0),
                np.abs(now - came).mean(axis=0),
                np.abs(now + change * np.arange(1, WEEKS_AHEAD + 1) - came).mean(axis=0),
                ((bounds.low <= came) & (came <= bounds.high)).mean(axis=0),
                (bounds.high - bounds.low).mean(axis=0),
            ]
        )
    error, naive, drift, covered, width = np.mean(rows, axis=0)
    return Accuracy(error, naive, drift, covered, width, len(rows))


def together(parts: Sequence[Accuracy]) -> Accuracy:
    """Of several histories, each counting the same."""
    columns = [[one.error, one.naive, one.drift, one.covered, one.width] for one in parts]
    error, naive, drift, covered, width = np.mean(columns, axis=0)
    return Accuracy(error, naive, drift, covered, width, sum(part.origins for part in parts))


def _outlooks(history: History, before: int) -> Iterable[tuple[int, Outlook]]:
    return ((week, outlook(history.until(week))) for week in range(WARM_UP_WEEKS, before))


def _came_due(made: Sequence[tuple[int, Outlook]], history: History, now: int) -> list[Scored]:
    """The scores of forecasts made before `now`, of the weeks that have passed by then."""
    allowed = history.allowed.T.astype(float)
    return [scored(week, one, allowed[:, week + 1 : min(now, week + WEEKS_AHEAD) + 1]) for week, one in made]
