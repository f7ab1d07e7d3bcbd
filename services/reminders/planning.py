"""The worker's planning: people to whom something happened, and once a day everybody.

Rows are the truth. A person is planned behind the lock of their plan, from one statement that reads all at one moment,
the length of their log among it; with what is planned, the log is marked as taken into account so far. What happens
meanwhile makes the log longer, and the person is planned once more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from app.db.bulk import gather_within
from app.db.gather import Gathered, Part
from app.db.unit_of_work import Database, Writing
from app.domain.audit.purpose import Purpose
from app.domain.pathways.engine import plan as plan_pathway
from app.domain.pathways.events import EventKind, Source
from app.domain.pathways.pathway import Facts, Pathway
from app.domain.region.policy import RegionPolicy
from app.domain.reminders.diff import Difference, Stored, difference
from app.domain.reminders.planning import NEWS_FOR, Done, Life, Paper, Use, Visit, plan
from app.domain.reminders.preferences import Preferences
from app.domain.routing.travel import minutes_between
from app.ports import TamperedError
from services.audit.commands import mark_planned
from services.audit.parts import Recent, heads_part, recent_part
from services.bookings.parts import VisitToCome, visits_to_come
from services.family.parts import guardians_of
from services.identity.parts import accounts_part, merged_part, signed_in_part
from services.pathways.parts import Recorded, events_of
from services.points.queries import directory_version, point
from services.profiles.parts import DocumentInForce, documents_in_force, facts_of_many, homes_of
from services.profiles.queries import document_ends, home_of
from services.reminders import repository
from services.reminders.parts import addresses_part, preferences_part, stored_part
from services.reminders.rows import Planned, Replanned

BATCH = 200
OF_AGE = 18
_DAY = timedelta(days=1)
_STEP_DONE_STANDS = timedelta(days=8)
_EXPECTED = {Purpose.VISIT_CHECK_IN, Purpose.VISIT_LIST, Purpose.VISIT_OUTCOME} | {
    Purpose.QUEUE_CALL,
    Purpose.HOST_CONFIRMATION,
    Purpose.EMPLOYER_CARD,
}
"""What the person asked for: they booked a visit, stood at the counter, gave their host a code, agreed to be found by
employers, whose looks at a card without a name would else be told of evening for evening. The log tells of it, and no
message does. Of name and phone being read after a yes one does: it may be weeks later. A recovery of their account they
may not have asked for themselves.
"""
Heads = list[tuple[str, UUID, int]]
_log = structlog.get_logger()


async def plan_due(database: Database, region: RegionPolicy, *, limit: int = BATCH) -> int:
    """Plans up to `limit` people for whom it is time; returns how many. Any number of workers may call it."""
    async with database.writing(region) as uow:
        await repository.open_plans(uow, limit)
    async with database.writing(region) as uow:
        plans = await repository.claim_moved(uow, limit) or await repository.claim_old(uow, limit)
        if plans:
            await _plan(uow, plans)
    return len(plans)


async def follow_the_law(uow: Writing, *, limit: int = 20_000) -> int:
    """Has people planned anew whose plan is by another version of the law; returns how many, `limit` at most."""
    return await repository.hasten(uow, uow.region.book.version, limit)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is read of a batch of people, in one statement."""

    heads: Part[Heads]
    merged: Part[dict[UUID, UUID]]
    visits: Part[dict[UUID, list[VisitToCome]]]
    facts: Part[dict[UUID, Facts]]
    events: Part[dict[UUID, list[Recorded]]]
    documents: Part[dict[UUID, list[DocumentInForce]]]
    recent: Part[dict[UUID, Recent]]
    homes: Part[set[UUID]]
    accounts: Part[dict[UUID, set[UUID]]]
    guardians: Part[dict[UUID, list[UUID]]]
    signed_in: Part[dict[UUID, set[UUID]]]
    addresses: Part[dict[UUID, set[UUID]]]
    preferences: Part[dict[UUID, Preferences]]
    stored: Part[dict[UUID, list[Stored]]]


async def _plan(uow: Writing, plans: Sequence[Planned]) -> None:
    people = [planned.person_id for planned in plans]
    purpose = Purpose.OWN_REMINDERS
    parts = _Parts(
        heads=heads_part(people),
        merged=merged_part(people),
        visits=await visits_to_come(uow, people, purpose),
        facts=await facts_of_many(uow, people, purpose),
        events=await events_of(uow, people, purpose),
        documents=await documents_in_force(uow, people, purpose),
        recent=recent_part(people, uow.now - 2 * NEWS_FOR, uow.now),  # all of the evening that is news still
        accounts=accounts_part(people),
        homes=await homes_of(uow, people, purpose),
        guardians=await guardians_of(uow, people, purpose),
        signed_in=signed_in_part(uow, people),
        addresses=addresses_part(people),
        preferences=preferences_part(people),
        stored=stored_part(uow, people),
    )
    version = directory_version(uow)
    found = await gather_within(uow, version, *(getattr(parts, name) for name in _Parts.__slots__))
    _ = found[version]
    batch = _Batch(uow, parts, found)
    await batch.remember_zones()
    changed, replanned = [], []
    for planned in plans:
        if into := batch.merged.get(planned.person_id):
            await repository.hand_over(uow, planned.person_id, into)
            continue
        papers = await batch.papers_of(planned)
        await batch.measure_ways(planned.person_id)
        replanned.append(batch.replanned(planned.person_id, papers))
        if to_change := batch.difference(planned.person_id, papers):
            changed.append((planned.person_id, to_change))
    await repository.apply(uow, changed)
    await repository.put_plans(uow, replanned)
    if dead := batch.signed_out():
        await repository.drop_addresses(uow, dead)
    # Last, and only what nobody else has: the heads of logs are what every command of these people waits for.
    await mark_planned(uow, found[parts.heads])


