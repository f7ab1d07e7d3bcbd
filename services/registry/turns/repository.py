"""SQL of a turn of the relay: people are taken, and what came of it is written. One statement each, and so one round
trip and one commit: between an event's commit and its *applied* nothing costs more than these.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.db.changes import Row
from app.db.driver import Driver
from app.domain.registry.mirror import MirrorStatus
from app.wire.bodies import Act
from services.registry.repository import COLUMNS, PUT
from services.registry.rows import Line


@dataclass(frozen=True, slots=True)
class Lease:
    """For how many people, and how many events of each."""

    id: UUID
    until: datetime
    people: int
    each: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """People who are ours until the lease ends, and what is to be sent of them, in order. `ended`: consents, each with
    its person, under which some of it may not be sent any more.
    """

    people: list[UUID]
    lines: list[Line]
    ended: dict[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of people whom a worker had, where all of it went well. `entries`: of the log, each with its `event`,
    by person.
    """

    lease: UUID
    people: Sequence[UUID]
    received: Sequence[UUID]
    ids: Sequence[UUID]
    digests: Sequence[bytes]
    entries: Sequence[Row]


_TAKEN = f"""
    c.person_id AS holder,
    e.act = '{PUT}' AND e.consent_id IS NOT NULL AND NOT {{lives}}(e.consent_id, $1) AS ended,
    {COLUMNS.replace("p.subject", "c.subject")}
"""
_CLAIM = f"""
    SELECT {_TAKEN} FROM claim_mirror($1, $2, $3, $4, $5) c LEFT JOIN LATERAL (SELECT (c.event).*) e ON true
"""  # noqa: S608 — ours
_WRITE = f"""
    SELECT c.settled, {_TAKEN}
    FROM turn_mirror($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text::jsonb) c
        LEFT JOIN LATERAL (SELECT (c.event).*) e ON true
"""  # noqa: S608 — ours


async def claim(driver: Driver, lives: str, now: datetime, lease: Lease) -> Claimed:
    """People who have something to send and whom nobody has; and the first so many events of each. From here on these
    may be there, whatever becomes of us. A transaction of its own. `lives`: `Grounds.lives`.
    """
    statement = _CLAIM.format(lives=lives)
    return _claimed(await driver.rows(statement, now, lease.id, lease.until, lease.people, lease.each))


async def write_and_claim(
    driver: Driver, lives: str, now: datetime, applied: Applied, lease: Lease
) -> tuple[int, Claimed]:
    """Writes what was applied, gives these people back, and takes the next. Of how many events it was new; the rest is
    known already, or was never said by us.
    """
    rows = await driver.rows(
        _WRITE.format(lives=lives),
        *(now, lease.id, lease.until, lease.people, lease.each),
        *(applied.lease, applied.people, applied.received, applied.ids, applied.digests, json.dumps(applied.entries)),
    )
    return rows[0]["settled"], _claimed(rows)


def _claimed(rows: Sequence[Any]) -> Claimed:
    people: dict[UUID, None] = {}
    lines: list[Line] = []
    ended: dict[UUID, UUID] = {}
    for row in rows:
        told = dict(row.items())
        holder, gone, _ = told.pop("holder"), told.pop("ended"), told.pop("settled", None)
        if holder is not None:
            people[holder] = None
        if told["id"] is None:
            continue
        line = Line(**told | {"act": Act(told["act"]), "status": MirrorStatus(told["status"])})
        if gone and line.consent_id:
            ended[line.consent_id] = holder
        lines.append(line)
    return Claimed(list(people), lines, ended)
