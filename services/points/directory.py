"""The region's points as every search needs them, kept in the memory of the process.

Points change rarely and are searched all the time. Whoever reads the ledger is told the directory's version by the
same statement, so a copy in memory is never used after a change was committed, in whichever process.
"""

import heapq
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import cos, inf, radians, sin
from typing import Any
from uuid import UUID

from app.domain.points.geo import Coordinates
from app.models.points import Point

_BY_LATITUDE = "services.points.by_latitude"
Vector = tuple[float, float, float]


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
    ) -> tuple[UUID, ...]:
        """The nearest points that give the service (and are `met`), by id; at most `count`.

        Goes north and south from `near` and ends where the latitude alone is farther than all that were found: a
        country of points costs about what a city does.
        """
        giving = self._giving(service)
        here = _on_the_globe(*near)
        found: list[tuple[float, UUID]] = []  # a heap by cosine of the angle, the farthest first
        north = bisect_left(giving, near[0], key=lambda each: each[0])
        south = north - 1
        while north < len(giving) or south >= 0:
            gap_north = giving[north][0] - near[0] if north < len(giving) else inf
            gap_south = near[0] - giving[south][0] if south >= 0 else inf
            if len(found) >= count and cos(radians(min(gap_north, gap_south))) < found[0][0]:
                break
            if gap_north <= gap_south:
                (_, there, point), north = giving[north], north + 1
            else:
                (_, there, point), south = giving[south], south - 1
            if met is not None and not met(point):
                continue
            closeness = here[0] * there[0] + here[1] * there[1] + here[2] * there[2]
            if len(found) < count:
                heapq.heappush(found, (closeness, point.id))
            elif closeness > found[0][0]:
                heapq.heapreplace(found, (closeness, point.id))
        return tuple(sorted(point_id for _, point_id in found))

    def _giving(self, service: str) -> list[tuple[float, Vector, Point]]:
        """The points that give the service, from south to north, with where they are."""
        kept: list[tuple[float, Vector, Point]] | None = self.derived.get((_BY_LATITUDE, service))
        if kept is None:
            giving = (point for point in self.points.values() if service in self.services[point.id])
            kept = self.derived[_BY_LATITUDE, service] = sorted(
                ((point.lat, _on_the_globe(point.lat, point.lon), point) for point in giving), key=lambda each: each[0]
            )
        return kept


def _on_the_globe(lat: float, lon: float) -> Vector:
    """Unit vector of a place in degrees: the scalar product of two is the cosine of the angle between them."""
    phi, lam = radians(lat), radians(lon)
    return cos(phi) * cos(lam), cos(phi) * sin(lam), sin(phi)
