"""Somebody who has everything that is told of visits, and linear programming."""

from collections.abc import Mapping

import numpy as np
from scipy.optimize import linprog

from app.domain.disclosure.opening import K
from app.domain.disclosure.rounding import BASE
from app.domain.figures.ground import Ground
from app.domain.figures.visits import OUTCOMES
from tests.services.seasons import Json

CORNER = ("week", "municipality", "point", "outcome", "service", "hour")


class Attacker:
    """Has the whole export of some weeks, knows every point and its hours, and takes each cell for a sum of unknown
    numbers, one for each corner: week, point, outcome, service and hour. Reals instead of whole numbers, which only
    makes its bounds wider where they would not be whole anyway.
    """

    def __init__(self, cells: list[Json], ground: Ground) -> None:
        self.corners = [
            dict(zip(CORNER, (week, site.municipality, code, outcome, service, hour), strict=True))
            for week in sorted({cell["starts_on"] for cell in cells})
            for code, site in ground.sites.items()
            for outcome in OUTCOMES
            for service in site.services
            for hour in site.hours
        ]
        rows = np.array([[self._inside(corner, cell) for corner in self.corners] for cell in cells], dtype=float)
        counts = np.array([cell["count"] for cell in cells], dtype=float)
        self.rows = np.vstack([rows, -rows])
        # Rounded to a multiple of five, and ten at least.
        self.limits = np.concatenate([counts + BASE - 1, -np.maximum(counts - BASE + 1, K)])

    def _inside(self, corner: Mapping[str, str], cell: Json) -> bool:
        named = {name: values for name, values in cell["where"].items() if name in corner}
        return corner["week"] == cell["starts_on"] and all(corner[name] in values for name, values in named.items())

    def bounds(self, group: Mapping[str, str]) -> tuple[float, float]:
        wanted = np.array([float(group.items() <= corner.items()) for corner in self.corners])
        found = []
        for sign in (1.0, -1.0):
            solved = linprog(sign * wanted, A_ub=self.rows, b_ub=self.limits, method="highs")
            found.append(sign * solved.fun if solved.status == 0 else float("inf"))
        return found[0], found[1]
