"""What agencies wrote down of somebody: sealed with that person's key, so that it ends with them.

The row itself does not say of whom it is, also not as an identifier: that is sealed with the system's key around it.
"""

from uuid import UUID

from app.db.unit_of_work import Reading
from app.ports import ErasedError

_OF_SOMEBODY = b"\x01"
"""What begins otherwise is of nobody who is known here."""
_AFTER_PERSON = 1 + 16


async def seal_of(uow: Reading, person_id: UUID | None, field: str, said: str) -> bytes:
    """`person_id`: of whom it is; None where that is not known, or of several."""
    plain = said.encode()
    if person_id is not None:
        plain = _OF_SOMEBODY + person_id.bytes + await uow.vault.seal(person_id, field, plain)
    return uow.vault.seal_system(field, plain)


async def open_of(uow: Reading, field: str, sealed: bytes | None) -> str | None:
    """None once its term is over, or its person had everything erased."""
    plain = uow.vault.open_system(field, sealed) if sealed is not None else None
    if plain is not None and plain[:1] == _OF_SOMEBODY:
        person_id = UUID(bytes=plain[1:_AFTER_PERSON])
        try:
            plain = await uow.vault.open(person_id, field, plain[_AFTER_PERSON:])
        except ErasedError:
            return None
    return plain.decode() if plain is not None else None
