"""The registry's SQL. Each method is one statement, and so one transaction."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from app.wire.bodies import Event
from app.wire.signatures import Signed

SCHEMA = Path(__file__).with_name("schema.sql")
UNREACHABLE = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.CannotConnectNowError, OSError)
"""What is raised while the database is away."""
ALARMS_KEPT, STRANGERS_KEPT = timedelta(days=3 * 365), timedelta(days=30)
Row = Mapping[str, Any]


_RECEIVE = f"SELECT outcomes, told FROM receive_all({', '.join(f'${number}' for number in range(1, 21))})"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Received:
    """An event as it came. `fault`: why it will be rejected when its turn comes."""

    event: Event
    digest: bytes
    sealed: bytes | None
    fault: str | None

    def row(self) -> tuple[Any, ...]:
        """As `receive_all` takes it, from identifier to what it supersedes."""
        said = self.event
        return (
            *(said.id, said.subject, said.sequence, self.digest, said.act.value, said.purpose, said.scope, said.ground),
            *(said.consent, said.kind, said.key, self.sealed, self.fault, said.supersedes),
        )


@dataclass(frozen=True, slots=True)
class Use:
    """That somebody reads, what for and on what ground."""

    at: datetime
    reader: str
    purpose: str
    ground: str


class _Plain(asyncpg.Connection):  # type: ignore[misc]
    """Nothing of a session is ever changed here, so nothing is put back, by a round trip, when it is given back."""

    def get_reset_query(self) -> str:
        return ""


class Store:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @classmethod
    async def open(cls, url: str, pool_size: int) -> "Store":
        """Connects, and makes what is missing of the schema."""
        plain = url.replace("postgresql+asyncpg://", "postgresql://")
        settings = {"application_name": "manzil-registry", "timezone": "UTC", "statement_timeout": "15000"}
        pool = await asyncpg.create_pool(
            plain, min_size=1, max_size=pool_size, server_settings=settings, connection_class=_Plain
        )
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute(SCHEMA.read_text(encoding="utf-8"))
        return cls(pool)

    async def close(self) -> None:
        await self._pool.close()

    async def receive(
        self, events: Sequence[Received], source: str, signed: Signed, now: datetime, *, tell: bool
    ) -> tuple[list[str] | None, list[Row]]:
        """What became of each: `received`, `erasing` (the same, and an erasure is to be finished), `duplicate`,
        `superseded`, or why it is refused; None for all of them where the message was heard before. With `tell`, what
        came of them is told too, and counts as told.
        """
        columns = zip(*(one.row() for one in events), strict=True)
        row = await self._pool.fetchrow(
            _RECEIVE,
            *(signed.kid, signed.nonce, signed.expires, now, source, tell),
            *map(list, columns),
        )
        return row["outcomes"], row["told"] or []

    async def use_nonce(self, signed: Signed, source: str, now: datetime) -> bool:
        unused: bool = await self._pool.fetchval(
            "SELECT use_nonce($1,$2,$3,$4,$5)", signed.kid, signed.nonce, signed.expires, now, source
        )
        return unused

    async def acknowledgements(
        self, source: str, done: Sequence[int], limit: int, now: datetime, again: timedelta
    ) -> list[Row]:
        """Drops those that the sender has; returns what else there is, and leaves that to who asked for so long."""
        if done:
            await self._pool.execute(
                "DELETE FROM acknowledgements WHERE source = $1 AND number = ANY ($2::bigint[])", source, done
            )
        found = await self._pool.fetch(
            """
            UPDATE acknowledgements SET told_at = $3 WHERE number IN (
                SELECT number FROM acknowledgements WHERE source = $1 AND (told_at IS NULL OR told_at <= $4)
                ORDER BY number LIMIT $2 FOR UPDATE SKIP LOCKED)
            RETURNING *
            """,
            *(source, limit, now, now - again),
        )
        return sorted(found, key=lambda row: row["number"])

    async def open_erasures(self) -> list[Row]:
        return list(await self._pool.fetch("SELECT * FROM erasures WHERE receipt IS NULL ORDER BY at LIMIT 100"))

    async def finish_erasure(self, source: str, event_id: UUID, receipt: str, now: datetime) -> None:
        await self._pool.execute("SELECT finish_erasure($1,$2,$3,$4)", source, event_id, receipt, now)

    async def standings(self, source: str, subjects: Collection[UUID]) -> list[Row]:
        """How far each sequence is applied, and what is held: kind, key, number, event and digest of each record."""
        return list(
            await self._pool.fetch(
                """
                SELECT s.subject, s.applied, coalesce(json_agg(json_build_array(
                    r.kind, r.key, r.seq, r.event_id, encode(r.digest, 'hex')))
                    FILTER (WHERE r.kind IS NOT NULL), '[]')::text AS held
                FROM subjects s LEFT JOIN records r ON r.source = s.source AND r.subject = s.subject
                WHERE s.source = $1 AND s.subject = ANY ($2::uuid[]) GROUP BY s.subject, s.applied
                """,
                source,
                list(subjects),
            )
        )

    async def read(self, source: str, subject: UUID, kinds: Collection[str], use: Use) -> list[Row]:
        """A person's records of these kinds; that they were read is written in the same statement."""
        return list(
            await self._pool.fetch(
                """
                WITH logged AS (
                    INSERT INTO uses (at, reader, purpose, ground, source, subject, kinds)
                    VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING number)
                SELECT r.* FROM records r, logged
                WHERE r.source = $5 AND r.subject = $6 AND r.kind = ANY ($7::text[]) ORDER BY r.kind, r.key
                """,
                *(use.at, use.reader, use.purpose, use.ground, source, subject, list(kinds)),
            )
        )

    async def untold_uses(self, source: str, done: Collection[int], limit: int, now: datetime) -> list[Row]:
        """Uses of this sender's people that it does not know of yet, oldest first; those that are done it knows."""
        if done:
            statement = "UPDATE uses SET known_at = $3 WHERE source = $1 AND number = ANY ($2::bigint[])"
            await self._pool.execute(f"{statement} AND known_at IS NULL", source, list(done), now)
        query = """
            SELECT number, id, at, subject, reader, purpose, ground, kinds FROM uses
            WHERE source = $1 AND known_at IS NULL ORDER BY number LIMIT $2
        """
        return list(await self._pool.fetch(query, source, limit))

    async def uses(self, source: str, subject: UUID) -> list[Row]:
        query = "SELECT at, reader, purpose, ground, kinds FROM uses WHERE source = $1 AND subject = $2"
        return list(await self._pool.fetch(f"{query} ORDER BY number DESC LIMIT 500", source, subject))

    async def of_kind(self, kind: str) -> list[Row]:
        return list(await self._pool.fetch("SELECT subject, consent, sealed FROM records WHERE kind = $1", kind))

    async def stranger(self, code: str, now: datetime) -> None:
        """Counts what nobody known has signed."""
        await self._pool.execute(
            """
            INSERT INTO strangers (minute, code, times, at) VALUES (date_trunc('minute', $1::timestamptz), $2, 1, $1)
            ON CONFLICT (minute, code) DO UPDATE
            SET times = strangers.times + 1, at = excluded.at, number = excluded.number
            """,
            *(now, code),
        )

    async def alarms(self) -> list[Row]:
        """Newest first. What strangers send is counted apart, and takes no place of what senders did."""
        return list(
            await self._pool.fetch(
                """
                (SELECT number, at, code, source, event_id, 1 AS times FROM alarms ORDER BY number DESC LIMIT 200)
                UNION ALL
                (SELECT number, at, code, NULL, NULL, times FROM strangers ORDER BY minute DESC, number DESC LIMIT 50)
                ORDER BY number DESC
                """
            )
        )

    async def forget_alarms(self, now: datetime) -> None:
        await self._pool.execute("DELETE FROM alarms WHERE at < $1", now - ALARMS_KEPT)
        await self._pool.execute("DELETE FROM strangers WHERE minute < $1", now - STRANGERS_KEPT)

    async def forget_nonces(self, before: datetime) -> None:
        await self._pool.execute("DELETE FROM nonces WHERE until < $1", before)

    async def signing_keys(self) -> list[Row]:
        return list(await self._pool.fetch("SELECT * FROM signing_keys ORDER BY signs_from, kid"))

    async def add_signing_key(self, kid: str, jwk: dict[str, str], sealed: bytes, signs_from: datetime) -> None:
        """Unless another process has made one for that time."""
        await self._pool.execute(
            """
            WITH turn AS (SELECT pg_advisory_xact_lock(20422))
            INSERT INTO signing_keys SELECT $1::text, $2::jsonb, $3::bytea, $4::timestamptz FROM turn
            WHERE NOT EXISTS (SELECT FROM signing_keys WHERE signs_from > $4::timestamptz - interval '1 day')
            """,
            *(kid, json.dumps(jwk), sealed, signs_from),
        )

    async def ready(self) -> Any:
        return await self._pool.fetchval("SELECT count(*) FROM (SELECT FROM signing_keys LIMIT 1) AS one")
