"""Visits that a change of plan has left without a counter or a service, in the whole region or among some."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.points.plan import Taken, stranded
from services.points import repository


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as the ledger knows it."""

    booking_id: UUID
    point_id: UUID
    service: str
    pool_id: UUID
    day: date


async def beyond_plans(uow: Reading) -> list[Taken]:
    """Of all visits and holds still ahead those for whom their pool's plan has no counter. Looked for where more is
    taken than planned, which is next to nowhere.
    """
    return await _beyond(uow, None)


async def without_service(uow: Reading) -> list[UUID]:
    """Visits still ahead for a service that their point no longer gives."""
    return await repository.without_service(uow)


async def to_be_moved_among(uow: Reading, visits: Collection[Visit]) -> set[UUID]:
    """Which of these visits, all still ahead, have no counter or service any more."""
    if not visits:
        return set()
    services = (await repository.directory(uow)).services
    gone = {visit.booking_id for visit in visits if visit.service not in services.get(visit.point_id, ())}
    found = await _beyond(uow, {(visit.pool_id, visit.day) for visit in visits})
    return gone | {taken.booking_id for taken in found} & {visit.booking_id for visit in visits}


async def _beyond(uow: Reading, keys: Collection[tuple[UUID, date]] | None) -> list[Taken]:
    rows = await repository.days_beyond(uow, keys, uow.now.date() - timedelta(days=1))
    if not rows:
        return []
    taken: dict[tuple[UUID, date], list[Taken]] = {}
    first, last = min(row.day for row in rows), max(row.day for row in rows)
    for place in await repository.taken_places(uow, {row.pool_id for row in rows}, first, last):
        taken.setdefault((place.pool_id, place.day), []).append(place)
    return [
        place
        for row in rows
        if row.planned is not None
        for place in stranded(row.planned, taken.get((row.pool_id, row.day), []))
    ]
