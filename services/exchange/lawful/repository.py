"""SQL of lawful requests."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, insert, or_, select, tuple_, update

from app.db.unit_of_work import Reading, Writing
from app.domain.exchange.requests import ANSWER_LIVES, WAITS
from app.models.exchange import LawfulRequest
from services.exchange.sealing import open_of, seal_of

_FIELD = "lawful_requests"


async def add(uow: Writing, values: dict[str, Any], migrant_id: str, person_id: UUID | None) -> None:
    """`person_id`: whose number it is, if anybody's."""
    sealed = await seal_of(uow, person_id, _FIELD, migrant_id)
    await uow.session.execute(insert(LawfulRequest).values(subject_sealed=sealed, asked_at=uow.now, **values))


async def subject_of(uow: Reading, request: LawfulRequest) -> str | None:
    """The Migrant ID that it is about; None once the request is over, or its person had all erased."""
    return await open_of(uow, _FIELD, request.subject_sealed)


async def forget_subjects(uow: Writing) -> None:
    """Of requests that are over: said no to, answered for as long as may be, or never decided."""
    over = or_(
        LawfulRequest.declined_at.is_not(None),
        LawfulRequest.approved_at <= uow.now - ANSWER_LIVES,
        and_(LawfulRequest.approved_at.is_(None), LawfulRequest.asked_at <= uow.now - WAITS),
    )
    known = LawfulRequest.subject_sealed.is_not(None)
    await uow.session.execute(update(LawfulRequest).where(known, over).values(subject_sealed=None))


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
