"""How long a way takes when no router is asked: the great circle and two speeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from app.domain.points.geo import Coordinates, distance_km


@dataclass(frozen=True, slots=True)
class Speeds:
    """Of the first 30 km of a way, in town, and of what is beyond; `fixed_minutes` for walking and waiting.

    Since only what is beyond 30 km goes faster, a longer way never takes less time, and a detour never saves any:
    the triangle inequality holds, as the planner asks.
    """

    kmh_under_30km: float = 25
    kmh_over_30km: float = 65
    fixed_minutes: float = 12


IN_TOWN_KM = 30
SPEEDS = Speeds()


def minutes_between(start: Coordinates, end: Coordinates, speeds: Speeds = SPEEDS) -> int:
    """Whole minutes, rounded up, from one place to another in degrees WGS 84; 0 to where one is."""
    if start == end:
        return 0
    km = distance_km(start, end)
    in_town = min(km, IN_TOWN_KM)
    hours = in_town / speeds.kmh_under_30km + (km - in_town) / speeds.kmh_over_30km
    return ceil(speeds.fixed_minutes + 60 * hours)


def table(
    starts: Sequence[Coordinates],
    ends: Sequence[Coordinates],
    speeds: Speeds = SPEEDS,
) -> list[list[int]]:
    """`minutes_between` each of `starts` (rows) and each of `ends`."""
    return [[minutes_between(start, end, speeds) for end in ends] for start in starts]
