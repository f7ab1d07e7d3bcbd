"""What is to be mirrored takes the next number of its person's sequence, if there is a ground for it."""

import json
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from app.db.unit_of_work import Writing
from app.wire.bodies import Act
from services.registry import repository
from services.registry.grounds import Grounds
from services.registry.rows import CONTENT_FIELD, Line

_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Item:
    """Something of a person as it is now. A later one of the same kind and key replaces it, here and there."""

    kind: str
    key: str
    purpose: str
    scope: str
    content: dict[str, Any]


async def put(uow: Writing, grounds: Grounds, person_id: UUID, item: Item) -> bool:
    """Queues it; false, and nothing is kept, where there is no ground.

    An older state that nobody has been sent yet gives its number to this one: what left no trace needs no tombstone.
    """
    ground = await grounds.hold(uow, person_id, item.purpose, item.scope)
    if ground is None:
        return False
    sequence = await repository.lock(uow, person_id)
    if sequence is None:
        return False
    waiting = await repository.waiting_like(uow, person_id, item.kind, item.key, ground.consent_id)
    salt = secrets.token_urlsafe(_SALT_BYTES)
    plain = json.dumps({"content": item.content, "salt": salt}).encode()
    line = Line(
        person_id=person_id,
        subject=sequence.subject,
        seq=waiting or sequence.last_seq + 1,
        id=uuid4(),
        act=Act.PUT,
        created_at=uow.now,
        kind=item.kind,
        key=item.key,
        purpose=item.purpose,
        scope=item.scope,
        ground=ground.citation,
        consent_id=ground.consent_id,
        content_sealed=await uow.vault.seal(person_id, CONTENT_FIELD, plain),
    ).digested(uow.region.code, item.content, salt)
    if waiting:
        await repository.rewrite(uow, [line])
    else:
        await repository.append(uow, line)
    return True


async def remove(uow: Writing, person_id: UUID, kind: str, key: str) -> None:
    """Queues that this is no more; nothing where nothing of it stands."""
    sequence = await repository.lock(uow, person_id, make=False)
    if sequence is None or not await repository.stands(uow, person_id, kind, key):
        return
    line = Line(
        person_id=person_id,
        subject=sequence.subject,
        seq=sequence.last_seq + 1,
        id=uuid4(),
        act=Act.REMOVE,
        created_at=uow.now,
        kind=kind,
        key=key,
    )
    await repository.append(uow, line.digested(uow.region.code))
