"""SQL of step events."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from app.db.gather import Part
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.pathways.events import EventKind, Source, StepEvent
from app.models.pathways import StepEventRow
from services.audit.access import account_for


async def events(uow: Reading, person_id: UUID, purpose: Purpose) -> Sequence[StepEvent]:
    """What happened, in the order of recording; what was taken back is left out."""
    await account_for(uow, person_id, purpose)
    rows = await uow.session.scalars(
        select(StepEventRow)
        .where(StepEventRow.person_id == person_id, StepEventRow.annulled_at.is_(None))
        .order_by(StepEventRow.recorded_at, StepEventRow.id)
    )
    return [
        StepEvent(row.step, EventKind(row.kind), row.happened_on, Source(row.source), row.expires_on) for row in rows
    ]


async def events_part(uow: Reading, person_id: UUID, purpose: Purpose) -> Part[list[StepEvent]]:
    """The same, to be read along with other parts."""
    await account_for(uow, person_id, purpose)
    statement = """
        SELECT step, kind, happened_on, source, expires_on FROM step_events
        WHERE person_id = :person AND annulled_at IS NULL ORDER BY recorded_at, id
    """
    return Part(statement, {"person": person_id}, lambda rows: [_event(row) for row in rows], many=True)


def _event(row: dict[str, Any]) -> StepEvent:
    return StepEvent(
        row["step"],
        EventKind(row["kind"]),
        date.fromisoformat(row["happened_on"]),
        Source(row["source"]),
        date.fromisoformat(row["expires_on"]) if row["expires_on"] else None,
    )


async def add_event(uow: Writing, person_id: UUID, event: StepEvent, evidence_id: UUID | None) -> None:
    await uow.session.execute(
        insert(StepEventRow).values(
            id=uuid4(),
            person_id=person_id,
            step=event.step,
            kind=event.kind,
            happened_on=event.on,
            expires_on=event.expires_on,
            source=event.source,
            evidence_id=evidence_id,
            recorded_at=uow.now,
        )
    )


async def move_events(uow: Writing, from_person: UUID, to_person: UUID) -> None:
    await uow.session.execute(
        update(StepEventRow).where(StepEventRow.person_id == from_person).values(person_id=to_person)
    )


async def annul(uow: Writing, person_id: UUID, evidence_id: UUID) -> str | None:
    """Takes back the event that stands on this evidence; the step it was about, or None if there is none."""
    mine = StepEventRow.person_id == person_id, StepEventRow.evidence_id == evidence_id
    taken_back = update(StepEventRow).where(*mine, StepEventRow.annulled_at.is_(None)).values(annulled_at=uow.now)
    return await uow.session.scalar(taken_back.returning(StepEventRow.step))


async def outcomes(uow: Reading, visitors: Mapping[UUID, UUID], purpose: Purpose) -> dict[UUID, EventKind]:
    """What each visit led to: by booking, of those given with whose they are."""
    for person_id in sorted(set(visitors.values())):
        await account_for(uow, person_id, purpose)
    query = select(StepEventRow.evidence_id, StepEventRow.kind).where(
        StepEventRow.evidence_id.in_(list(visitors)), StepEventRow.annulled_at.is_(None)
    )
    return {booking_id: EventKind(kind) for booking_id, kind in await uow.session.execute(query) if booking_id}
