"""SQL of the ledgers. The database numbers and chains the links itself (`migrations/sql/0001_guards.sql`)."""

import hmac
import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Boolean, SQLColumnExpression, func, insert, literal_column, select, text, tuple_, update
from sqlalchemy.orm import aliased

from app.db.gather import Part
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.hiding import Order
from app.errors import NotSignedIn
from app.models.audit import AuditEntry, ChainHead, ChainSeal, UseHiding
from app.ports import Vault

Heads = list[list[str]]
"""Ledger, person, sequence number and digest (hex) of each head, in that order, sorted."""


async def add_entry(uow: Writing, values: dict[str, Any]) -> None:
    await uow.session.execute(insert(AuditEntry).inline().values(**values))


_ENTRY = {
    name: {"person_id": "uuid", "actor_id": "uuid", "at": "timestamptz", "subject": "jsonb"}.get(name, "text")
    for name in (
        *("person_id", "at", "action", "purpose", "ground", "actor_role", "actor_id", "receiver", "system", "subject"),
    )
}
_ADD_MANY = text(
    f"INSERT INTO audit_entries ({', '.join(_ENTRY)}) SELECT {', '.join(_ENTRY)} FROM "  # noqa: S608 — ours
    f"jsonb_to_recordset(CAST(:rows AS jsonb)) AS r ({', '.join(f'{name} {kind}' for name, kind in _ENTRY.items())})"
)


def written(row: dict[str, Any]) -> dict[str, Any]:
    """A row as JSON has it."""
    return {
        name: value if value is None or isinstance(value, str | dict) else str(value) for name, value in row.items()
    }


async def add_entries(uow: Writing, rows: Sequence[dict[str, Any]]) -> None:
    """Many in one statement, in their order."""
    if rows:
        await uow.session.execute(_ADD_MANY, {"rows": json.dumps([written(row) for row in rows])})


Shown = tuple[int, AuditEntry]
"""An entry, and its number among those that are shown: so that nobody can tell from a gap that one is not."""


async def entries(uow: Reading, person_id: UUID, before: int | None, limit: int) -> list[Shown]:
    """What is shown to the person of their log, newest first, below the number `before`."""
    hidden = func.use_is_hidden(literal_column("audit_entries"), uow.now, type_=Boolean)
    mine = select(AuditEntry).where(AuditEntry.person_id == person_id)
    number: SQLColumnExpression[int] = AuditEntry.seq
    if await any_hidden(uow, person_id):
        number = func.row_number().over(order_by=AuditEntry.seq)
        mine = mine.where(~hidden)
    numbered = mine.add_columns(number.label("number")).subquery()
    shown = aliased(AuditEntry, numbered)
    query = select(numbered.c.number, shown)
    if before is not None:
        query = query.where(numbered.c.number < before)
    found = await uow.session.execute(query.order_by(numbered.c.number.desc()).limit(limit))
    return [(place, entry) for place, entry in found]


async def any_hidden(uow: Reading, person_id: UUID) -> bool:
    query = select(UseHiding.id).where(UseHiding.person_id == person_id, UseHiding.until > uow.now).limit(1)
    return await uow.session.scalar(query) is not None


async def add_hiding(uow: Writing, person_id: UUID, order: Order, ordered_by: UUID) -> UUID:
    hiding_id = uuid4()
    values = {
        "id": hiding_id,
        "person_id": person_id,
        "purpose": order.purpose,
        "receiver": order.receiver,
        "ground": order.ground.value,
        "since": order.since,
        "until": order.until,
        "ordered_at": uow.now,
        "ordered_by": ordered_by,
    }
    await uow.session.execute(insert(UseHiding).values(**values))
    return hiding_id


async def count_hidings(uow: Reading) -> dict[str, tuple[int, int]]:
    """By ground: how many orders there ever were, and how many hide something now."""
    in_force = func.count().filter(UseHiding.until > uow.now)
    query = select(UseHiding.ground, func.count(), in_force).group_by(UseHiding.ground)
    return {ground: (ever, now) for ground, ever, now in await uow.session.execute(query)}


