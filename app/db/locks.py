"""The order in which commands lock, so that no two can wait for each other.

First the person (by id), then ledger rows (by pool and day), then whatever hangs on them. Named turns come
before both.
"""

from uuid import UUID

from sqlalchemy import text

from app.db.unit_of_work import Writing


async def lock_person(uow: Writing, person_id: UUID) -> None:
    """Commands about one person take turns; rows that refer to the person can still be added meanwhile."""
    await uow.session.execute(text("SELECT FROM persons WHERE id = :person FOR NO KEY UPDATE"), {"person": person_id})


async def take_turn(uow: Writing, name: str, key: int = 0) -> None:
    """Holds the named turn until the transaction ends, in this region only."""
    await uow.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || :name, :key))"),
        {"name": name, "key": key},
    )
