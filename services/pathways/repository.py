"""SQL of step events and of invitations to hosts."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from app.db.gather import Part
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.pathways.events import EventKind, Evidence, Source, StepEvent
from app.models.pathways import StepEventRow, StepInvitation
from app.ports import ErasedError
from services.audit.access import account_for

_NUMBER = "step_invitations.number"


async def events(uow: Reading, person_id: UUID, purpose: Purpose) -> Sequence[StepEvent]:
    """What happened, in the order of recording; what was taken back is left out."""
    await account_for(uow, person_id, purpose)
    rows = await uow.session.scalars(
        select(StepEventRow)
        .where(StepEventRow.person_id == person_id, StepEventRow.annulled_at.is_(None))
        .order_by(StepEventRow.recorded_at, StepEventRow.ordinal)
    )
    return [
        StepEvent(row.step, EventKind(row.kind), row.happened_on, Source(row.source), row.expires_on) for row in rows
    ]


async def events_part(uow: Reading, person_id: UUID, purpose: Purpose) -> Part[list[StepEvent]]:
    """The same, to be read along with other parts."""
    await account_for(uow, person_id, purpose)
    statement = """
        SELECT step, kind, happened_on, source, expires_on FROM step_events
        WHERE person_id = :person AND annulled_at IS NULL ORDER BY recorded_at, ordinal
    """
    return Part(statement, {"person": person_id}, lambda rows: [_event(row) for row in rows], many=True)


async def events_of_many(uow: Reading, people: Collection[UUID], purpose: Purpose) -> Part[dict[UUID, list[StepEvent]]]:
    for person_id in people:
        await account_for(uow, person_id, purpose)
    statement = """
        SELECT person_id, step, kind, happened_on, source, expires_on FROM step_events
        WHERE person_id = ANY (:people) AND annulled_at IS NULL ORDER BY recorded_at, ordinal
    """

    def read(rows: list[dict[str, Any]]) -> dict[UUID, list[StepEvent]]:
        found: dict[UUID, list[StepEvent]] = {}
        for row in rows:
            found.setdefault(UUID(row["person_id"]), []).append(_event(row))
        return found

    return Part(statement, {"people": list(people)}, read, many=True)


def _event(row: dict[str, Any]) -> StepEvent:
    return StepEvent(
        row["step"],
        EventKind(row["kind"]),
        date.fromisoformat(row["happened_on"]),
        Source(row["source"]),
        date.fromisoformat(row["expires_on"]) if row["expires_on"] else None,
    )


async def add_event(uow: Writing, person_id: UUID, event: StepEvent, evidence: Evidence | None) -> None:
    await uow.session.execute(
        insert(StepEventRow).values(
            id=uuid4(),
            person_id=person_id,
            step=event.step,
            kind=event.kind,
            happened_on=event.on,
            expires_on=event.expires_on,
            source=event.source,
            evidence_kind=evidence.kind if evidence else None,
            evidence_id=evidence.id if evidence else None,
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


async def add_invitation(uow: Writing, person_id: UUID, step: str, code_index: bytes, expires_at: datetime) -> UUID:
    """A new open invitation, which takes the place of the person's open one for the step."""
    await uow.session.execute(
        update(StepInvitation)
        .where(StepInvitation.person_id == person_id, StepInvitation.step == step, StepInvitation.status == "open")
        .values(status="withdrawn")
    )
    invitation_id = uuid4()
    await uow.session.execute(
        insert(StepInvitation).values(
            id=invitation_id,
            person_id=person_id,
            step=step,
            code_index=code_index,
            status="open",
            created_at=uow.now,
            expires_at=expires_at,
        )
    )
    return invitation_id


async def invitations(uow: Reading, person_id: UUID, purpose: Purpose) -> Sequence[StepInvitation]:
    """The person's invitations, newest first."""
    await account_for(uow, person_id, purpose)
    query = select(StepInvitation).where(StepInvitation.person_id == person_id)
    return (await uow.session.scalars(query.order_by(StepInvitation.created_at.desc(), StepInvitation.id))).all()


async def invited_by(uow: Reading, code_index: bytes) -> UUID | None:
    query = select(StepInvitation.person_id).where(StepInvitation.code_index == code_index)
    return await uow.session.scalar(query)


async def open_invitation(uow: Reading, person_id: UUID, code_index: bytes, purpose: Purpose) -> StepInvitation | None:
    await account_for(uow, person_id, purpose)
    query = select(StepInvitation).where(
        StepInvitation.person_id == person_id,
        StepInvitation.code_index == code_index,
        StepInvitation.status == "open",
        StepInvitation.expires_at > uow.now,
    )
    return await uow.session.scalar(query)


async def end_invitation(
    uow: Writing, person_id: UUID, invitation_id: UUID, status: str, number: str | None = None
) -> str | None:
    """Ends the person's open invitation, and gives its step; None if there is no such."""
    sealed = await uow.vault.seal(person_id, _NUMBER, number.encode()) if number else None
    return await uow.session.scalar(
        update(StepInvitation)
        .where(
            StepInvitation.id == invitation_id,
            StepInvitation.person_id == person_id,
            StepInvitation.status == "open",
        )
        .values(status=status, number_sealed=sealed)
        .returning(StepInvitation.step)
    )


async def move_invitations(uow: Writing, from_person: UUID, to_person: UUID, purpose: Purpose) -> None:
    """One person's invitations become the other's, their numbers sealed anew; open ones are withdrawn."""
    for invitation in await invitations(uow, from_person, purpose):
        number = await number_of(uow, invitation)
        invitation.number_sealed = await uow.vault.seal(to_person, _NUMBER, number.encode()) if number else None
        invitation.status = "withdrawn" if invitation.status == "open" else invitation.status
        invitation.person_id = to_person
    await uow.session.flush()


async def number_of(uow: Reading, invitation: StepInvitation) -> str | None:
    """The number of the registration; None without one, and when the person's key was destroyed to erase it."""
    if invitation.number_sealed is None:
        return None
    try:
        return (await uow.vault.open(invitation.person_id, _NUMBER, invitation.number_sealed)).decode()
    except ErasedError:
        return None
