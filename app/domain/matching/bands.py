"""From home to work, in bands.

Both ends are cells, so that a band, however often it is asked for, tells no more than a cell. Distances are compared as
squares of the chord between unit vectors: sums and products alone, which one number at a time and many at once round
alike.
"""

from functools import lru_cache
from math import cos, radians, sin

from app.domain.matching.terms import Band, Cell
from app.domain.points.geo import EARTH_RADIUS_KM

Unit = tuple[float, float, float]

LIMITS_KM = {Band.TO_5_KM: 5.0, Band.TO_15_KM: 15.0, Band.TO_40_KM: 40.0, Band.TO_100_KM: 100.0}
CHORDS = {band: (2 * sin(km / EARTH_RADIUS_KM / 2)) ** 2 for band, km in LIMITS_KM.items()}
"""The longest square of a chord in each band, in squares of Earth's radius."""


@lru_cache(maxsize=16_384)
def unit(cell: Cell) -> Unit:
    """The cell's middle, as a vector from Earth's centre."""
    north, east = (radians(degrees) for degrees in cell.place)
    return cos(north) * cos(east), cos(north) * sin(east), sin(north)


def band_between(home: Cell | None, work: Cell) -> Band:
    if home is None:
        return Band.UNKNOWN
    (ax, ay, az), (bx, by, bz) = unit(home), unit(work)
    dx, dy, dz = ax - bx, ay - by, az - bz
    square = dx * dx + dy * dy + dz * dz
    return next((band for band, most in CHORDS.items() if square <= most), Band.FAR)
