"""Where and when a service can be had."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.db.unit_of_work import Reading
from app.domain.points.calendar import TICK, instant_of, local_day, ticks_of
from app.domain.points.geo import distance_km
from app.domain.points.places import Place, fits, free_starts
from app.errors import NotFound
from app.models.points import Point
from services.points import repository
from services.points.errors import NoSuchPlace


@dataclass(frozen=True, slots=True)
class FreeTime:
    """The first free time at a point: None when nothing is free in the period. Distance in km, if asked for."""

    point: Point
    minutes: int
    starts_at: datetime | None
    distance_km: float | None


@dataclass(frozen=True, slots=True)
class FreeTimes:
    """Free times, and what may be kept beside the points they name for as long as those do not change."""

    items: list[FreeTime]
    derived: dict[Any, Any]


@dataclass(frozen=True, slots=True)
class FreeStart:
    """A start that is free: UTC, and for how many persons."""

    starts_at: datetime
    left: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person needs of a point: one of these languages, if any are named, and all of these features."""

    languages: frozenset[str] = frozenset()
    features: frozenset[str] = frozenset()

    def met_by(self, point: Point) -> bool:
        return (not self.languages or not self.languages.isdisjoint(spoken_at(point))) and (
            self.features <= features_of(point)
        )


async def all_points(uow: Reading, service: str | None, wanted: Wanted | None = None) -> list[tuple[Point, list[str]]]:
    """Points that give `service`, or all of them, by code; each with the services it gives."""
    directory = await repository.directory(uow)
    return [
        (point, directory.services[point.id])
        for point in directory.points.values()
        if directory.services[point.id]
        and (service is None or service in directory.services[point.id])
        and (wanted is None or wanted.met_by(point))
    ]


async def first_free_times(
    uow: Reading,
    service: str,
    *,
    not_before: datetime | None,
    days: int,
    near: tuple[float, float] | None,
    wanted: Wanted | None = None,
) -> FreeTimes:
    """The first free time at each point that gives `service`, within `days` from `not_before` (now at the earliest).

    Soonest first, the nearer of two first; points with nothing free come last.
    """
    since = max(not_before or uow.now, uow.now)
    rows = await repository.first_free(uow, service, since, days)
    if not rows:
        return FreeTimes([], {})
    directory = await repository.directory(uow, rows[0][0])
    found = []
    for _, point_id, minutes, starts_at, tick in rows:
        point = directory.points[point_id]
        if wanted is None or wanted.met_by(point):
            found.append(
                FreeTime(
                    point=point,
                    minutes=minutes,
                    starts_at=None if starts_at is None or tick is None else starts_at + tick * TICK,
                    distance_km=distance_km(near, (point.lat, point.lon)) if near else None,
                )
            )
    latest = since + timedelta(days=days + 2)
    found.sort(key=lambda free: (free.starts_at or latest, free.distance_km or 0.0))
    return FreeTimes(found, directory.derived)


async def day_of(uow: Reading, point_id: UUID, service: str, day: date) -> list[FreeStart]:
    """The free starts of a point's local day, still ahead. Empty when it is closed or its calendar not yet made."""
    offer = await repository.offer(uow, point_id, service)
    if offer is None:
        raise NotFound
    ledger = await repository.capacity_day(uow, offer.pool_id, day)
    if ledger is None:
        return []
    from_tick = -((ledger.starts_at - uow.now) // TICK)
    starts = free_starts(
        ledger.capacity, ledger.used, ticks_of(offer.minutes), ticks_of(offer.every), from_tick, ledger.opens_tick
    )
    return [FreeStart(instant_of(ledger.starts_at, tick), left) for tick, left in starts]


async def place_at(uow: Reading, point_id: UUID, service: str, starts_at: datetime) -> Place:
    """The place that starts then. NoSuchPlace when there is none, or it has begun; it may be taken all the same."""
    found = await repository.offer_with_zone(uow, point_id, service)
    if found is None:
        raise NoSuchPlace
    offer, zone = found
    day = local_day(ZoneInfo(zone), starts_at)
    ledger = await repository.capacity_day(uow, offer.pool_id, day)
    if ledger is None or starts_at < uow.now:
        raise NoSuchPlace
    tick, odd = divmod(starts_at - ledger.starts_at, TICK)
    need = ticks_of(offer.minutes)
    if odd or not fits(ledger.capacity, tick, need, ticks_of(offer.every), ledger.opens_tick):
        raise NoSuchPlace
    return Place(offer.pool_id, day, tick, need, starts_at)


def spoken_at(point: Point) -> set[str]:
    """Languages of the staff, and of interpreters on whatever day."""
    return {*point.languages, *(language for spoken in point.interpreters.values() for language in spoken)}


def features_of(point: Point) -> set[str]:
    return {*point.features, *(("step_free",) if point.step_free else ())}


async def point(uow: Reading, point_id: UUID) -> Point:
    found = await repository.point(uow, point_id)
    if found is None:
        raise NotFound
    return found
