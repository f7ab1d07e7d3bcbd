"""The order in which commands lock, so that no two can wait for each other.

First the person (by id), then ledger rows (by pool and day), then whatever hangs on them. Named turns come
before both.
"""

from uuid import UUID

from sqlalchemy import text

from app.db.unit_of_work import Writing
from app.errors import NotSignedIn, TryAgain


async def lock_person(uow: Writing, person_id: UUID, *, gone_too: bool = False) -> None:
    """Commands about one person take turns; rows that refer to the person can still be added meanwhile.

    For one who was joined with another meanwhile, or had all deleted: NotSignedIn to that person, whose next token
    names the other, if there is one; TryAgain to anybody else, who finds the other, or nobody, when they look again.
    `gone_too`: for what is carried out after they have left.
    """
    locked = text("""
        SELECT merged_into IS NOT NULL OR erased_at IS NOT NULL FROM persons WHERE id = :person FOR NO KEY UPDATE
    """)
    if await uow.session.scalar(locked, {"person": person_id}) and not gone_too:
        if uow.caller is not None and uow.caller.person_id == person_id:
            raise NotSignedIn
        raise TryAgain(retry_after=1)


async def take_turn(uow: Writing, name: str, key: int = 0) -> None:
    """Holds the named turn until the transaction ends, in this region only."""
    await uow.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || :name, :key))"),
        {"name": name, "key": key},
    )


async def share_turn(uow: Writing, name: str, key: int = 0) -> None:
    """Holds the named turn beside others who share it, and apart from who takes it: for a use of what they may end.

    Who waits to take it is not overtaken by those who come to share it later.
    """
    await uow.session.execute(
        text("SELECT pg_advisory_xact_lock_shared(hashtextextended(current_schema() || :name, :key))"),
        {"name": name, "key": key},
    )
