"""SQL of deliveries and of where devices are reached."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.db.bulk import copy_rows, execute
from app.db.unit_of_work import Reading, Writing
from app.domain.reminders.delivery import DeliveryStatus, Next
from app.domain.reminders.kinds import Channel
from app.models.reminders import Delivery, PushAddress

ADDED = (
    "id",
    "message_id",
    "person_id",
    "channel",
    "target_id",
    "status",
    "created_at",
    "available_at",
    "expires_at",
    "attempts",
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a device is reached, sealed. `index` tells whether it is the same one still."""

    device_id: UUID
    person_id: UUID
    kind: str
    index: bytes
    sealed: bytes
    language: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this worker has until its lease ends. `attempts`: with this one."""

    id: UUID
    message_id: UUID
    person_id: UUID
    channel: Channel
    target_id: UUID
    expires_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Written:
    """What a try has led to."""

    id: UUID
    attempts: int
    next: Next
    unknown: bool
    reference: str | None
    reason: str | None


async def addresses_of(uow: Reading, people: Collection[UUID]) -> list[Address]:
    query = select(PushAddress).where(PushAddress.person_id.in_(people)).order_by(PushAddress.device_id)
    return [_address(row) for row in await uow.session.scalars(query)]


async def addresses_at(uow: Reading, devices: Collection[UUID]) -> dict[UUID, Address]:
    query = select(PushAddress).where(PushAddress.device_id.in_(devices))
    return {row.device_id: _address(row) for row in await uow.session.scalars(query)}


def _address(row: PushAddress) -> Address:
    return Address(row.device_id, row.person_id, row.kind, row.value_index, row.value_sealed, row.language)


async def put_address(
    uow: Writing, device_id: UUID, person_id: UUID, kind: str, index: bytes, sealed: bytes, language: str
) -> None:
    """The device's address from now on, and no other device's."""
    taken = delete(PushAddress).where(PushAddress.value_index == index, PushAddress.device_id != device_id)
    await uow.session.execute(taken)
    values = {
        "person_id": person_id,
        "kind": kind,
        "value_index": index,
        "value_sealed": sealed,
        "language": language,
        "changed_at": uow.now,
    }
    row = upsert(PushAddress).values(device_id=device_id, **values)
    await uow.session.execute(row.on_conflict_do_update(index_elements=[PushAddress.device_id], set_=values))


async def drop_address(uow: Writing, device_id: UUID) -> None:
    await uow.session.execute(delete(PushAddress).where(PushAddress.device_id == device_id))


async def drop_gone(uow: Writing, gone: Collection[tuple[UUID, bytes]]) -> None:
    """Addresses that are nobody's any more, unless the device has another by now."""
    those = or_(*(and_(PushAddress.device_id == device, PushAddress.value_index == index) for device, index in gone))
    await uow.session.execute(delete(PushAddress).where(those))


async def add(uow: Writing, rows: Sequence[tuple[Any, ...]]) -> None:
    """Rows of `ADDED`."""
    await copy_rows(uow, "deliveries", ADDED, rows)


async def claim(uow: Writing, lease_ends: datetime, limit: int) -> list[Claimed]:
    """Up to so many deliveries whose time has come, or whose worker has not said anything until its lease ended."""
    statement = text("""
        UPDATE deliveries SET status = 'sending', attempts = attempts + 1, available_at = :lease,
            unknown = unknown + CASE status WHEN 'sending' THEN 1 ELSE 0 END
        WHERE id IN (
            SELECT id FROM deliveries WHERE status IN ('sending', 'waiting') AND available_at <= :now
            ORDER BY available_at LIMIT :limit FOR UPDATE SKIP LOCKED)
        RETURNING id, message_id, person_id, channel, target_id, expires_at, attempts
    """)
    rows = await uow.session.execute(statement, {"lease": lease_ends, "now": uow.now, "limit": limit})
    return [
        Claimed(r.id, r.message_id, r.person_id, Channel(r.channel), r.target_id, r.expires_at, r.attempts)
        for r in rows
    ]


