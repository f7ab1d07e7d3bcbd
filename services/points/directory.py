"""The region's points as every search needs them, kept in the memory of the process.

Points change rarely and are searched all the time. Whoever reads the ledger is told the directory's version by the
same statement, so a copy in memory is never used after a change was committed, in whichever process.
"""

import heapq
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf, radians
from typing import Any
from uuid import UUID

from app.domain.points.geo import EARTH_RADIUS_KM, Coordinates, distance_km
from app.models.points import Point

_BY_LATITUDE = "services.points.by_latitude"


@dataclass(frozen=True, slots=True)
class Directory:
    """All points at one version, with the services that each gives. Nobody may change what is in it.

    `derived` is for what others compute from it and want to keep just as long: the routers' rendered parts.
    """

    version: int
    points: Mapping[UUID, Point]
    services: Mapping[UUID, list[str]]
    derived: dict[Any, Any] = field(default_factory=dict)

    def nearest(
        self, service: str, near: Coordinates, count: int, met: Callable[[Point], bool] | None = None
    ) -> list[UUID]:
        """The nearest points that give the service (and are `met`), by id; at most `count`.

        Goes north and south from `near` and ends where the latitude alone is farther than all that were found: a
        country of points costs about what a city does.
        """
        giving = self._giving(service)
        found: list[tuple[float, UUID]] = []  # a heap, the farthest first
        north = bisect_left(giving, near[0], key=lambda point: point.lat)
        south = north - 1
        while north < len(giving) or south >= 0:
            gap_north = giving[north].lat - near[0] if north < len(giving) else inf
            gap_south = near[0] - giving[south].lat if south >= 0 else inf
            gap_km = radians(min(gap_north, gap_south)) * EARTH_RADIUS_KM
            if len(found) >= count and gap_km > -found[0][0]:
                break
            if gap_north <= gap_south:
                point, north = giving[north], north + 1
            else:
                point, south = giving[south], south - 1
            if met is None or met(point):
                heapq.heappush(found, (-distance_km(near, (point.lat, point.lon)), point.id))
                if len(found) > count:
                    heapq.heappop(found)
        return sorted(point_id for _, point_id in found)

    def _giving(self, service: str) -> list[Point]:
        """The points that give the service, from south to north."""
        kept: list[Point] | None = self.derived.get((_BY_LATITUDE, service))
        if kept is None:
            giving = (point for point in self.points.values() if service in self.services[point.id])
            kept = self.derived[_BY_LATITUDE, service] = sorted(giving, key=lambda point: point.lat)
        return kept
