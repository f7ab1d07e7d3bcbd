"""Steps move by events; nothing else moves them."""

from datetime import date
from uuid import UUID

from app.db.locks import lock_person
from app.db.unit_of_work import Writing
from app.domain.pathways.engine import StepStatus
from app.domain.pathways.events import EventKind, Source, StepEvent
from app.errors import InvalidInput
from services.audit.commands import record_change
from services.pathways import repository
from services.pathways.errors import DayDoesNotCount, NeedsProof
from services.pathways.queries import pathway_of, step_in, takable


async def record_event(uow: Writing, person_id: UUID, event: StepEvent, *, evidence_id: UUID | None = None) -> None:
    """Adds what happened to a step. `evidence_id`, a booking say, can be the evidence of one event only."""
    await repository.add_event(uow, person_id, event, evidence_id)
    await record_change(uow, person_id, f"step_{event.kind.value}", step=event.step, source=event.source.value)


async def annul_event(uow: Writing, person_id: UUID, *, evidence_id: UUID) -> None:
    """Takes back, as a mistake, the event that stands on this evidence. What counted before it counts again."""
    step = await repository.annul(uow, person_id, evidence_id)
    if step is not None:
        await record_change(uow, person_id, f"step_{EventKind.ANNULLED.value}", step=step, evidence=evidence_id)


async def declare_done(uow: Writing, person_id: UUID, code: str, on: date) -> None:
    """The person's own word for a step without a visit. NeedsProof where the rule asks for more."""
    await lock_person(uow, person_id)
    if on > uow.region.day_of(uow.now):
        raise InvalidInput(field="on")
    step = takable(step_in(await pathway_of(uow, person_id), code))
    if not step.rule.self_declared:
        raise NeedsProof
    event = StepEvent(code, EventKind.DONE, on, Source.SELF_DECLARED, None)
    after = step_in(await pathway_of(uow, person_id, also=[event]), code)
    if after.status not in {StepStatus.DONE, StepStatus.EXPIRING}:
        raise DayDoesNotCount
    await record_event(uow, person_id, event)


async def move_events(uow: Writing, from_person: UUID, to_person: UUID) -> None:
    """For a merge, which holds both persons' locks: what happened to one's steps happened to the other's."""
    await repository.move_events(uow, from_person, to_person)
