"""SQL of reports by e-mail."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.db.unit_of_work import Reading, Writing
from app.domain.identity.caller import Role
from app.models.identity import Account
from app.models.reports import ReportSending, ReportSubscription


async def add(uow: Writing, **values: Any) -> None:
    await uow.session.execute(insert(ReportSubscription).values(created_at=uow.now, **values))


async def alive(uow: Reading, account_id: UUID) -> list[ReportSubscription]:
    """An operator's own that have not ended, the newest first."""
    query = (
        select(ReportSubscription)
        .where(ReportSubscription.account_id == account_id, ReportSubscription.ended_at.is_(None))
        .order_by(ReportSubscription.created_at.desc(), ReportSubscription.id)
    )
    return list((await uow.session.scalars(query)).all())


async def locked(uow: Writing, subscription_id: UUID) -> ReportSubscription | None:
    query = select(ReportSubscription).where(ReportSubscription.id == subscription_id).with_for_update()
    return await uow.session.scalar(query)


async def change(uow: Writing, subscription_id: UUID, **values: Any) -> None:
    await uow.session.execute(
        update(ReportSubscription).where(ReportSubscription.id == subscription_id).values(**values)
    )


async def due(uow: Writing, limit: int) -> Sequence[tuple[ReportSubscription, bool]]:
    """Subscriptions that are due and nobody else plans just now; with each, whether it is still an operator's."""
    query = (
        select(ReportSubscription, (Account.disabled_at.is_(None)) & (Account.role == Role.REGION_OPERATOR))
        .join(Account, Account.id == ReportSubscription.account_id)
        .where(ReportSubscription.next_due <= uow.now)
        .order_by(ReportSubscription.next_due)
        .limit(limit)
        .with_for_update(of=ReportSubscription, skip_locked=True)
    )
    return [(row[0], row[1]) for row in (await uow.session.execute(query)).all()]


async def plan(uow: Writing, sending_id: UUID, subscription_id: UUID, kind: str, due_at: datetime) -> None:
    """One e-mail for a due time; a second one for it is none."""
    values = {"id": sending_id, "subscription_id": subscription_id, "kind": kind, "due_at": due_at}
    await uow.session.execute(
        upsert(ReportSending).values(status="waiting", try_at=uow.now, **values).on_conflict_do_nothing()
    )


async def claim(uow: Writing, leased_until: datetime) -> tuple[ReportSending, ReportSubscription, bool] | None:
    """An e-mail whose time has come, or whose lease is over, taken until then; None if there is none."""
    sending = await uow.session.scalar(
        select(ReportSending)
        .where(
            or_(
                (ReportSending.status == "waiting") & (ReportSending.try_at <= uow.now),
                (ReportSending.status == "sending") & (ReportSending.leased_until <= uow.now),
            )
        )
        .order_by(ReportSending.try_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if sending is None:
        return None
    sending.status, sending.leased_until, sending.attempts = "sending", leased_until, sending.attempts + 1
    await uow.session.flush()
    found = await uow.session.execute(
        select(ReportSubscription, (Account.disabled_at.is_(None)) & (Account.role == Role.REGION_OPERATOR))
        .join(Account, Account.id == ReportSubscription.account_id)
        .where(ReportSubscription.id == sending.subscription_id)
    )
    subscription, may = found.one()
    return sending, subscription, may


async def write(uow: Writing, sending: ReportSending, **values: Any) -> bool:
    """What came of the try that this worker has; False when another has it by now."""
    changed = await uow.session.execute(
        update(ReportSending)
        .where(
            ReportSending.id == sending.id,
            ReportSending.status == "sending",
            ReportSending.attempts == sending.attempts,
        )
        .values(**values)
        .returning(ReportSending.id)
    )
    return changed.first() is not None


async def last_sent(uow: Reading, subscription_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """When the newest report of each went out."""
    query = (
        select(ReportSending.subscription_id, func.max(ReportSending.ended_at))
        .where(
            ReportSending.subscription_id.in_(subscription_ids),
            ReportSending.kind == "report",
            ReportSending.status == "accepted",
        )
        .group_by(ReportSending.subscription_id)
    )
    return {row[0]: row[1] for row in (await uow.session.execute(query)).all() if row[1] is not None}