async def hidings(uow: Reading, before: datetime | None, limit: int) -> list[UseHiding]:
    """All orders, the newest first, for who oversees them."""
    query = select(UseHiding).order_by(UseHiding.ordered_at.desc(), UseHiding.id).limit(limit)
    if before is not None:
        query = query.where(UseHiding.ordered_at < before)
    return list(await uow.session.scalars(query))


def told_part(people: Collection[UUID], purpose: str, actor_id: UUID | None, since: datetime) -> Part[set[UUID]]:
    """Those of the people whose log has an entry of this use by this account after an instant."""
    statement = """
        SELECT DISTINCT person_id FROM audit_entries
        WHERE person_id = ANY (:lookers::uuid[]) AND purpose = :look AND actor_id = :looker::uuid
            AND at > :told_since::timestamptz
    """
    values = {"lookers": list(people), "look": purpose, "looker": actor_id, "told_since": since}
    return Part(statement, values, lambda rows: {UUID(row["person_id"]) for row in rows}, many=True)


async def mark_planned(uow: Writing, heads: Collection[tuple[str, UUID, int]]) -> None:
    """Says of heads (ledger, person, number) that reminders take them into account. One that is being moved just now
    is left out: it has to be looked at again anyhow.
    """
    ledgers, people, numbers = [list(column) for column in zip(*sorted(heads), strict=True)]
    statement = """
        WITH seen AS (
            SELECT * FROM unnest(CAST(:ledgers AS text[]), CAST(:people AS uuid[]), CAST(:numbers AS bigint[]))
                AS s (ledger, person_id, seq)
        ), free AS (
            SELECT h.ledger, h.person_id, s.seq FROM chain_heads h JOIN seen s USING (ledger, person_id)
            WHERE h.planned_seq < s.seq ORDER BY 1, 2 FOR NO KEY UPDATE OF h SKIP LOCKED
        )
        UPDATE chain_heads h SET planned_seq = free.seq FROM free
        WHERE (h.ledger, h.person_id) = (free.ledger, free.person_id)
    """
    await uow.session.execute(text(statement), {"ledgers": ledgers, "people": people, "numbers": numbers})


async def unplanned_gone(uow: Reading, limit: int = 5_000) -> list[tuple[str, UUID, int]]:
    """Heads (ledger, person, number) that reminders do not take into account, of people who had all deleted."""
    statement = text("""
        SELECT h.ledger, h.person_id, h.seq FROM chain_heads h JOIN persons ON persons.id = h.person_id
        WHERE h.seq > h.planned_seq AND erased_at IS NOT NULL LIMIT :limit
    """)
    found = await uow.session.execute(statement, {"limit": limit})
    return [(ledger, person_id, seq) for ledger, person_id, seq in found]


async def unplanned_among(uow: Reading, people: Collection[UUID]) -> set[UUID]:
    """Those of the people to whom something has happened that their reminders do not take into account yet."""
    query = select(ChainHead.person_id).where(ChainHead.seq > ChainHead.planned_seq, ChainHead.person_id.in_(people))
    return set(await uow.session.scalars(query))


def log_position(person_id: UUID) -> Part[int]:
    """NotSignedIn for one who had all deleted, or was joined with another: the next token names the other."""
    statement = """
        SELECT merged_into, erased_at, seq FROM persons
        LEFT JOIN chain_heads ON ledger = 'audit_entries' AND person_id = persons.id
        WHERE persons.id = :person
    """

    def read(row: Any) -> int:
        if row is None or row["merged_into"] or row["erased_at"]:
            raise NotSignedIn
        return row["seq"] or 0

    return Part(statement, {"person": person_id}, read)


def log_positions(people: Collection[UUID]) -> Part[dict[UUID, int]]:
    """Of many; who was joined with another meanwhile is left out."""
    statement = """
        SELECT persons.id, seq FROM persons
        LEFT JOIN chain_heads ON ledger = 'audit_entries' AND person_id = persons.id
        WHERE persons.id = ANY (:people) AND merged_into IS NULL AND erased_at IS NULL
    """

    def read(rows: list[dict[str, Any]]) -> dict[UUID, int]:
        return {UUID(row["id"]): row["seq"] or 0 for row in rows}

    return Part(statement, {"people": list(people)}, read, many=True)


