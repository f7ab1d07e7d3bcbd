"""SQL of the mirror: the sequences, and what is written of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, delete, insert, select, text

from app.db.unit_of_work import Reading, Writing
from app.domain.registry.mirror import MirrorStatus
from app.models.registry import MirrorKey
from app.ports import Acknowledged
from app.wire.bodies import Act
from services.registry.rows import Line

COLUMNS = """e.person_id, p.subject, e.seq, e.id, e.act, e.created_at, e.kind, e.key, e.purpose, e.scope, e.ground,
    e.consent_id, e.content_sealed, e.digest, e.supersedes, e.reason, e.status, e.attempts"""
LINES = f"SELECT {COLUMNS} FROM mirror_events e JOIN mirror_people p ON p.person_id = e.person_id"  # noqa: S608
PUT = Act.PUT.value


@dataclass(frozen=True, slots=True)
class Sequence_:  # noqa: N801 — the name is taken
    """A person's sequence, which is ours until this transaction is over."""

    person_id: UUID
    subject: UUID
    last_seq: int


@dataclass(frozen=True, slots=True)
class Settled:
    """An event of which it is known now what became of it. `passed_on`: whether data of the person went with it."""

    event_id: UUID
    person_id: UUID
    purpose: str
    ground: str
    passed_on: bool


def line_from(row: Row[Any]) -> Line:
    told = dict(row._mapping)  # noqa: SLF001 — SQLAlchemy's own name for it
    return Line(**told | {"act": Act(told["act"]), "status": MirrorStatus(told["status"])})


async def lock(uow: Writing, person_id: UUID, *, make: bool = True) -> Sequence_ | None:
    """The person's sequence, made if there was none and `make`."""
    locked = text("SELECT subject, last_seq FROM mirror_people WHERE person_id = :id FOR UPDATE")
    row = (await uow.session.execute(locked, {"id": person_id})).one_or_none()
    if row is None and make:
        statement = text("INSERT INTO mirror_people (person_id, subject) VALUES (:id, :subject) ON CONFLICT DO NOTHING")
        await uow.session.execute(statement, {"id": person_id, "subject": uuid4()})
        row = (await uow.session.execute(locked, {"id": person_id})).one_or_none()
    return Sequence_(person_id, row.subject, row.last_seq) if row else None


async def lock_all(uow: Writing, people: Collection[UUID], events: Collection[UUID]) -> None:
    """These people's sequences, and those of which these events are, in one order."""
    statement = text("""
        SELECT FROM mirror_people WHERE person_id IN (
            SELECT unnest(CAST(:people AS uuid[])) UNION SELECT person_id FROM mirror_events WHERE id = ANY (:events))
        ORDER BY person_id FOR NO KEY UPDATE
    """)
    await uow.session.execute(statement, {"people": list(people), "events": list(events)})


async def lines(uow: Reading, person_id: UUID, statuses: Collection[str], consent_id: UUID | None = None) -> list[Line]:
    """Those of the person in these states; of one consent, if it is named. In order."""
    query = f"{LINES} WHERE e.person_id = :person AND e.status = ANY (:statuses)"
    values: dict[str, Any] = {"person": person_id, "statuses": list(statuses)}
    if consent_id is not None:
        query, values = f"{query} AND e.consent_id = :consent", values | {"consent": consent_id}
    return [line_from(row) for row in await uow.session.execute(text(f"{query} ORDER BY e.seq"), values)]


async def waiting_like(uow: Writing, person_id: UUID, kind: str, key: str, consent_id: UUID | None) -> int | None:
    """The number under which an older state of the same thing waits, which nobody has been sent yet."""
    query = text("""
        SELECT seq FROM mirror_events WHERE person_id = :person AND status = 'queued' AND attempts = 0 AND act = :put
            AND kind = :kind AND key = :key AND consent_id IS NOT DISTINCT FROM CAST(:consent AS uuid)
            AND seq > coalesce((SELECT max(seq) FROM mirror_events WHERE person_id = :person
                AND status IN ('queued', 'sent') AND act <> :put), 0)
        ORDER BY seq DESC LIMIT 1
    """)
    values = {"person": person_id, "put": PUT, "kind": kind, "key": key, "consent": consent_id}
    seq: int | None = await uow.session.scalar(query, values)
    return seq


_WRITTEN = (
    *("person_id", "seq", "id", "act", "created_at", "kind", "key", "purpose", "scope", "ground", "consent_id"),
    *("content_sealed", "digest", "supersedes", "reason"),
)


_APPEND = text(f"""
    WITH moved AS (
        UPDATE mirror_people SET last_seq = :seq, due_at = least(due_at, :now) WHERE person_id = :person_id)
    INSERT INTO mirror_events ({", ".join(_WRITTEN)}, available_at)
    VALUES ({", ".join(f":{name}" for name in _WRITTEN)}, :now)
""")  # noqa: S608 — ours


def _values(line: Line, now: datetime) -> dict[str, Any]:
    return {name: getattr(line, name) for name in _WRITTEN} | {"act": line.act.value, "now": now}


async def append(uow: Writing, line: Line) -> None:
    """The next number of a sequence that is locked."""
    await uow.session.execute(_APPEND, _values(line, uow.now))


async def rewrite(uow: Writing, lines: Sequence[Line]) -> None:
    """Another event in the place of one, to be sent anew, of people whose sequences are locked."""
    if not lines:
        return
    changed = ", ".join(f"{name} = :{name}" for name in _WRITTEN if name not in {"person_id", "seq"})
    statement = f"""UPDATE mirror_events SET {changed}, status = 'queued', attempts = 0, available_at = :now,
        answered_at = NULL, settled_at = NULL WHERE person_id = :person_id AND seq = :seq"""  # noqa: S608 — ours
    await uow.session.execute(text(statement), [_values(line, uow.now) for line in lines])
    await make_due(uow, {line.person_id for line in lines})


