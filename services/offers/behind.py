"""Points that run late: whoever would be called long after their time is offered another place before they set out.

Their own place stays theirs. Every minute, by any number of workers; each visit is taken up once.
"""

from datetime import timedelta
from uuid import UUID, uuid4

from app.db.locks import take_turn
from app.db.unit_of_work import Database, Reading, Writing
from app.domain.offers.terms import Cause
from app.domain.queue.waits import Scene
from app.domain.region.policy import RegionPolicy
from services.bookings.offered import Awaited, awaited
from services.offers import repository
from services.queue.queries import points_at_work
from services.queue.waits import scene_of, wait_on_coming

_AHEAD = timedelta(hours=3)
"""Farther ahead the queue of now tells little."""
_MARK = timedelta(hours=1)


async def take_up_late(database: Database, region: RegionPolicy) -> int:
    """Finds visits that their point will be late for, and has other places sought for them. Returns how many."""
    async with database.reading(region) as uow:
        points = await points_at_work(uow)
    taken = 0
    for point_id in points:
        async with database.reading(region) as uow:
            late = await _late_at(uow, point_id)
        if late:
            async with database.writing(region) as writing:
                taken += await _take_up(writing, point_id, late)
    return taken


async def _late_at(uow: Reading, point_id: UUID) -> list[tuple[Awaited, timedelta]]:
    """Visits of the next hours with how late their point will be for each, where that is too late."""
    scene = await scene_of(uow, point_id)
    if scene is None:
        return []
    visits = await awaited(uow, point_id, uow.now + uow.region.limits.lead, uow.now + _AHEAD)
    # One look an hour ahead tells of most points that they are not late at all.
    marks = {visit.service: visit for visit in visits if visit.starts_at <= uow.now + _MARK}
    worth = {service for service, visit in marks.items() if _lateness(scene, visit) >= uow.region.offers.late / 2}
    found = [(visit, _lateness(scene, visit)) for visit in visits if visit.service in worth]
    return [(visit, lateness) for visit, lateness in found if lateness >= uow.region.offers.late]


def _lateness(scene: Scene, visit: Awaited) -> timedelta:
    """By half of the outcomes, of who comes in time. Who would not be called today at all is not told a time."""
    wait = wait_on_coming(scene, visit.service, visit.starts_at, visit.starts_at)
    return (wait.median or visit.starts_at) - visit.starts_at


async def _take_up(uow: Writing, point_id: UUID, late: list[tuple[Awaited, timedelta]]) -> int:
    await take_turn(uow, "offers")
    places = {visit.booking_id: (visit.booking_id, point_id, visit.starts_at) for visit, _ in late}
    waiting = {each.entry.booking_id for each in await repository.waiting(uow, places)}
    before = await repository.given_up(uow, Cause.BEHIND, places.values(), 0)
    rows = [
        repository.entry_row(
            uuid4(),
            visit.booking_id,
            visit.service,
            Cause.BEHIND,
            (point_id, visit.starts_at),
            uow.now,
            expected_at=visit.starts_at + lateness,
        )
        for visit, lateness in late
        if visit.booking_id not in waiting and places[visit.booking_id] not in before
    ]
    await repository.add(uow, rows)
    return len(rows)
