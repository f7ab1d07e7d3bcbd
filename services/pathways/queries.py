"""The pathway as it stands: computed from the rules, the facts and what happened, every time it is asked for."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from app.db.gather import Part
from app.db.unit_of_work import Reading
from app.domain.audit.purpose import Purpose
from app.domain.pathways.engine import Facts, Pathway, Step, StepEvent, StepStatus, plan
from app.domain.pathways.events import EventKind
from services.pathways import repository
from services.pathways.errors import ProfileIncomplete, StepBlocked, StepDone, StepUnknown
from services.profiles.queries import facts_of


async def pathway_of(
    uow: Reading, person_id: UUID, purpose: Purpose = Purpose.OWN_ACCESS, *, also: Sequence[StepEvent] = ()
) -> Pathway:
    """The pathway at the end of today, as it would be with the events `also`. ProfileIncomplete without facts."""
    facts = await facts_of(uow, person_id, purpose)
    events = await repository.events(uow, person_id, purpose)
    return pathway_from(uow, facts, [*events, *also])


def pathway_from(uow: Reading, facts: Facts | None, events: Sequence[StepEvent]) -> Pathway:
    """The same from what was read already."""
    if facts is None:
        raise ProfileIncomplete
    return plan(uow.region.book, facts, events, uow.region.day_of(uow.now))


async def events_part(uow: Reading, person_id: UUID, purpose: Purpose) -> Part[list[StepEvent]]:
    """What happened to the person's steps, in the order of recording, to be read along with other parts."""
    return await repository.events_part(uow, person_id, purpose)


async def events_of(uow: Reading, person_id: UUID, purpose: Purpose) -> Sequence[StepEvent]:
    """The same, read at once."""
    return await repository.events(uow, person_id, purpose)


async def events_of_many(uow: Reading, people: Collection[UUID], purpose: Purpose) -> Part[dict[UUID, list[StepEvent]]]:
    """The same of many, by person; nobody to whom nothing happened is among them."""
    return await repository.events_of_many(uow, people, purpose)


async def outcomes_of(uow: Reading, visitors: Mapping[UUID, UUID], purpose: Purpose) -> dict[UUID, EventKind]:
    """What each visit led to, as far as that was said: by booking. `visitors`: whose each booking is."""
    return await repository.outcomes(uow, visitors, purpose) if visitors else {}


def step_in(pathway: Pathway, code: str) -> Step:
    """The step of that code. StepUnknown if the law asks no such step of this person."""
    for step in pathway.steps:
        if step.code == code:
            return step
    raise StepUnknown


def takable(step: Step) -> Step:
    """The step itself if a visit for it makes sense now; else StepDone or StepBlocked."""
    if step.status is StepStatus.DONE:
        raise StepDone
    if step.status is StepStatus.BLOCKED:
        raise StepBlocked(blocked_by=list(step.blocked_by))
    return step
