"""From when each may work: reckoned when they write their work profile, again when anything of theirs has changed."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy.pool import Pool as Connections

from app.db.bulk import gather_within
from app.db.unit_of_work import Database, Writing
from app.domain.audit.purpose import Purpose
from app.domain.employers.allowed import Allowed, Ground, allowed
from app.domain.region.policy import RegionPolicy
from services.audit.parts import heads_part
from services.bookings.parts import VisitToCome, visits_to_come
from services.employers import repository
from services.pathways.errors import ProfileIncomplete
from services.pathways.parts import events_of, points_took
from services.pathways.queries import pathway_from
from services.points.queries import directory_version, point
from services.profiles.parts import facts_of_many

_BATCH = 500
_BACK = timedelta(days=180)
_KEPT_FOR = timedelta(hours=1)
_LOG = "audit_entries"
_took: WeakKeyDictionary[Connections, tuple[Any, dict[str, list[int]]]] = WeakKeyDictionary()


async def reckon(uow: Writing, people: Collection[UUID]) -> list[dict[str, Any]]:
    """For each of the people what is stored of it, by the names of the columns. A statement of the session must have
    come before.
    """
    if not people:
        return []
    purpose = Purpose.OWN_MATCHING
    heads, facts = heads_part(people), await facts_of_many(uow, people, purpose)
    events, visits = await events_of(uow, people, purpose), await visits_to_come(uow, people, purpose)
    version = directory_version(uow)
    found = await gather_within(uow, heads, facts, events, visits, version)
    _ = found[version]
    took, today = await _points_took(uow), uow.region.day_of(uow.now)
    lengths = {person_id: seq for ledger, person_id, seq in found[heads] if ledger == _LOG}
    said, happened, booked = found[facts], found[events], found[visits]
    rows = []
    for person_id in people:
        days = await _days(uow, booked.get(person_id, ()))
        ground = Ground(uow.region.employment, uow.region.book.calendar, today, days, took)
        own = [event for event, _ in happened.get(person_id, ())]
        try:
            right = allowed(pathway_from(uow, said.get(person_id), own), ground)
        except ProfileIncomplete:
            right = Allowed()
        rows.append(_row(person_id, right, lengths.get(person_id, 0), today))
    return rows


def _row(person_id: UUID, right: Allowed, log_seq: int, today: date) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "allowed_from": right.since,
        "allowed_until": right.until,
        "sure": right.sure,
        "names_work": right.names_work,
        "log_seq": log_seq,
        "reckoned_on": today,
    }


async def _days(uow: Writing, visits: Collection[VisitToCome]) -> Mapping[str, date]:
    """The local day of each step's visit; of several the last."""
    days: dict[str, date] = {}
    for visit in visits:
        zone = ZoneInfo((await point(uow, visit.point_id)).zone)
        days[visit.step] = max(days.get(visit.step, date.min), visit.starts_at.astimezone(zone).date())
    return days


async def _points_took(uow: Writing) -> dict[str, list[int]]:
    """How long the region's points have taken; read once an hour by each process."""
    kept = _took.get(uow.opened.pool)
    if kept is not None and kept[0] <= uow.now < kept[0] + _KEPT_FOR:
        return kept[1]
    part = points_took(uow.now - _BACK)
    took = (await gather_within(uow, part))[part]
    _took[uow.opened.pool] = uow.now, took
    return took


async def reckon_moved(database: Database, region: RegionPolicy) -> int:
    """The worker's tick: anew for whom something has happened since, and for everybody once a day; for how many."""
    after, moved = None, 0
    while True:
        async with database.writing(region) as uow:
            page = await repository.visible_after(uow, after, _BATCH)
            if not page:
                return moved
            heads, today = heads_part([person_id for person_id, _, _ in page]), region.day_of(uow.now)
            lengths: defaultdict[UUID, int] = defaultdict(int)
            for ledger, person_id, seq in (await gather_within(uow, heads))[heads]:
                lengths[person_id] += seq if ledger == _LOG else 0
            due = [person for person, seq, day in page if lengths[person] != seq or day != today]
            await repository.set_reckoned(uow, await reckon(uow, due))
        after, moved = page[-1][0], moved + len(due)
