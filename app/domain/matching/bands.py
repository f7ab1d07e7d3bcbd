"""From home to work, in bands.

Both ends are cells, so that a band, however often it is asked for, tells no more than a cell. How far a band reaches is
reckoned once for each latitude of work, as whole cells east or west by cells north or south: what is left for each
person is to look it up, one at a time or many at once, with nothing to round.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil, degrees, pi

import numpy as np
from numpy.typing import NDArray

from app.domain.matching.terms import CELLS_A_DEGREE, Band, Cell
from app.domain.points.geo import EARTH_RADIUS_KM

LIMITS_KM = {Band.TO_5_KM: 5.0, Band.TO_15_KM: 15.0, Band.TO_40_KM: 40.0, Band.TO_100_KM: 100.0}
AROUND = 360 * CELLS_A_DEGREE
"""Cells around the globe, on each parallel."""
NORTHMOST = ceil(degrees(max(LIMITS_KM.values()) / EARTH_RADIUS_KM) * CELLS_A_DEGREE)
"""So many cells north or south of work the last band ends."""


@lru_cache(maxsize=2_048)
def reaches(north: int) -> NDArray[np.int16]:
    """How many cells to the east or west each band reaches, around work at `north`: -1 where it does not come.

    Shape (2 `NORTHMOST` + 1, bands), the first row `NORTHMOST` cells to the south of work. By the haversine formula.
    """
    rows = np.arange(-NORTHMOST, NORTHMOST + 1)
    homes, work = np.radians((rows + north) / CELLS_A_DEGREE), np.radians(north / CELLS_A_DEGREE)
    reach = np.sin(np.array(list(LIMITS_KM.values())) / EARTH_RADIUS_KM / 2) ** 2
    left = reach - np.sin(np.radians(rows / CELLS_A_DEGREE) / 2)[:, None] ** 2
    half = left / (np.cos(homes) * np.cos(work))[:, None]
    found = np.floor(2 * np.arcsin(np.sqrt(np.clip(half, 0, 1))) / (2 * pi) * AROUND)
    return np.where(left < 0, -1, found).astype(np.int16)


def band_between(home: Cell | None, work: Cell) -> Band:
    if home is None:
        return Band.UNKNOWN
    row, east = home.north - work.north + NORTHMOST, abs(home.east - work.east)
    if not 0 <= row <= 2 * NORTHMOST:
        return Band.FAR
    found = zip(LIMITS_KM, reaches(work.north)[row].tolist(), strict=True)
    return next((band for band, most in found if min(east, AROUND - east) <= most), Band.FAR)


def points_around(north: int, points: Sequence[int]) -> NDArray[np.uint8]:
    """`points` of each band and of what is farther, each less than that before, by cells north and east of work at
    `north`. Shape (2 `NORTHMOST` + 3, cells): all that is farther away is as far as the first row, the last one, and
    the last column.
    """
    bands = reaches(north)
    east = np.arange(int(bands.max()) + 2, dtype=np.int16)
    found = np.full((len(bands) + 2, len(east)), points[-1], np.uint8)
    for reach, more, less in zip(bands.T[:, :, None], points[:-1], points[1:], strict=True):
        found[1:-1] += (east <= reach).view(np.uint8) * np.uint8(more - less)
    return found
