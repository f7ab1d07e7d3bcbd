"""Reconciliation: both sides' digests are compared person by person, and what differs is mended.

Ours says what the registry ought to hold: of each thing the newest state that was applied, unless it is gone again.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

import structlog

from app.db.unit_of_work import Database, Writing
from app.domain.region.policy import RegionPolicy
from app.ports import Registry, Standing
from app.wire.bodies import Act, canonical
from services.registry import repository
from services.registry.rows import CONTENT_FIELD, Line
from services.registry.standings import repository as standings
from services.registry.standings.repository import Settled

AT_ONCE = 200
_log = structlog.get_logger()


def digest(standing: Standing) -> str:
    """As the contract says: of `[applied, held]`."""
    held = [[kind, key, seq, str(event), body.hex()] for kind, key, seq, event, body in standing.held]
    return sha256(canonical([standing.applied, sorted(held)])).hexdigest()


@dataclass(frozen=True, slots=True)
class Compared:
    """How many people, and of how many the two sides differ; `how`: what was found of them, and how often."""

    compared: int = 0
    differed: int = 0
    how: Counter[str] = field(default_factory=Counter)

    def and_then(self, more: "Compared") -> "Compared":
        return Compared(self.compared + more.compared, self.differed + more.differed, self.how + more.how)


def difference(seen: Settled, theirs: Standing) -> Counter[str]:
    """In words, what of a person's the registry has not applied, lacks, holds otherwise, or ought not to hold."""
    if theirs.applied < seen.last_seq:
        return Counter({"not applied there": seen.last_seq - theirs.applied})
    wanted, there = _things(seen.standing), _things(theirs)
    missing, strange = wanted.keys() - there.keys(), there.keys() - wanted.keys()
    other = [thing for thing in wanted.keys() & there.keys() if wanted[thing] != there[thing]]
    return +Counter({"missing there": len(missing), "other there": len(other), "strange there": len(strange)})


def _things(standing: Standing) -> dict[tuple[str, str], tuple[UUID, bytes]]:
    return {(kind, key): (event, body) for kind, key, _, event, body in standing.held}


async def compare(
    database: Database,
    region: RegionPolicy,
    registry: Registry,
    *,
    limit: int = AT_ONCE,
    before: datetime | None = None,
) -> Compared:
    """Compares those who were compared longest ago, and mends what differs. `before`: only those who were not compared
    since then. DeliveryError.
    """
    async with database.writing(region) as uow:
        ours = await standings.settled(uow, limit, before)
    if not ours:
        return Compared()
    theirs = await registry.standings([one.subject for one in ours])
    nothing = Standing(0, ())
    differing = [one for one in ours if digest(one.standing) != digest(theirs.get(one.subject, nothing))]
    async with database.writing(region) as uow:
        await standings.mark_compared(uow, [one.person_id for one in ours])
    how: Counter[str] = Counter()
    for one in differing:
        _log.warning("mirror.differs")
        how += difference(one, theirs.get(one.subject, nothing))
        async with database.writing(region) as uow:
            await mend(uow, one, theirs.get(one.subject, nothing))
    return Compared(len(ours), len(differing), how)


async def mend(uow: Writing, seen: Settled, theirs: Standing) -> None:
    """Replays what is missing after the last that is applied there, under the same ids; what differs although all of
    it is applied is put, or removed, by new numbers. Nothing if something has moved meanwhile.
    """
    sequence = await repository.lock(uow, seen.person_id, make=False)
    if sequence is None or sequence.last_seq != seen.last_seq or not await standings.is_settled(uow, seen.person_id):
        return
    if theirs.applied < seen.last_seq:
        await _replay(uow, seen, theirs.applied)
        return
    wanted, there = _things(seen.standing), _things(theirs)
    seq = sequence.last_seq
    for kind, key in sorted(there.keys() - wanted.keys()):
        seq += 1
        gone = Line(seen.person_id, seen.subject, seq, uuid4(), Act.REMOVE, uow.now, kind=kind, key=key)
        await repository.append(uow, gone.digested(uow.region.code))
    for thing in sorted(wanted.keys()):
        if there.get(thing) != wanted[thing]:
            seq += await _put_anew(uow, wanted[thing][0], seq + 1)


async def _put_anew(uow: Writing, event_id: UUID, seq: int) -> int:
    """The same thing under another number; 0 where its content is not kept any more."""
    line = await repository.line_of(uow, event_id)
    if line is None or line.content_sealed is None:
        return 0
    opened = json.loads(await uow.vault.open(line.person_id, CONTENT_FIELD, line.content_sealed))
    anew = replace(line, id=uuid4(), seq=seq, created_at=uow.now)
    await repository.append(uow, anew.digested(uow.region.code, opened["content"], opened["salt"]))
    return 1


async def _replay(uow: Writing, seen: Settled, applied: int) -> None:
    """From the last applied on. What is no longer kept here, because it was replaced, goes as a tombstone."""
    lines = await standings.after_number(uow, seen.person_id, applied)
    empty = [line for line in lines if line.act is Act.PUT and line.content_sealed is None]
    await repository.rewrite(uow, [line.buried(uow.region.code, "replaced", uow.now) for line in empty])
    kept: Sequence[UUID] = [line.id for line in lines if line not in empty]
    await standings.send_anew(uow, seen.person_id, kept)
