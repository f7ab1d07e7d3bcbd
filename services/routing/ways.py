"""How long the ways are: between points kept with the directory, from and to a home only for as long as a plan takes."""

from collections.abc import Sequence
from typing import Any, Protocol

from app.domain.points.geo import Coordinates
from app.domain.routing.journey import TravelTimes
from app.models.points import Point
from services.points.directory import Directory

_BETWEEN = "services.routing.between"
_KEPT = 64


class Travel(Protocol):
    async def table(self, starts: Sequence[Coordinates], ends: Sequence[Coordinates]) -> Sequence[Sequence[int]]:
        """Whole minutes from each of `starts` (rows) to each of `ends`."""
        ...


async def ways(travel: Travel, directory: Directory, points: Sequence[Point], home: Coordinates) -> TravelTimes:
    """Between these points, numbered as they stand, and from and to a home. Nothing of the home is kept."""
    places = [(point.lat, point.lon) for point in points]
    (out,) = await travel.table([home], places)
    back = [row[0] for row in await travel.table(places, [home])]
    return TravelTimes(out, back, await _between(travel, directory, points, places))


async def _between(
    travel: Travel, directory: Directory, points: Sequence[Point], places: Sequence[Coordinates]
) -> Sequence[Sequence[int]]:
    kept: dict[Any, Sequence[Sequence[int]]] = directory.derived.setdefault(_BETWEEN, {})
    key = tuple(point.id for point in points)
    if key not in kept:
        if len(kept) >= _KEPT:
            kept.clear()
        kept[key] = await travel.table(places, places)
    return kept[key]
