"""SQL of lawful requests."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, tuple_

from app.db.unit_of_work import Reading, Writing
from app.models.exchange import LawfulRequest

_FIELD = "lawful_requests"


async def add(uow: Writing, values: dict[str, Any], migrant_id: str) -> None:
    sealed = uow.vault.seal_system(_FIELD, migrant_id.encode())
    await uow.session.execute(insert(LawfulRequest).values(subject_sealed=sealed, asked_at=uow.now, **values))


def subject_of(uow: Reading, request: LawfulRequest) -> str:
    """The Migrant ID that it is about."""
    return uow.vault.open_system(_FIELD, request.subject_sealed).decode()


async def locked(uow: Writing, request_id: UUID) -> LawfulRequest | None:
    """Who decides on one takes turns with whoever else does."""
    query = select(LawfulRequest).where(LawfulRequest.id == request_id).with_for_update()
    return await uow.session.scalar(query, execution_options={"populate_existing": True})


async def of_agency(uow: Reading, request_id: UUID, agency_id: UUID) -> LawfulRequest | None:
    query = select(LawfulRequest).where(LawfulRequest.id == request_id, LawfulRequest.agency_id == agency_id)
    return await uow.session.scalar(query, execution_options={"populate_existing": True})


async def approved_of(uow: Reading, agency_id: UUID, since: datetime) -> Sequence[LawfulRequest]:
    """Those of an agency that were approved after an instant, the newest first."""
    query = select(LawfulRequest).where(LawfulRequest.agency_id == agency_id, LawfulRequest.approved_at > since)
    return (await uow.session.scalars(query.order_by(LawfulRequest.approved_at.desc(), LawfulRequest.id))).all()


async def page(uow: Reading, before: tuple[datetime, UUID] | None, limit: int) -> Sequence[LawfulRequest]:
    """All, newest first; `before` is the (instant, id) that the page before ended with."""
    query = select(LawfulRequest).order_by(LawfulRequest.asked_at.desc(), LawfulRequest.id.desc()).limit(limit)
    if before is not None:
        query = query.where(tuple_(LawfulRequest.asked_at, LawfulRequest.id) < before)
    return (await uow.session.scalars(query)).all()


async def counted(uow: Reading) -> dict[str, tuple[int, int, int, int]]:
    """By ground: how many were asked, approved and declined, and how many of the approved are hidden for a time."""
    query = select(
        LawfulRequest.ground,
        func.count(),
        func.count(LawfulRequest.approved_at),
        func.count(LawfulRequest.declined_at),
        func.count().filter(LawfulRequest.approved_at.is_not(None), LawfulRequest.hide_until.is_not(None)),
    ).group_by(LawfulRequest.ground)
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in await uow.session.execute(query)}
