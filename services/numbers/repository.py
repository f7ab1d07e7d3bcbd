"""SQL of number changes that wait, and of recoveries."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from app.db.unit_of_work import Reading, Writing
from app.models.identity import NumberChange, Recovery


async def put_change(
    uow: Writing, account_id: UUID, phone_index: bytes, phone_sealed: bytes, takes_effect_at: datetime
) -> None:
    values = {
        "phone_index": phone_index,
        "phone_sealed": phone_sealed,
        "asked_at": uow.now,
        "takes_effect_at": takes_effect_at,
    }
    await uow.session.execute(
        upsert(NumberChange)
        .values(account_id=account_id, **values)
        .on_conflict_do_update(index_elements=[NumberChange.account_id], set_=values)
    )


async def change_of(uow: Reading, account_id: UUID) -> NumberChange | None:
    query = select(NumberChange).where(NumberChange.account_id == account_id)
    return await uow.session.scalar(query, execution_options={"populate_existing": True})


async def due_change(uow: Reading) -> NumberChange | None:
    query = select(NumberChange).where(NumberChange.takes_effect_at <= uow.now)
    return await uow.session.scalar(query.order_by(NumberChange.takes_effect_at).limit(1))


async def drop_change(uow: Writing, account_id: UUID) -> bool:
    """Whether there was one."""
    gone = delete(NumberChange).where(NumberChange.account_id == account_id).returning(NumberChange.account_id)
    return await uow.session.scalar(gone) is not None


async def put_recovery(uow: Writing, account_id: UUID, digest: bytes, expires_at: datetime) -> None:
    values = {"digest": digest, "expires_at": expires_at}
    await uow.session.execute(
        upsert(Recovery)
        .values(account_id=account_id, **values)
        .on_conflict_do_update(index_elements=[Recovery.account_id], set_=values)
    )


async def drop_recovery(uow: Writing, account_id: UUID) -> None:
    await uow.session.execute(delete(Recovery).where(Recovery.account_id == account_id))


async def recovering(uow: Reading, digest: bytes) -> UUID | None:
    """Whose account a code on paper is for, while it is good."""
    query = select(Recovery.account_id).where(Recovery.digest == digest, Recovery.expires_at > uow.now)
    return await uow.session.scalar(query)


async def use_recovery(uow: Writing, digest: bytes) -> bool:
    """Of two phones that use one code at once, one is told True."""
    gone = delete(Recovery).where(Recovery.digest == digest, Recovery.expires_at > uow.now)
    return await uow.session.scalar(gone.returning(Recovery.account_id)) is not None


async def drop_old(uow: Writing) -> None:
    await uow.session.execute(delete(Recovery).where(Recovery.expires_at <= uow.now))
