"""SQL of the kept answers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import delete as sql_delete
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.db.gather import Part
from app.db.unit_of_work import Writing
from app.models.outbox import KeptAnswer


async def claim(uow: Writing, digest: bytes, request_digest: bytes, expires_at: datetime) -> KeptAnswer | None:
    """None if the key is ours now; the row of the one who was first otherwise. Waits for a claim under way."""
    claiming = insert(KeptAnswer).values(key_digest=digest, request_digest=request_digest, expires_at=expires_at)
    claiming = claiming.on_conflict_do_update(
        index_elements=[KeptAnswer.key_digest],
        set_={"request_digest": request_digest, "answer_sealed": None, "expires_at": expires_at},
        where=KeptAnswer.expires_at <= uow.now,
    )
    if await uow.session.scalar(claiming.returning(KeptAnswer.key_digest)):
        return None
    return await uow.session.scalar(select(KeptAnswer).where(KeptAnswer.key_digest == digest))


def kept(digest: bytes, now: datetime, read: Callable[[Any], None]) -> Part[None]:
    """The answer that stands under a key, if there is one; bytes in hexadecimal."""
    statement = """
        SELECT request_digest, answer_sealed FROM kept_answers
        WHERE key_digest = :answer_key AND expires_at > :now::timestamptz
    """
    return Part(statement, {"answer_key": digest, "now": now}, read)


async def keep(uow: Writing, digest: bytes, answer_sealed: bytes) -> None:
    await uow.session.execute(
        update(KeptAnswer).where(KeptAnswer.key_digest == digest).values(answer_sealed=answer_sealed)
    )


async def delete(uow: Writing, digest: bytes) -> None:
    await uow.session.execute(sql_delete(KeptAnswer).where(KeptAnswer.key_digest == digest))


async def delete_expired(uow: Writing) -> None:
    await uow.session.execute(sql_delete(KeptAnswer).where(KeptAnswer.expires_at <= uow.now))
