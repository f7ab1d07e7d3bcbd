"""What a forecast of labour supply is made from: counts by week, and nothing about anybody.

Weeks are numbered from 0. A *sighting* is one person in progress at the end of a week, counted in the cell they were
in; its *lag* is how many weeks later they were allowed to work. Whoever enters in week `t` is also sighted at the end
of `t - 1` in a cell of its own, so that lag 1 is the week of entry itself.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]

WEEKS_AHEAD = 12
STANDING_WEEKS = 52
"""A permission that holds for longer is counted as one that holds for so long."""
LEFT, SINCE, BOOKED = 10, 4, 6
"""How many values each part of a cell has; what is beyond the last is counted as the last."""
CELLS = LEFT * SINCE * BOOKED


def cell_of(left: int, since: int, booked: int | None) -> int:
    """The cell of somebody with so many steps `left` (at least 1), whose last progress was `since` weeks ago, and
    whose last booked visit is so many weeks ahead (0: within one week; None: nothing is booked).
    """
    ahead = 0 if booked is None else 1 + min(booked, BOOKED - 2)
    return (min(left, LEFT) - 1) * SINCE * BOOKED + min(since, SINCE - 1) * BOOKED + ahead


@dataclass(frozen=True, slots=True)
class History:
    """`T` weeks of a region with `K` occupations.

    - `arrivals` [T, K]: people who began a pathway to work in the week.
    - `entries` [T, 1 + WEEKS_AHEAD]: those of week t by lag, 0 where they were not allowed within WEEKS_AHEAD.
    - `sighted` [T, K, CELLS]: people in progress at the end of the week.
    - `lags` [T, CELLS, 1 + WEEKS_AHEAD]: the same people of all occupations, by lag.
    - `standing` [T, K, STANDING_WEEKS]: people allowed to work at the end of the week, by full weeks that are left.
    - `granted`, `renewed` [T, STANDING_WEEKS]: first permissions and renewals of the week, by the weeks they hold for.
    - `ended` [T]: permissions that were due in the week and not renewed.

    Counts of lags that reach beyond the last week are those seen so far: `until` says how.
    """

    occupations: tuple[str, ...]
    arrivals: Counts
    entries: Counts
    sighted: Counts
    lags: Counts
    standing: Counts
    granted: Counts
    renewed: Counts
    ended: Counts

    @property
    def weeks(self) -> int:
        return len(self.arrivals)

    @property
    def allowed(self) -> Counts:
        """People allowed to work, [T, K]."""
        return np.asarray(self.standing.sum(axis=2), dtype=np.int64)

    def until(self, week: int) -> "History":
        """What was known at the end of `week`. Later lags stay in the arrays; `app.domain.forecast.landmark` reads of
        them only those that had passed.
        """
        end = week + 1
        return History(
            self.occupations,
            self.arrivals[:end],
            self.entries[:end],
            self.sighted[:end],
            self.lags[:end],
            self.standing[:end],
            self.granted[:end],
            self.renewed[:end],
            self.ended[:end],
        )