async def last_seal(uow: Reading) -> ChainSeal | None:
    return await uow.session.scalar(select(ChainSeal).order_by(ChainSeal.number.desc()).limit(1))


async def unsealed_heads(uow: Writing, limit: int) -> Heads:
    """Heads that moved, now marked as sealed at the place they stand at."""
    query = (
        select(ChainHead.ledger, ChainHead.person_id)
        .where(ChainHead.seq > ChainHead.sealed_seq)
        .order_by(ChainHead.ledger, ChainHead.person_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    due = (await uow.session.execute(query)).all()
    if not due:
        return []
    marked = await uow.session.execute(
        update(ChainHead)
        .where(tuple_(ChainHead.ledger, ChainHead.person_id).in_([tuple(row) for row in due]))
        .values(sealed_seq=ChainHead.seq)
        .returning(ChainHead.ledger, ChainHead.person_id, ChainHead.seq, ChainHead.digest)
    )
    return sorted([ledger, str(person), str(seq), digest.hex()] for ledger, person, seq, digest in marked)


async def add_seal(uow: Writing, number: int, heads: Heads, mac: bytes) -> None:
    await uow.session.execute(insert(ChainSeal).values(number=number, sealed_at=uow.now, heads=heads, mac=mac))


def seal_mac(vault: Vault, number: int, heads: Heads, before: bytes) -> bytes:
    """The keyed digest of one seal: its number, the heads and the seal before."""
    return vault.mac("chain-seal", json.dumps([number, heads, before.hex()], separators=(",", ":")).encode())


async def broken_links(uow: Reading, ledger: str) -> list[str]:
    rows = await uow.session.execute(
        text("SELECT person_id, seq, fault FROM broken_links(:ledger)"), {"ledger": ledger}
    )
    return [f"{ledger}: person {person}, link {seq}: {fault}" for person, seq, fault in rows]


async def broken_seals(uow: Reading) -> list[str]:
    """Seals that do not verify, and sealed links that are no longer what was sealed."""
    faults = []
    before, expected = b"", 1
    async for seal in await uow.session.stream_scalars(select(ChainSeal).order_by(ChainSeal.number)):
        if seal.number != expected or not hmac.compare_digest(
            seal.mac, seal_mac(uow.vault, seal.number, seal.heads, before)
        ):
            faults.append(f"seal {seal.number} does not verify")
        before, expected = seal.mac, seal.number + 1
    moved = await uow.session.execute(
        text("""
            SELECT s.number, h ->> 0, h ->> 1, h ->> 2 FROM chain_seals s, jsonb_array_elements(s.heads) h
            WHERE NOT EXISTS (
                SELECT FROM audit_entries a WHERE h ->> 0 = 'audit_entries' AND a.person_id = (h ->> 1)::uuid
                AND a.seq = (h ->> 2)::bigint AND a.digest = decode(h ->> 3, 'hex')
                UNION ALL
                SELECT FROM consent_events c WHERE h ->> 0 = 'consent_events' AND c.person_id = (h ->> 1)::uuid
                AND c.seq = (h ->> 2)::bigint AND c.digest = decode(h ->> 3, 'hex'))
        """)
    )
    faults += [
        f"{ledger}: person {person}, link {seq} is not what seal {number} sealed"
        for number, ledger, person, seq in moved
    ]
    unsealed = await uow.session.execute(
        text("""
            WITH sealed AS (
                SELECT h ->> 0 AS ledger, (h ->> 1)::uuid AS person_id, (h ->> 2)::bigint AS sealed_seq
                FROM chain_seals, jsonb_array_elements(heads) h
            )
            SELECT ledger, person_id, sealed_seq FROM chain_heads WHERE sealed_seq > 0
            EXCEPT SELECT ledger, person_id, sealed_seq FROM sealed ORDER BY 1, 2
        """)
    )
    return faults + [f"{ledger}: person {person}, link {seq}: its seal is gone" for ledger, person, seq in unsealed]
