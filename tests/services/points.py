"""Points of tests: one pool, one service, hours as asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from app.db.unit_of_work import Writing
from app.domain.points.places import Place
from app.domain.region.policy import RegionPolicy
from app.models.points import CapacityDay
from app.runtime import Runtime
from services.points.commands import add_points
from services.points.queries import stretch_at

OFFICE = {str(weekday): [["09:00", "13:00"], ["14:00", "18:00"]] for weekday in range(5)}


@dataclass(frozen=True)
class Made:
    point_id: UUID
    pool_id: UUID


async def make_point(
    uow: Writing,
    *,
    hours: dict[str, list[list[str]]] | None = None,
    zone: str = "Europe/Moscow",
    open_on_holidays: bool = False,
    counters: int = 1,
    service: str = "medical",
    also: Sequence[str] = (),
) -> Made:
    made = Made(uuid4(), uuid4())
    point: dict[str, Any] = {
        "id": made.point_id,
        "code": f"test-{made.point_id.hex}",
        "kind": "medical",
        "name": {"en": "Test", "ru": "Тест"},
        "municipality": {"en": "Test", "ru": "Тест"},
        # Each somewhere of its own, so that it is the nearest to itself.
        "lat": 40 + made.point_id.int % 10_000 / 1000,
        "lon": 60 + made.point_id.int // 10_000 % 10_000 / 1000,
        "zone": zone,
        "languages": ["ru"],
        "step_free": True,
        "hours": OFFICE if hours is None else hours,
        "open_on_holidays": open_on_holidays,
    }
    pool = {"id": made.pool_id, "point_id": made.point_id, "code": "rooms", "counters": counters}
    offer = {
        "point_id": made.point_id,
        "service": service,
        "pool_id": made.pool_id,
        "minutes": 30,
        "every": 30,
    }
    await add_points(uow, [point], [pool], [offer, *(offer | {"service": other} for other in also)])
    return made


async def calendar_of(runtime: Runtime, region: RegionPolicy, made: Made) -> dict[date, CapacityDay]:
    """The pool's ledger, by local day."""
    async with runtime.database.reading(region) as uow:
        rows = await uow.session.scalars(select(CapacityDay).where(CapacityDay.pool_id == made.pool_id))
        return {row.day: row for row in rows}


async def place_at(runtime: Runtime, region: RegionPolicy, made: Made, starts_at: datetime) -> Place | None:
    """The place of the point's service that begins then."""
    part = stretch_at(made.point_id, "medical", starts_at)
    async with runtime.database.deciding(region) as uow:
        stretch = (await uow.gather(part))[part]
    return stretch.place(starts_at) if stretch else None
