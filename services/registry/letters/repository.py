"""SQL of dead letters, alarms and erasures."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.db.unit_of_work import Reading, Writing
from app.models.registry import MirrorAlarm, MirrorDeadLetter, MirrorErasure, MirrorEvent
from services.registry.rows import Line

_TRIED_AGAIN = timedelta(hours=1)


async def add(uow: Writing, line: Line, reason: str) -> None:
    row = {
        "id": line.id,
        "person_id": line.person_id,
        "seq": line.seq,
        "kind": line.kind,
        "key": line.key,
        "purpose": line.purpose,
        "scope": line.scope,
        "consent_id": line.consent_id,
        "content_sealed": line.content_sealed,
        "reason": reason[:60],
        "died_at": uow.now,
    }
    await uow.session.execute(upsert(MirrorDeadLetter).values(row).on_conflict_do_nothing())


async def letter_of(uow: Reading, letter_id: UUID) -> MirrorDeadLetter | None:
    return await uow.session.scalar(select(MirrorDeadLetter).where(MirrorDeadLetter.id == letter_id))


async def take(uow: Writing, letter_id: UUID) -> MirrorDeadLetter | None:
    taken = delete(MirrorDeadLetter).where(MirrorDeadLetter.id == letter_id).returning(MirrorDeadLetter)
    return (await uow.session.scalars(taken)).one_or_none()


async def dead(uow: Reading, limit: int) -> Sequence[MirrorDeadLetter]:
    query = select(MirrorDeadLetter).order_by(MirrorDeadLetter.died_at, MirrorDeadLetter.id).limit(limit)
    return (await uow.session.scalars(query)).all()


async def count_dead(uow: Reading) -> int:
    return await uow.session.scalar(select(func.count()).select_from(MirrorDeadLetter)) or 0


async def drop_dead(uow: Writing, person_id: UUID, consent_id: UUID) -> None:
    mine = MirrorDeadLetter.person_id == person_id, MirrorDeadLetter.consent_id == consent_id
    await uow.session.execute(delete(MirrorDeadLetter).where(*mine))


async def hold_for_an_hour(uow: Writing, event_id: UUID) -> None:
    held = update(MirrorEvent).where(MirrorEvent.id == event_id)
    await uow.session.execute(held.values(available_at=uow.now + _TRIED_AGAIN))


async def add_alarm(uow: Writing, code: str, event_id: UUID | None) -> None:
    await uow.session.execute(insert(MirrorAlarm).values(at=uow.now, code=code, event_id=event_id))


async def alarms(uow: Reading, limit: int) -> Sequence[MirrorAlarm]:
    """Those that nobody has settled yet, newest first."""
    query = select(MirrorAlarm).where(MirrorAlarm.settled_at.is_(None)).order_by(MirrorAlarm.id.desc()).limit(limit)
    return (await uow.session.scalars(query)).all()


async def settle(uow: Writing, alarm_id: int) -> bool:
    settled = update(MirrorAlarm).where(MirrorAlarm.id == alarm_id, MirrorAlarm.settled_at.is_(None))
    found = await uow.session.scalar(settled.values(settled_at=uow.now).returning(MirrorAlarm.id))
    return found is not None


async def ask_erasure(uow: Writing, line: Line, due_by: datetime) -> None:
    row = {
        "consent_id": line.consent_id,
        "event_id": line.id,
        "person_id": line.person_id,
        "purpose": line.purpose,
        "scope": line.scope,
        "asked_at": uow.now,
        "due_by": due_by,
    }
    await uow.session.execute(insert(MirrorErasure).values(row))


async def erasure_of(uow: Reading, consent_id: UUID) -> MirrorErasure | None:
    return await uow.session.scalar(select(MirrorErasure).where(MirrorErasure.consent_id == consent_id))


async def erasures(uow: Reading, person_id: UUID) -> Sequence[MirrorErasure]:
    query = select(MirrorErasure).where(MirrorErasure.person_id == person_id).order_by(MirrorErasure.asked_at)
    return (await uow.session.scalars(query)).all()


async def set_receipt(uow: Writing, event_id: UUID, receipt: str) -> MirrorErasure | None:
    """The erasure that it is of, unless it has one."""
    kept = update(MirrorErasure).where(MirrorErasure.event_id == event_id, MirrorErasure.receipt.is_(None))
    told = kept.values(receipt=receipt, receipt_at=uow.now).returning(MirrorErasure)
    return (await uow.session.scalars(told)).one_or_none()


async def escalate(uow: Writing, asked_before: datetime) -> Sequence[UUID]:
    """Erasures asked for before then that have no receipt, each once."""
    late = update(MirrorErasure).where(
        MirrorErasure.receipt.is_(None), MirrorErasure.escalated_at.is_(None), MirrorErasure.asked_at <= asked_before
    )
    return (await uow.session.scalars(late.values(escalated_at=uow.now).returning(MirrorErasure.event_id))).all()


async def count_late_erasures(uow: Reading, asked_before: datetime) -> int:
    late = MirrorErasure.receipt.is_(None), MirrorErasure.asked_at <= asked_before
    return await uow.session.scalar(select(func.count()).select_from(MirrorErasure).where(*late)) or 0


async def forget_content(uow: Writing, person_id: UUID, consent_id: UUID) -> None:
    """Nothing of what was collected under that consent stays here either."""
    statement = text("""
        UPDATE mirror_events SET content_sealed = NULL
        WHERE person_id = :person AND consent_id = :consent AND content_sealed IS NOT NULL
    """)
    await uow.session.execute(statement, {"person": person_id, "consent": consent_id})
