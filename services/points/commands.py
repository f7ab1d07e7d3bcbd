"""Points come to be and change, and places are taken and given back."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from app.db.unit_of_work import Writing
from app.domain.points.places import Place
from app.domain.points.plan import PointPlan, Taken
from app.errors import NotFound
from app.models.points import Point, PointService, Pool, Service
from services.points import repository
from services.points.calendars import extend_calendars, lay, relay, take_calendars
from services.points.errors import PlanChanged, WouldStrand
from services.points.plans import Planned, with_plan
from services.points.queries import plan_of

__all__ = [
    "About",
    "Changed",
    "add_points",
    "add_services",
    "change_about",
    "change_plan",
    "change_use",
    "extend_calendars",
]


async def add_points(
    uow: Writing,
    points: list[dict[str, Any]],
    pools: list[dict[str, Any]],
    services: list[dict[str, Any]],
) -> None:
    """Rows of the three tables as they stand. What is there already is left alone."""
    await take_calendars(uow)
    await repository.add(uow, Point, points)
    await repository.add(uow, Pool, pools)
    await repository.add(uow, PointService, services)


async def add_services(uow: Writing, rows: list[dict[str, Any]]) -> None:
    """Services of the region's catalogue. What is there already is left alone."""
    await repository.add(uow, Service, rows)


@dataclass(frozen=True, slots=True)
class Changed:
    """What came, or would come, of a change of plan: days of the ledger that differ, and visits it strands."""

    planned: Planned
    days: int
    stranded: list[Taken]
    confirmation: str | None


async def change_plan(
    uow: Writing, point_id: UUID, plan: PointPlan, *, version: str, preview: bool, confirmation: str | None
) -> Changed:
    """Puts a plan in the place of the one that has the digest `version`, and makes the calendar follow.

    Nobody loses a place: who is left without a counter keeps it, until the booking is moved or cancelled, and no one
    else gets in. That is done only once it was confirmed for exactly these visits: else it ends in `WouldStrand`,
    which names them. A preview changes nothing. PlanChanged when another change came first.
    """
    await take_calendars(uow)
    before = await plan_of(uow, point_id)
    if before.plan.digest != version:
        raise PlanChanged(version=before.plan.digest)
    after = with_plan(before, plan)
    relaid = await relay(uow, before, after)
    needed = _confirmation(point_id, plan, relaid.stranded) if relaid.stranded else None
    changed = Changed(after, len(relaid.changed) + len(relaid.made), relaid.stranded, needed)
    if preview:
        return changed
    if needed is not None and confirmation != needed:
        raise WouldStrand(
            count=len(relaid.stranded),
            affected=[
                {"booking_id": str(each.booking_id), "service": each.service, "starts_at": _local(each, plan)}
                for each in relaid.stranded
            ],
            confirmation=needed,
        )
    await repository.save_plan(uow, after)
    await lay(uow, relaid)
    return changed


@dataclass(frozen=True, slots=True)
class About:
    """What people are told of a point beside its hours. Texts by language; `interpreters` by weekday."""

    languages: list[str]
    step_free: bool
    features: list[str]
    interpreters: dict[str, list[str]]
    directions: dict[str, str] | None
    to_know: dict[str, str] | None
    contact: dict[str, str] | None


async def change_about(uow: Writing, point_id: UUID, about: About) -> Point:
    point = await repository.locked_point(uow, point_id)
    if point is None:
        raise NotFound
    for name in About.__slots__:
        setattr(point, name, getattr(about, name))
    await uow.session.flush()
    return point


async def change_use(uow: Writing, changes: Iterable[tuple[Place, int]]) -> None:
    """Takes (+1) and gives back (-1) places, in the one order of locks. A full one ends in PlaceTaken.

    What is given back goes first within a row, so that a move by ten minutes does not stand in its own way.
    """
    for place, change in sorted(changes, key=lambda item: (item[0].key, item[1])):
        await repository.change_use(uow, place, change)


def _local(place: Taken, plan: PointPlan) -> str:
    return place.starts_at.astimezone(plan.zone).isoformat()


def _confirmation(point_id: UUID, plan: PointPlan, stranded: Iterable[Taken]) -> str:
    """Says: I have seen that this plan strands these, all of them and nobody else."""
    told = repr((str(point_id), plan.digest, sorted(str(place.booking_id) for place in stranded)))
    return sha256(told.encode()).hexdigest()[:32]
