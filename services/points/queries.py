"""Where and when a service can be had."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.db.gather import Part
from app.db.unit_of_work import Reading, look
from app.domain.pathways.calendar import is_holiday
from app.domain.points.calendar import TICK, Hours, instant_of, local_day, ticks_of
from app.domain.points.geo import distance_km
from app.domain.points.places import DayOfPool, Place, Stretch, free_starts
from app.domain.points.plan import Taken
from app.errors import NotFound
from app.models.points import Point, Service
from services.points import parts, repository
from services.points.calendars import to_be_moved
from services.points.errors import PlaceTaken
from services.points.first_free import FirstFree, OfferedDay, flights_of
from services.points.plans import Planned


@dataclass(frozen=True, slots=True)
class FreeTime:
    """The first free time at a point: None when nothing is free in the period. Distance in km, if asked for."""

    point: Point
    minutes: int
    starts_at: datetime | None
    distance_km: float | None


@dataclass(frozen=True, slots=True)
class FreeTimes:
    """Free times, with room for what is computed from them: `derived` lives as long as the points they name stay
    unchanged, `shared` as long as this reading, which many may share.
    """

    items: list[FreeTime]
    derived: dict[Any, Any]
    shared: dict[Any, Any]


@dataclass(frozen=True, slots=True)
class FreeStart:
    """A start that is free: UTC, and for how many persons; the point's zone."""

    starts_at: datetime
    left: int
    zone: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person needs of a point: one of these languages, if any are named, and all of these features."""

    languages: frozenset[str] = frozenset()
    features: frozenset[str] = frozenset()

    def met_by(self, point: Point) -> bool:
        return (not self.languages or not self.languages.isdisjoint(spoken_at(point))) and (
            self.features <= features_of(point)
        )


POINTS_SHOWN = 40
"""So many points a search tells of, unless asked for another number."""


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


async def all_services(uow: Reading) -> Sequence[tuple[Service, int]]:
    """What can be had in the region, by code, and at how many points."""
    return await repository.services(uow)


async def first_free_times(
    uow: Reading,
    service: str,
    *,
    not_before: datetime | None,
    days: int,
    near: tuple[float, float] | None,
    wanted: Wanted | None = None,
    people: int = 1,
    limit: int = POINTS_SHOWN,
) -> FreeTimes:
    """The first free time at each point that gives `service`, within `days` from `not_before` (the lead time at least).

    For a family of `people` it is the first at which all of them fit, at once or one after another.

    Soonest first, the nearer of two first; points with nothing free come last. Of more than `limit` points, those
    nearest to `near` are searched; without it all are, and the soonest told.
    """
    since = max(not_before or uow.now, _earliest(uow))
    ids: tuple[UUID, ...] | None = None
    while True:
        if near is not None:
            directory = await repository.known_directory(uow)
            ids = directory.nearest(service, near, limit, wanted.met_by if wanted else None)
        part = parts.first_free(service, since, days, people=people, points=ids)
        if not_before is None:  # about now, as nearly everybody asks: those who come together share a reading
            asked = service, days, people, ids
            free_now = await flights_of(uow).share(asked, partial(_search, uow, part))
        else:
            free_now = await _search(uow, part)
        found = await _free_times(uow, free_now, near, wanted)
        if near is None or not free_now.starts or free_now.version == directory.version:
            return FreeTimes(found.items[:limit], found.derived, found.shared)


async def _search(uow: Reading, part: Part[FirstFree]) -> FirstFree:
    return (await look(uow, part))[part]


async def _free_times(
    uow: Reading, free_now: FirstFree, near: tuple[float, float] | None, wanted: Wanted | None = None
) -> FreeTimes:
    """What was found, with the points it was found at."""
    if not free_now.starts:
        return FreeTimes([], {}, {})
    directory = await repository.directory(uow, free_now.version)
    found = []
    for point_id, minutes, starts_at in free_now.starts:
        point = directory.points[point_id]
        if wanted is None or wanted.met_by(point):
            found.append(
                FreeTime(
                    point=point,
                    minutes=minutes,
                    starts_at=starts_at,
                    distance_km=distance_km(near, (point.lat, point.lon)) if near else None,
                )
            )
    found.sort(key=lambda free: (free.starts_at is None, free.starts_at, free.distance_km or 0.0))
    return FreeTimes(found, directory.derived, free_now.derived)


async def day_of(uow: Reading, point_id: UUID, service: str, day: date) -> list[FreeStart]:
    """The free starts of a point's local day that can still be booked; none when it is closed, or not yet made.
    NotFound when the point does not give the service.
    """
    part = parts.offered_day(point_id, service, day)
    return _free_starts(uow, (await look(uow, part))[part])


def _free_starts(uow: Reading, offered: OfferedDay | None) -> list[FreeStart]:
    if offered is None:
        raise NotFound
    if offered.starts_at is None:
        return []
    from_tick = -((offered.starts_at - _earliest(uow)) // TICK)
    ticks, every = ticks_of(offered.minutes), ticks_of(offered.every)
    starts = free_starts(offered.capacity, offered.used, ticks, every, from_tick, offered.opens_tick)
    return [FreeStart(instant_of(offered.starts_at, tick), left, offered.zone) for tick, left in starts]


AROUND = 10
ALTERNATIVES = 3
"""So many other times at the point itself, and so many other points, are offered for a place that was taken."""


async def place_taken(uow: Reading, service: str, point_id: UUID, place: Place, people: int = 1) -> PlaceTaken:
    """The error for a place that somebody else was faster to take, with the nearest free ones for so many people.

    Of a crowd nearly everybody is told this: one statement finds it all, and nobody waits for a second connection.
    """
    directory = await repository.known_directory(uow)
    at = directory.points.get(point_id)
    day = parts.offered_day(point_id, service, place.day)
    around = None if at is None else (point_id, *directory.nearest(service, (at.lat, at.lon), AROUND))
    since = max(place.starts_at, _earliest(uow))
    elsewhere = parts.first_free(service, since, uow.region.calendar_days, people=people, points=around)
    found = await look(uow, day, elsewhere)
    starts = _free_starts(uow, found[day]) if people == 1 else []
    nearest = sorted(starts, key=lambda start: abs(start.starts_at - place.starts_at))[:ALTERNATIVES]
    free = [(point_id, start.starts_at, start.zone) for start in sorted(nearest, key=lambda start: start.starts_at)]
    directory = await repository.directory(uow, found[elsewhere].version)
    at = directory.points[point_id]
    others = [
        (f.point.id, f.starts_at, f.point.zone)
        for f in (await _free_times(uow, found[elsewhere], (at.lat, at.lon))).items
        if f.starts_at
    ]
    # The next day here, or the next time for all of a family.
    free = free or [each for each in others if each[0] == point_id]
    free += [each for each in others if each[0] != point_id][:ALTERNATIVES]
    return PlaceTaken(
        alternatives=[
            {"point_id": str(p), "starts_at": starts_at.astimezone(ZoneInfo(zone)).isoformat()}
            for p, starts_at, zone in free
        ]
    )


def _earliest(uow: Reading) -> datetime:
    """Nobody is shown a place that they could not reach in time."""
    return uow.now + uow.region.limits.lead


def stretch_at(point_id: UUID, service: str, starts_at: datetime) -> Part[Stretch | None]:
    """The ledger where a visit would stand, to be read along with other parts."""
    return parts.stretch(point_id, service, starts_at)


def settling_in(service: str) -> Part[bool]:
    """Whether it is help that no step asks for, to be read along with other parts."""
    return parts.settling_in(service)


def day_of_pool(point_id: UUID, service: str, instant: datetime) -> Part[DayOfPool | None]:
    """The whole ledger of a service's day at a point, to be read along with other parts."""
    return parts.day_of_pool(point_id, service, instant)


