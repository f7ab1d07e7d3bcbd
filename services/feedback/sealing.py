"""What is sealed in a rating or a complaint, and what it becomes when it is opened."""

from uuid import UUID

from app.db.unit_of_work import Reading
from app.ports import ErasedError

COMMENT = "ratings.comment"
TEXT = "complaints.text"
ANSWER = "complaints.answer"


async def seal(uow: Reading, person_id: UUID, field: str, text: str) -> bytes:
    return await uow.vault.seal(person_id, field, text.encode())


async def opened(uow: Reading, person_id: UUID, field: str, sealed: bytes | None) -> str | None:
    """None when there is nothing, or it was erased."""
    if sealed is None:
        return None
    try:
        return (await uow.vault.open(person_id, field, sealed)).decode()
    except ErasedError:
        return None


async def resealed(uow: Reading, from_person: UUID, to_person: UUID, field: str, sealed: bytes | None) -> bytes | None:
    """The same under another person's key; None when it is gone."""
    text = await opened(uow, from_person, field, sealed)
    return None if text is None else await seal(uow, to_person, field, text)
