"""Steps move by events; nothing else moves them."""

from datetime import date
from uuid import UUID

from app.db.locks import lock_person
from app.db.unit_of_work import Writing
from app.domain.audit.purpose import Purpose
from app.domain.pathways.engine import StepStatus
from app.domain.pathways.events import EventKind, Evidence, Source, StepEvent, may_annul
from app.errors import InvalidInput
from services.audit.commands import record_change
from services.pathways import repository
from services.pathways.errors import DayDoesNotCount, NeedsProof, NothingToTakeBack
from services.pathways.queries import pathway_of, step_in, takable


async def record_event(uow: Writing, person_id: UUID, event: StepEvent, *, evidence: Evidence | None = None) -> None:
    """Adds what happened to a step. A booking or an invitation can be the evidence of one event only."""
    await repository.add_event(uow, person_id, event, evidence)
    await record_change(uow, person_id, f"step_{event.kind.value}", step=event.step, source=event.source.value)


async def annul_event(uow: Writing, person_id: UUID, *, evidence_id: UUID) -> None:
    """Takes back, as a mistake, the event that stands on this evidence. What counted before it counts again."""
    step = await repository.annul(uow, person_id, evidence_id)
    if step is not None:
        await record_change(uow, person_id, f"step_{EventKind.ANNULLED.value}", step=step, evidence=evidence_id)


async def declare_done(uow: Writing, person_id: UUID, code: str, on: date, expires_on: date | None = None) -> None:
    """The person's own word for a step without a visit. NeedsProof where the rule asks for more."""
    await lock_person(uow, person_id)
    check_days(uow, on, expires_on)
    step = takable(step_in(await pathway_of(uow, person_id), code))
    if not step.rule.self_declared:
        raise NeedsProof
    event = StepEvent(code, EventKind.DONE, on, Source.SELF_DECLARED, expires_on)
    await record_result(uow, person_id, event, Purpose.OWN_ACCESS)


async def take_back(uow: Writing, person_id: UUID, code: str) -> None:
    """The person takes back their own word for a step, or disputes their host's. The result before counts again."""
    await lock_person(uow, person_id)
    step = step_in(await pathway_of(uow, person_id), code)
    if step.done_on is None or step.source is None:
        raise NothingToTakeBack
    result = StepEvent(code, EventKind.DONE, step.done_on, step.source)
    if not may_annul(Source.SELF_DECLARED, result):
        raise NothingToTakeBack
    # On the day of the result that it takes back: what was or will be told of other days stands.
    await record_event(uow, person_id, StepEvent(code, EventKind.ANNULLED, step.done_on, Source.SELF_DECLARED))


def check_days(uow: Writing, on: date, expires_on: date | None) -> None:
    """InvalidInput for a day that is ahead, or an end before it."""
    if on > uow.region.day_of(uow.now):
        raise InvalidInput(field="on")
    if expires_on is not None and expires_on < on:
        raise InvalidInput(field="expires_on")


async def record_result(
    uow: Writing, person_id: UUID, event: StepEvent, purpose: Purpose, *, evidence: Evidence | None = None
) -> None:
    """Adds a result that counts. DayDoesNotCount for one of a day that does not."""
    after = step_in(await pathway_of(uow, person_id, purpose, also=[event]), event.step)
    if after.status not in {StepStatus.DONE, StepStatus.EXPIRING}:
        raise DayDoesNotCount
    await record_event(uow, person_id, event, evidence=evidence)


async def move_events(uow: Writing, from_person: UUID, to_person: UUID) -> None:
    """For a merge, which holds both persons' locks: what happened to one's steps happened to the other's.

    What one asked a host and was not answered is withdrawn: the other may have asked for the same.
    """
    await repository.move_events(uow, from_person, to_person)
    await repository.move_invitations(uow, from_person, to_person, Purpose.IDENTITY_CHECK)