def spoken_at(point: Point) -> set[str]:
    """Languages of the staff, and of interpreters on whatever day."""
    return {*point.languages, *(language for spoken in point.interpreters.values() for language in spoken)}


def features_of(point: Point) -> set[str]:
    return {*point.features, *(("step_free",) if point.step_free else ())}


def directory_version(uow: Reading) -> Part[int]:
    """To be read along with other parts, so that `point` needs no look of its own."""
    return parts.directory_version(uow)


async def point(uow: Reading, point_id: UUID) -> Point:
    found = await repository.point(uow, point_id)
    if found is None:
        raise NotFound
    return found


async def open_today(uow: Reading, point_id: UUID) -> list[tuple[datetime, datetime]]:
    """From when to when (UTC) the point works on its own today, in order; none on a day without a calendar."""
    part = parts.open_on(point_id, local_day(ZoneInfo((await point(uow, point_id)).zone), uow.now))
    return (await look(uow, part))[part]


async def minutes_of(uow: Reading, point_id: UUID) -> dict[str, int]:
    """The services of a point, each with the minutes that a visit takes by plan; none for a point that is not there."""
    return await repository.minutes(uow, point_id)


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A local day at a point: its hours, none when it is closed; the reason if it is an exception, by language."""

    day: date
    hours: tuple[Hours, ...]
    holiday: bool
    reason: Mapping[str, str] | None


DAYS_SHOWN = 14


async def point_with_days(uow: Reading, point_id: UUID) -> tuple[Planned, list[OpenDay]]:
    """A point, and its next two weeks from its own today on, with whatever differs from its usual hours."""
    planned = await plan_of(uow, point_id)
    today = local_day(planned.plan.zone, uow.now)
    days = []
    for ahead in range(DAYS_SHOWN):
        day = today + timedelta(days=ahead)
        holiday, exception = is_holiday(day, uow.region.book.calendar), planned.plan.exception_on(day)
        hours = planned.plan.hours_on(day, holiday=holiday)
        days.append(OpenDay(day, hours, holiday, exception.reason if exception else None))
    return planned, days


async def plan_of(uow: Reading, point_id: UUID) -> Planned:
    found = await repository.plans(uow, point_id)
    if not found:
        raise NotFound
    return found[0]


async def visits_to_be_moved(uow: Reading, point_id: UUID) -> tuple[Planned, list[Taken]]:
    """Visits still ahead that a change has left without a counter or a service. Whose they are is not read."""
    planned = await plan_of(uow, point_id)
    return planned, await to_be_moved(uow, planned)
