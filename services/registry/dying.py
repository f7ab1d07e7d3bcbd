"""What the registry will not take leaves the sequence, and is kept aside for a person to look at and put back."""

import json
from uuid import UUID

import structlog

from app.db.unit_of_work import Writing
from app.errors import NotFound
from app.wire.bodies import Act
from services.audit.commands import record_change
from services.registry import repository
from services.registry.errors import NoGroundLeft
from services.registry.grounds import Grounds
from services.registry.letters import repository as letters
from services.registry.queueing import Item, put
from services.registry.rows import CONTENT_FIELD, Line

ERASED = "erased"
CHANGED_HERE = "changed_here"
"""Somebody has changed the row since it was queued: what it says now was never anybody's."""
GROUND_GONE = frozenset({"consent_erased"})
"""The registry was right: what was withdrawn is not kept for anybody to put back."""
_log = structlog.get_logger()


async def let_die(uow: Writing, line: Line, reason: str) -> None:
    """A tombstone takes its place, so that nobody waits for its number. A tombstone or an erasure cannot die: it is
    tried again in an hour, and the alarm stands.
    """
    await raise_alarm(uow, reason, line.id)
    sequence = await repository.lock(uow, line.person_id, make=False)
    current = await repository.line_of(uow, line.id)
    if sequence is None or current is None:
        return  # it has become a tombstone meanwhile
    if line.act in {Act.TOMBSTONE, Act.ERASE}:
        await letters.hold_for_an_hour(uow, line.id)
        return
    if line.act is Act.PUT and reason not in GROUND_GONE | {ERASED}:
        await letters.add(uow, current, reason)
    await repository.rewrite(uow, [current.buried(uow.region.code, "dead", uow.now)])


async def keep_rejected(uow: Writing, line: Line, reason: str) -> None:
    """The registry has used up its number, so it needs no tombstone."""
    await raise_alarm(uow, f"rejected_{reason}"[:60], line.id)
    if line.act is Act.PUT and reason not in GROUND_GONE:
        await letters.add(uow, line, reason)


async def raise_alarm(uow: Writing, code: str, event_id: UUID | None = None) -> None:
    """Tells the log and the operator. Never the data."""
    _log.error("mirror.alarm", code=code)
    await letters.add_alarm(uow, code[:60], event_id)


async def put_letter_back(uow: Writing, grounds: Grounds, letter_id: UUID) -> None:
    """Queues a dead letter anew, under the next number of its person's sequence. NotFound; NoGroundLeft where its
    ground has ended meanwhile: then it is dropped.
    """
    waiting = await letters.letter_of(uow, letter_id)
    if waiting is None:
        raise NotFound
    # In the order in which a withdrawal locks them: the ground, the sequence, the letter.
    await grounds.hold(uow, waiting.person_id, waiting.purpose, waiting.scope)
    await repository.lock(uow, waiting.person_id)
    letter = await letters.take(uow, letter_id)
    if letter is None:
        raise NotFound
    content = None
    if letter.content_sealed is not None:
        content = json.loads(await uow.vault.open(letter.person_id, CONTENT_FIELD, letter.content_sealed))["content"]
    item = Item(letter.kind, letter.key, letter.purpose, letter.scope, content or {})
    if content is None or not await put(uow, grounds, letter.person_id, item):
        raise NoGroundLeft
    await record_change(uow, letter.person_id, "mirror_put_back", letter=letter_id)


async def settle_alarm(uow: Writing, alarm_id: int) -> None:
    """NotFound for one that is settled, or never was."""
    if not await letters.settle(uow, alarm_id):
        raise NotFound
