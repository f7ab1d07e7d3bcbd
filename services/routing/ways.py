"""How long the ways are: between points kept with the directory, from and to a home only as long as a plan takes."""

import time
from collections.abc import Sequence
from typing import Any

from app.domain.points.geo import Coordinates
from app.domain.routing.journey import TravelTimes
from app.models.points import Point
from app.ports import Travel
from services.points.directory import Directory

_BETWEEN = "services.routing.between"
_KEPT = 64
_KEPT_FOR = 3600.0
"""Seconds: a router that was away may be back, and roads change."""


async def ways(travel: Travel, directory: Directory, points: Sequence[Point], home: Coordinates) -> TravelTimes:
    """Between these points, numbered as they stand, and from and to a home. Nothing of the home is kept."""
    places = [(point.lat, point.lon) for point in points]
    (out,) = await travel.table([home], places)
    back = [row[0] for row in await travel.table(places, [home])]
    return TravelTimes(out, back, await _between(travel, directory, points, places))


async def _between(
    travel: Travel, directory: Directory, points: Sequence[Point], places: Sequence[Coordinates]
) -> Sequence[Sequence[int]]:
    kept: dict[Any, tuple[float, Sequence[Sequence[int]]]] = directory.derived.setdefault(_BETWEEN, {})
    key, now = tuple(point.id for point in points), time.monotonic()
    found = kept.get(key)
    if found is None or found[0] < now - _KEPT_FOR:
        if len(kept) >= _KEPT:
            kept.clear()
        found = kept[key] = now, await travel.table(places, places)
    return found[1]
