"""SQL of the outbox."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, update

from app.db.unit_of_work import Reading, Writing
from app.models.outbox import OutboxEvent

_OPEN = OutboxEvent.delivered_at.is_(None) & OutboxEvent.dead_at.is_(None)


async def add(uow: Writing, topic: str, sealed: Sequence[bytes], expires_at: datetime) -> None:
    common = {"topic": topic, "created_at": uow.now, "available_at": uow.now, "expires_at": expires_at}
    rows = [common | {"payload_sealed": each} for each in sealed]
    if rows:
        await uow.session.execute(insert(OutboxEvent), rows)


async def lease(uow: Writing, until: datetime, limit: int) -> Sequence[OutboxEvent]:
    """Up to `limit` due events, put out of other workers' reach until `until`; oldest first."""
    due = (
        select(OutboxEvent.id)
        .where(_OPEN, OutboxEvent.available_at <= uow.now)
        .order_by(OutboxEvent.available_at, OutboxEvent.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = await uow.session.scalars(
        update(OutboxEvent)
        .where(OutboxEvent.id.in_(due.scalar_subquery()))
        .values(available_at=until, attempts=OutboxEvent.attempts + 1)
        .returning(OutboxEvent)
    )
    return sorted(taken.all(), key=lambda event: event.id)


def _leased(event: OutboxEvent) -> ColumnElement[bool]:
    """The event while the lease is still ours: another worker's later lease is none of our business."""
    return and_(OutboxEvent.id == event.id, OutboxEvent.available_at == event.available_at)


async def mark_delivered(uow: Writing, event: OutboxEvent) -> None:
    """An ended event keeps no payload: there is nothing left to leak."""
    ended = {"payload_sealed": None, "delivered_at": uow.now}
    await uow.session.execute(update(OutboxEvent).where(_leased(event)).values(**ended))


async def put_back(uow: Writing, event: OutboxEvent, available_at: datetime) -> None:
    await uow.session.execute(update(OutboxEvent).where(_leased(event)).values(available_at=available_at))


async def give_back(uow: Writing, events: Sequence[OutboxEvent]) -> None:
    """Ends leases before their time; the tries that were not made do not count."""
    await uow.session.execute(
        update(OutboxEvent)
        .where(or_(*map(_leased, events)))
        .values(available_at=uow.now, attempts=OutboxEvent.attempts - 1)
    )


async def drop_expired(uow: Writing) -> None:
    await uow.session.execute(
        update(OutboxEvent).where(_OPEN, OutboxEvent.expires_at <= uow.now).values(payload_sealed=None, dead_at=uow.now)
    )


async def count_waiting(uow: Reading, since: datetime) -> int:
    """How many events from before `since` are still to be delivered."""
    query = select(func.count()).select_from(OutboxEvent).where(_OPEN, OutboxEvent.created_at <= since)
    return await uow.session.scalar(query) or 0