async def heard(uow: Reading, messages: Collection[UUID]) -> set[UUID]:
    """Messages that a device has said it has."""
    query = select(Delivery.message_id).where(Delivery.message_id.in_(messages), Delivery.received_at.is_not(None))
    return set(await uow.session.scalars(query))


async def write(uow: Writing, answers: Sequence[Written]) -> None:
    """Writes what tries have led to, where the lease they were made under is the newest."""
    statement = text("""
        UPDATE deliveries d SET status = n.status, available_at = coalesce(n.at, d.available_at),
            unknown = d.unknown + n.unknown, answered_at = :now, reference = n.reference, reason = n.reason
        FROM unnest(CAST(:ids AS uuid[]), CAST(:attempts AS smallint[]), CAST(:statuses AS text[]),
            CAST(:at AS timestamptz[]), CAST(:unknown AS smallint[]), CAST(:references AS text[]),
            CAST(:reasons AS text[])) AS n (id, attempts, status, at, unknown, reference, reason)
        WHERE d.id = n.id AND d.attempts = n.attempts AND d.status = 'sending'
    """)
    values = {
        "now": uow.now,
        "ids": [one.id for one in answers],
        "attempts": [one.attempts for one in answers],
        "statuses": [one.next.status.value for one in answers],
        "at": [one.next.at for one in answers],
        "unknown": [int(one.unknown) for one in answers],
        "references": [one.reference for one in answers],
        "reasons": [one.reason for one in answers],
    }
    await uow.session.execute(statement, values)


async def hasten(uow: Writing, ids: Collection[UUID]) -> None:
    """Where these pushes have failed and no other of their message is on its way or there, the next channel is tried
    at once.
    """
    statement = """
        UPDATE deliveries later SET available_at = $2
        FROM deliveries failed
        WHERE failed.id = ANY ($1::uuid[]) AND later.message_id = failed.message_id
            AND later.status = 'waiting' AND later.channel <> 'push' AND later.available_at > $2
            AND NOT EXISTS (
                SELECT FROM deliveries other WHERE other.message_id = failed.message_id AND other.channel = 'push'
                    AND other.status IN ('accepted', 'sending', 'waiting'))
    """
    await execute(uow, statement, list(ids), uow.now)


async def of_messages(uow: Reading, messages: Collection[UUID]) -> Sequence[Delivery]:
    """The ways that these messages took, in the order in which they were tried."""
    query = select(Delivery).where(Delivery.message_id.in_(messages))
    return (await uow.session.scalars(query.order_by(Delivery.created_at, Delivery.available_at, Delivery.id))).all()


async def set_received(uow: Writing, delivery_id: UUID, devices: Collection[UUID]) -> UUID | None:
    """The message that was received; None unless it is a push to one of these devices. The first time stands."""
    those = Delivery.id == delivery_id, Delivery.channel == Channel.PUSH, Delivery.target_id.in_(devices)
    received = update(Delivery).where(*those).values(received_at=func.coalesce(Delivery.received_at, uow.now))
    return await uow.session.scalar(received.returning(Delivery.message_id))


async def spare(uow: Writing, message_id: UUID) -> None:
    """Nothing more goes out of a message that has arrived."""
    waiting = update(Delivery).where(Delivery.message_id == message_id, Delivery.status == DeliveryStatus.WAITING)
    await uow.session.execute(waiting.values(status=DeliveryStatus.SPARED, answered_at=uow.now))


async def delete_old(uow: Writing, before: datetime, limit: int = 20_000) -> int:
    """Deliveries created before an instant; how many."""
    old = select(Delivery.id).where(Delivery.created_at < before).limit(limit)
    deleted = await uow.session.scalars(delete(Delivery).where(Delivery.id.in_(old)).returning(Delivery.id))
    return len(deleted.all())