class _Batch:
    """What was read of many people, and what follows for each."""

    def __init__(self, uow: Writing, parts: _Parts, found: Gathered) -> None:
        self.uow, self.today = uow, uow.region.day_of(uow.now)
        self.merged = found[parts.merged]
        self.visits, self.facts, self.events = found[parts.visits], found[parts.facts], found[parts.events]
        self.documents, self.guardians = found[parts.documents], found[parts.guardians]
        self.recent, self.accounts = found[parts.recent], found[parts.accounts]
        self.signed_in, self.addresses = found[parts.signed_in], found[parts.addresses]
        self.preferences, self.stored = found[parts.preferences], found[parts.stored]
        self.homes = found[parts.homes]
        self.papers_needed = {rule.code for rule in uow.region.book.rules if rule.bring}
        self.zones: dict[UUID, ZoneInfo] = {}
        self.ways: dict[UUID, int] = {}

    async def remember_zones(self) -> None:
        for point_id in {visit.point_id for visits in self.visits.values() for visit in visits}:
            self.zones[point_id] = ZoneInfo((await point(self.uow, point_id)).zone)

    async def measure_ways(self, person_id: UUID) -> None:
        """To the person's visits, if they said where they set out from; as the crow flies, until the day comes."""
        if person_id not in self.homes or not self.visits.get(person_id):
            return
        if home := await home_of(self.uow, person_id, Purpose.OWN_REMINDERS):
            for visit in self.visits[person_id]:
                at = await point(self.uow, visit.point_id)
                self.ways[visit.id] = minutes_between(home, (at.lat, at.lon))

    async def papers_of(self, planned: Planned) -> dict[str, str | None]:
        """The last day of each document in force, by the digest of what it says. Unsealed when it is a new one."""
        documents = self.documents.get(planned.person_id, [])
        if all(document.digest in planned.papers for document in documents):
            return {document.digest: planned.papers[document.digest] for document in documents}
        try:
            ends = await document_ends(self.uow, planned.person_id, Purpose.OWN_REMINDERS)
        except (TamperedError, LookupError, TypeError, ValueError) as error:  # what is sealed is not what it should be
            _log.error("reminders.unread_papers", cause=type(error).__name__)
            ends = {}
        last_days = ((document.digest, ends.get(document.id)) for document in documents)
        return {digest: last.isoformat() if last else None for digest, last in last_days}

    def replanned(self, person_id: UUID, papers: dict[str, str | None]) -> Replanned:
        # Not everybody in one minute of the day.
        replan_at = self.uow.now + _DAY - timedelta(seconds=person_id.int % 14_400)
        age = self.facts[person_id].age_on(self.today) if person_id in self.facts else None
        told_too = self.guardians.get(person_id, []) if age is None or age < OF_AGE else []
        return Replanned(person_id, replan_at, self.uow.region.book.version, papers, told_too)

    def difference(self, person_id: UUID, papers: dict[str, str | None]) -> Difference | None:
        """None also when it cannot be told: one person's data must not stop the others."""
        try:
            wanted = plan(self._life(person_id, papers), self.uow.now)
            return difference(self.stored.get(person_id, ()), wanted, self.uow.now) or None
        except Exception as error:  # noqa: BLE001 — whatever it is, it is one person's
            _log.error("reminders.unplanned", cause=type(error).__name__)
            return None

    def _life(self, person_id: UUID, papers: dict[str, str | None]) -> Life:
        events = self.events.get(person_id, [])
        facts, recent = self.facts.get(person_id), self.recent.get(person_id) or Recent()
        own = self.accounts.get(person_id, set())
        by_others = {(move.booking_id, move.at) for move in recent.moves if move.account_id not in own}
        pathway = None
        if facts is not None:
            pathway = plan_pathway(self.uow.region.book, facts, [event for event, _ in events], self.today)
        return Life(
            zone=self.uow.region.zone,
            visits=[
                self._visit(visit, moved=(visit.id, visit.changed_at) in by_others)
                for visit in self.visits.get(person_id, [])
            ],
            steps=pathway.steps if pathway else (),
            papers=[
                Paper(document.id, document.kind, date.fromisoformat(last))
                for document in self.documents.get(person_id, [])
                if (last := papers[document.digest])
            ],
            done=self._done(events, pathway),
            uses=[Use(use.at, use.reader) for use in recent.uses if use.purpose not in _EXPECTED],
            preferences=self.preferences.get(person_id) or Preferences(),
        )

    def _visit(self, visit: VisitToCome, *, moved: bool) -> Visit:
        zone, way = self.zones[visit.point_id], self.ways.get(visit.id)
        at, changed_at = visit.starts_at, visit.changed_at
        papers = visit.step in self.papers_needed
        return Visit(visit.id, visit.step, visit.point_id, zone, at, changed_at, papers, moved=moved, way=way)

    def _done(self, events: list[Recorded], pathway: Pathway | None) -> list[Done]:
        since = self.uow.now - _STEP_DONE_STANDS
        told = [
            (event, recorded_at)
            for event, recorded_at in events
            if event.kind is EventKind.DONE and event.source is not Source.SELF_DECLARED and recorded_at > since
        ]
        if not told:
            return []
        following = None
        if pathway and pathway.next:
            step = next(step for step in pathway.steps if step.code == pathway.next[0])
            following = step.code, step.deadline or step.needed_by
        return [Done(event.step, recorded_at, following) for event, recorded_at in told]

    def signed_out(self) -> list[UUID]:
        """Devices that are reached still, and on which nobody is signed in any more."""
        return [
            device
            for person_id, devices in self.addresses.items()
            for device in devices - self.signed_in.get(person_id, set())
        ]
