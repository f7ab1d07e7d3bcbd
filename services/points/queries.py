"""Where and when a service can be had."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.db.gather import Part
from app.db.unit_of_work import Reading
from app.domain.points.calendar import TICK, instant_of, ticks_of
from app.domain.points.geo import distance_km
from app.domain.points.places import Place, Stretch, free_starts
from app.errors import NotFound
from app.models.points import Point
from services.points import repository
from services.points.errors import PlaceTaken


@dataclass(frozen=True, slots=True)
class FreeTime:
    """The first free time at a point: None when nothing is free in the period. Distance in km, if asked for."""

    point: Point
    minutes: int
    starts_at: datetime | None
    distance_km: float | None


@dataclass(frozen=True, slots=True)
class FreeStart:
    """A start that is free: UTC, and for how many persons."""

    starts_at: datetime
    left: int


async def all_points(uow: Reading, service: str | None) -> Sequence[tuple[Point, list[str]]]:
    """Points that give `service`, or all of them, by code; each with the services it gives."""
    return await repository.points(uow, service)


async def first_free_times(
    uow: Reading,
    service: str,
    *,
    not_before: datetime | None,
    days: int,
    near: tuple[float, float] | None,
) -> list[FreeTime]:
    """The first free time at each point that gives `service`, within `days` from `not_before` (the lead time at least).

    Soonest first, the nearer of two first; points with nothing free come last.
    """
    since = max(not_before or uow.now, _earliest(uow))
    found = [
        FreeTime(
            point=point,
            minutes=minutes,
            starts_at=None if starts_at is None or tick is None else starts_at + tick * TICK,
            distance_km=distance_km(near, (point.lat, point.lon)) if near else None,
        )
        for point, minutes, starts_at, tick in await repository.first_free(uow, service, since, days)
    ]
    latest = since + timedelta(days=days + 1)
    return sorted(found, key=lambda f: (f.starts_at is None, f.starts_at or latest, f.distance_km or 0.0))


async def day_of(uow: Reading, point_id: UUID, service: str, day: date) -> list[FreeStart]:
    """The free starts of a point's local day that can still be booked; none when it is closed, or not yet made."""
    offer = await repository.offer(uow, point_id, service)
    if offer is None:
        raise NotFound
    ledger = await repository.capacity_day(uow, offer.pool_id, day)
    if ledger is None:
        return []
    from_tick = -((ledger.starts_at - _earliest(uow)) // TICK)
    starts = free_starts(ledger.capacity, ledger.used, ticks_of(offer.minutes), ticks_of(offer.every), from_tick)
    return [FreeStart(instant_of(ledger.starts_at, tick), left) for tick, left in starts]


ALTERNATIVES = 3
"""So many other times at the point itself, and so many other points, are offered for a place that was taken."""


async def place_taken(uow: Reading, service: str, point_id: UUID, place: Place) -> PlaceTaken:
    """The error for a place that somebody else was faster to take, with the nearest free ones."""
    at = await point(uow, point_id)
    starts = [free.starts_at for free in await day_of(uow, point_id, service, place.day)]
    nearest = sorted(starts, key=lambda start: abs(start - place.starts_at))[:ALTERNATIVES]
    others = await first_free_times(
        uow, service, not_before=place.starts_at, days=uow.region.calendar_days, near=(at.lat, at.lon)
    )
    free = [(at, start) for start in sorted(nearest)]
    free += [(f.point, f.starts_at) for f in others if f.starts_at and (f.point.id != point_id or not nearest)][
        :ALTERNATIVES
    ]
    return PlaceTaken(
        alternatives=[
            {"point_id": str(p.id), "starts_at": start.astimezone(ZoneInfo(p.zone)).isoformat()} for p, start in free
        ]
    )


def _earliest(uow: Reading) -> datetime:
    """Nobody is shown a place that they could not reach in time."""
    return uow.now + uow.region.limits.lead


def stretch_at(point_id: UUID, service: str, starts_at: datetime) -> Part[Stretch | None]:
    """The ledger where a visit would stand, to be read along with other parts."""
    return repository.stretch(point_id, service, starts_at)


async def point(uow: Reading, point_id: UUID) -> Point:
    found = await repository.point(uow, point_id)
    if found is None:
        raise NotFound
    return found