async def make_due(uow: Writing, people: Collection[UUID]) -> None:
    statement = text("UPDATE mirror_people SET due_at = least(due_at, :now) WHERE person_id = ANY (:people)")
    await uow.session.execute(statement, {"now": uow.now, "people": list(people)})


async def finish(uow: Writing, lease: UUID, people: Collection[UUID], received: Collection[UUID]) -> bool:
    """Writes what was received, and gives people back; whether there is something to send of them at once."""
    statement = text("SELECT finish_mirror(:now, :lease, CAST(:people AS uuid[]), CAST(:received AS uuid[]))")
    values = {"now": uow.now, "lease": lease, "people": list(people), "received": list(received)}
    return bool(await uow.session.scalar(statement, values))


async def put_back(uow: Writing, again: Collection[tuple[UUID, datetime]]) -> None:
    """To be tried again, then."""
    statement = text("UPDATE mirror_events SET available_at = :at WHERE id = :id AND status IN ('queued', 'sent')")
    if again:
        await uow.session.execute(statement, [{"id": event_id, "at": at} for event_id, at in again])


async def untried(uow: Writing, ids: Collection[UUID]) -> None:
    """They were marked and not sent after all."""
    statement = text("""
        UPDATE mirror_events SET attempts = attempts - 1, status = CASE attempts WHEN 1 THEN 'queued' ELSE 'sent' END
        WHERE id = ANY (:ids) AND status = 'sent'
    """)
    if ids:
        await uow.session.execute(statement, {"ids": list(ids)})


async def line_of(uow: Reading, event_id: UUID) -> Line | None:
    row = (await uow.session.execute(text(f"{LINES} WHERE e.id = :id"), {"id": event_id})).one_or_none()
    return line_from(row) if row else None


async def stands(uow: Reading, person_id: UUID, kind: str, key: str) -> bool:
    """Whether the last that was queued of it, and was not withdrawn, put it there."""
    query = text("""
        SELECT act = :put FROM mirror_events
        WHERE person_id = :id AND kind = :kind AND key = :key AND act IN (:put, :remove) ORDER BY seq DESC LIMIT 1
    """)
    acts = {"put": PUT, "remove": Act.REMOVE.value}
    return bool(await uow.session.scalar(query, {"id": person_id, "kind": kind, "key": key, **acts}))


async def settle(uow: Writing, found: Sequence[Acknowledged]) -> list[Settled]:
    """Writes what has become of these, where it is new and of the very body that we sent; returns which those were, by
    person and number. Data went with what was applied and put something there.
    """
    statement = text("""
        SELECT id, person_id, purpose, ground, status = 'applied' AND act = :put
        FROM settle_mirror(:now, CAST(:ids AS uuid[]), CAST(:digests AS bytea[]), :applied)
        ORDER BY person_id, seq
    """)
    rows = await uow.session.execute(statement, {"now": uow.now, "put": PUT, **_settled(found)})
    return [Settled(*row) for row in rows]


def _settled(found: Sequence[Acknowledged]) -> dict[str, list[Any]]:
    return {
        "ids": [one.event_id for one in found],
        "digests": [one.digest for one in found],
        "applied": [one.applied for one in found],
    }


async def silent(uow: Reading, before: datetime) -> list[UUID]:
    """Whose events were received before then and are not settled."""
    query = text("SELECT DISTINCT person_id FROM mirror_events WHERE status = 'received' AND answered_at <= :before")
    return list(await uow.session.scalars(query, {"before": before}))


async def send_silent_again(uow: Writing, people: Collection[UUID], before: datetime) -> None:
    """Those events of these people are to be sent again."""
    statement = text("""
        UPDATE mirror_events SET status = 'sent', available_at = :now
        WHERE person_id = ANY (:people) AND status = 'received' AND answered_at <= :before
    """)
    await uow.session.execute(statement, {"now": uow.now, "people": list(people), "before": before})


async def add_reads(uow: Writing, ids: Collection[UUID]) -> set[UUID]:
    """Which of these uses at the registry are new. Whoever writes the same ones meanwhile is waited for."""
    statement = text("""
        INSERT INTO mirror_reads (id, heard_at) SELECT id, :now FROM unnest(CAST(:ids AS uuid[])) id ORDER BY id
        ON CONFLICT DO NOTHING RETURNING id
    """)
    return set(await uow.session.scalars(statement, {"now": uow.now, "ids": list(ids)}))


async def people_of(uow: Reading, subjects: Collection[UUID]) -> dict[UUID, UUID]:
    """Who the people are whom the registry knows by these names."""
    query = text("SELECT subject, person_id FROM mirror_people WHERE subject = ANY (:subjects)")
    rows = await uow.session.execute(query, {"subjects": list(subjects)})
    return {row.subject: row.person_id for row in rows}


async def keys(uow: Reading) -> list[MirrorKey]:
    return list(await uow.session.scalars(select(MirrorKey).order_by(MirrorKey.signs_from, MirrorKey.kid)))


async def add_key(uow: Writing, row: dict[str, Any]) -> None:
    await uow.session.execute(insert(MirrorKey).values(row))


async def delete_keys(uow: Writing, kids: Collection[str]) -> None:
    await uow.session.execute(delete(MirrorKey).where(MirrorKey.kid.in_(kids)))
