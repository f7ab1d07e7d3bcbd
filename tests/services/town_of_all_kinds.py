"""A town of a test's own: a point of each kind that the patent's pathway asks for, far from all others."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from app.runtime import Runtime
from services.points.commands import add_points, extend_calendars
from tests.services.crowd import first_region
from tests.services.points import OFFICE

_towns = itertools.count()
KINDS: Mapping[str, tuple[tuple[str, int, int], ...]] = {
    "medical": (("medical", 40, 20),),
    "fingerprints": (("fingerprints", 20, 10),),
    "exam": (("exam", 90, 30),),
    "police": (("application", 25, 15), ("collection", 10, 10)),
}
VISITS = {service for offers in KINDS.values() for service, *_ in offers}


@dataclass(frozen=True)
class Town:
    """Where it is, and its points and their pools by kind."""

    lat: float
    lon: float
    points: Mapping[str, UUID]
    pools: Mapping[str, UUID]

    @property
    def home(self) -> dict[str, Any]:
        """What a plan is asked with by somebody who lives there and goes nowhere else."""
        return {"lat": self.lat, "lon": self.lon, "most_minutes": 60}


async def make_town(runtime: Runtime, *, counters: int = 1, hours: dict[str, list[list[str]]] | None = None) -> Town:
    lat, lon = -40.0 - next(_towns), -70.0
    points, pools = {kind: uuid4() for kind in KINDS}, {kind: uuid4() for kind in KINDS}
    region = first_region(runtime)
    await runtime.keyring.ready(region)
    async with runtime.database.writing(region) as uow:
        await add_points(
            uow,
            [
                {
                    "id": point_id,
                    "code": f"town-{point_id.hex}",
                    "kind": kind,
                    "name": {"en": kind, "ru": kind},
                    "municipality": {"en": "Town", "ru": "Город"},
                    "lat": lat + number / 100,
                    "lon": lon,
                    "zone": "Europe/Moscow",
                    "languages": ["ru"],
                    "step_free": True,
                    "hours": hours or OFFICE,
                    "open_on_holidays": False,
                }
                for number, (kind, point_id) in enumerate(points.items())
            ],
            [
                {"id": pools[kind], "point_id": point_id, "code": "rooms", "counters": counters}
                for kind, point_id in points.items()
            ],
            [
                {
                    "point_id": points[kind],
                    "service": service,
                    "pool_id": pools[kind],
                    "minutes": minutes,
                    "every": every,
                }
                for kind, offers in KINDS.items()
                for service, minutes, every in offers
            ],
        )
        await extend_calendars(uow)
    return Town(lat, lon, points, pools)
