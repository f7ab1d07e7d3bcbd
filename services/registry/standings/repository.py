"""SQL of the comparison: where both sides ought to stand."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import text

from app.db.unit_of_work import Reading, Writing
from app.ports import Standing
from app.wire.bodies import Act
from services.registry.repository import LINES, line_from, make_due
from services.registry.rows import Line


@dataclass(frozen=True, slots=True)
class Settled:
    """A person of whom nothing is on its way: how long their sequence is, and what the registry ought to hold."""

    person_id: UUID
    subject: UUID
    last_seq: int
    held: tuple[tuple[str, str, int, UUID, bytes], ...]

    @property
    def standing(self) -> Standing:
        return Standing(self.last_seq, self.held)


async def settled(uow: Writing, limit: int) -> list[Settled]:
    """Those of whom everything is settled, compared longest ago first, with what the registry ought to hold."""
    query = text("""
        WITH chosen AS (
            SELECT person_id, subject, last_seq FROM mirror_people p
            WHERE last_seq > 0 AND due_at IS NULL AND NOT EXISTS (
                SELECT FROM mirror_events e WHERE e.person_id = p.person_id
                    AND e.status NOT IN ('applied', 'rejected'))
            ORDER BY compared_at NULLS FIRST, person_id LIMIT :limit),
        newest AS (
            SELECT DISTINCT ON (e.person_id, e.kind, e.key) e.* FROM mirror_events e JOIN chosen USING (person_id)
            WHERE e.status = 'applied' AND e.kind <> '' ORDER BY e.person_id, e.kind, e.key, e.seq DESC)
        SELECT c.person_id, c.subject, c.last_seq, n.kind, n.key, n.seq, n.id, n.digest
        FROM chosen c LEFT JOIN newest n ON n.person_id = c.person_id AND n.act = :put AND NOT EXISTS (
            SELECT FROM mirror_erasures x WHERE x.consent_id = n.consent_id)
        ORDER BY c.person_id, n.kind COLLATE "C", n.key COLLATE "C"
    """)
    people: dict[UUID, Settled] = {}
    for row in await uow.session.execute(query, {"limit": limit, "put": Act.PUT.value}):
        before = people.get(row.person_id) or Settled(row.person_id, row.subject, row.last_seq, ())
        thing = ((row.kind, row.key, row.seq, row.id, row.digest),) if row.kind else ()
        people[row.person_id] = replace(before, held=before.held + thing)
    return list(people.values())


async def is_settled(uow: Reading, person_id: UUID) -> bool:
    query = text("""
        SELECT NOT EXISTS (SELECT FROM mirror_events WHERE person_id = :id AND status NOT IN ('applied', 'rejected'))
    """)
    return bool(await uow.session.scalar(query, {"id": person_id}))


async def mark_compared(uow: Writing, people: Collection[UUID]) -> None:
    statement = text("UPDATE mirror_people SET compared_at = :now WHERE person_id = ANY (:people)")
    await uow.session.execute(statement, {"now": uow.now, "people": list(people)})


async def after_number(uow: Reading, person_id: UUID, seq: int) -> list[Line]:
    query = text(f"{LINES} WHERE e.person_id = :person AND e.seq > :seq ORDER BY e.seq")
    return [line_from(row) for row in await uow.session.execute(query, {"person": person_id, "seq": seq})]


async def send_anew(uow: Writing, person_id: UUID, ids: Collection[UUID]) -> None:
    """The same events once more, to the byte."""
    statement = text("""
        UPDATE mirror_events SET status = 'sent', attempts = 0, available_at = :now, settled_at = NULL
        WHERE person_id = :person AND id = ANY (:ids)
    """)
    await uow.session.execute(statement, {"person": person_id, "ids": list(ids), "now": uow.now})
    await make_due(uow, [person_id])


async def next_people(uow: Reading, after: UUID, limit: int) -> list[UUID]:
    """People of whom content is kept, by id."""
    query = text("""
        SELECT person_id FROM mirror_people p WHERE person_id > :after AND EXISTS (
            SELECT FROM mirror_events e WHERE e.person_id = p.person_id AND e.content_sealed IS NOT NULL)
        ORDER BY person_id LIMIT :limit
    """)
    return list(await uow.session.scalars(query, {"after": after, "limit": limit}))


async def consents_kept(uow: Reading, people: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Person and consent of each content that is kept of these people."""
    query = text("""
        SELECT DISTINCT person_id, consent_id FROM mirror_events
        WHERE person_id = ANY (:people) AND consent_id IS NOT NULL AND content_sealed IS NOT NULL
    """)
    return [(row.person_id, row.consent_id) for row in await uow.session.execute(query, {"people": list(people)})]


async def lag(uow: Reading) -> tuple[int, float]:
    """How many events are not settled yet, and for how many seconds the oldest of them has waited."""
    query = text("""
        SELECT count(*) AS waiting, coalesce(extract(epoch FROM CAST(:now AS timestamptz) - min(created_at)), 0) AS age
        FROM mirror_events WHERE status IN ('queued', 'sent', 'received')
    """)
    row = (await uow.session.execute(query, {"now": uow.now})).one()
    return row.waiting, float(row.age)


async def gaps(uow: Reading) -> int:
    """People whose numbers are not 1, 2, 3 … to the last."""
    query = text("""
        SELECT count(*) FROM (
            SELECT p.person_id FROM mirror_people p LEFT JOIN mirror_events e ON e.person_id = p.person_id
            GROUP BY p.person_id, p.last_seq
            HAVING count(e.seq) <> p.last_seq OR coalesce(max(e.seq), 0) <> p.last_seq) AS broken
    """)
    return await uow.session.scalar(query) or 0
