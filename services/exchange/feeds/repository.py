"""SQL of feeds and their files."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.models.exchange import AgreementRow, ExchangeFeed, ExchangeFile, ExchangeItem
from services.audit.access import account_for

_FIELD = "exchange_items"


async def begin(uow: Writing, agreement_id: UUID, due_at: datetime) -> None:
    """Has the next run begin then, or when it was to begin anyhow, if that is sooner."""
    made = upsert(ExchangeFeed).values(agreement_id=agreement_id, due_at=due_at, files=0)
    sooner = func.least(ExchangeFeed.due_at, made.excluded.due_at)
    await uow.session.execute(
        made.on_conflict_do_update(index_elements=[ExchangeFeed.agreement_id], set_={"due_at": sooner})
    )


async def due(uow: Reading, limit: int) -> Sequence[UUID]:
    """Agreements whose feeds are due, the one that waits longest first."""
    query = select(ExchangeFeed.agreement_id).where(ExchangeFeed.due_at <= uow.now).order_by(ExchangeFeed.due_at)
    return (await uow.session.scalars(query.limit(limit))).all()


async def claim(uow: Writing, agreement_id: UUID) -> ExchangeFeed | None:
    """The feed if it is due and no other worker has it, ours until this transaction is over. The agreement's turn comes
    before, as it does for whoever changes the agreement.
    """
    query = select(ExchangeFeed).where(ExchangeFeed.agreement_id == agreement_id, ExchangeFeed.due_at <= uow.now)
    fresh = {"populate_existing": True}
    return await uow.session.scalar(query.with_for_update(skip_locked=True), execution_options=fresh)


async def move(uow: Writing, agreement_id: UUID, **values: Any) -> None:
    await uow.session.execute(
        update(ExchangeFeed).where(ExchangeFeed.agreement_id == agreement_id).values(**values),
        execution_options={"synchronize_session": False},
    )


async def end(uow: Writing, agreement_id: UUID) -> None:
    await uow.session.execute(
        delete(ExchangeFeed).where(ExchangeFeed.agreement_id == agreement_id),
        execution_options={"synchronize_session": False},
    )


async def add_file(
    uow: Writing, file: dict[str, Any], keep_for: timedelta, items: Sequence[tuple[UUID, bytes]]
) -> None:
    """`items`: whose each is, and what it says, which is sealed here."""
    dates = {"made_at": uow.now, "delete_at": uow.now + keep_for}
    await uow.session.execute(insert(ExchangeFile).values(**file, **dates))
    rows = [
        {
            "file_id": file["id"],
            "ordinal": ordinal,
            "person_id": person_id,
            "sealed": await uow.vault.seal(person_id, _FIELD, plain),
        }
        for ordinal, (person_id, plain) in enumerate(items, start=1)
    ]
    await uow.session.execute(insert(ExchangeItem), rows)


async def file(uow: Reading, file_id: UUID, agency_id: UUID) -> ExchangeFile | None:
    """That file, if it is made for that agency and not due to be deleted."""
    query = (
        select(ExchangeFile)
        .join(AgreementRow, AgreementRow.id == ExchangeFile.agreement_id)
        .where(ExchangeFile.id == file_id, AgreementRow.agency_id == agency_id, ExchangeFile.delete_at > uow.now)
    )
    return await uow.session.scalar(query)


async def files(uow: Reading, agency_id: UUID, limit: int) -> Sequence[ExchangeFile]:
    """Those of the agency that are still here, the newest first."""
    query = (
        select(ExchangeFile)
        .join(AgreementRow, AgreementRow.id == ExchangeFile.agreement_id)
        .where(AgreementRow.agency_id == agency_id, ExchangeFile.delete_at > uow.now)
        .order_by(ExchangeFile.made_at.desc(), ExchangeFile.id)
        .limit(limit)
    )
    return (await uow.session.scalars(query)).all()


async def items(uow: Reading, file_id: UUID) -> Sequence[ExchangeItem]:
    """By whose they are: the order in which people are locked. What they say is sealed."""
    query = select(ExchangeItem).where(ExchangeItem.file_id == file_id).order_by(ExchangeItem.person_id)
    return (await uow.session.scalars(query)).all()


async def own_items(uow: Reading, person_id: UUID, purpose: Purpose) -> Sequence[ExchangeItem]:
    """What waits to be fetched of one person."""
    await account_for(uow, person_id, purpose)
    query = select(ExchangeItem).where(ExchangeItem.person_id == person_id)
    return (await uow.session.scalars(query.order_by(ExchangeItem.file_id))).all()


async def opened(uow: Reading, item: ExchangeItem) -> bytes:
    """ErasedError when its person's key was destroyed."""
    return await uow.vault.open(item.person_id, _FIELD, item.sealed)


async def fetched(uow: Writing, file_id: UUID) -> None:
    await uow.session.execute(
        update(ExchangeFile)
        .where(ExchangeFile.id == file_id, ExchangeFile.fetched_at.is_(None))
        .values(fetched_at=uow.now)
    )


async def drop_files(uow: Writing, agreement_id: UUID, but: int | None) -> None:
    """Those of an agreement by any other version than that."""
    gone = delete(ExchangeFile).where(ExchangeFile.agreement_id == agreement_id)
    if but is not None:
        gone = gone.where(ExchangeFile.number != but)
    await uow.session.execute(gone, execution_options={"synchronize_session": False})


async def drop_old(uow: Writing) -> None:
    """What is past its term."""
    await uow.session.execute(
        delete(ExchangeFile).where(ExchangeFile.delete_at <= uow.now),
        execution_options={"synchronize_session": False},
    )
