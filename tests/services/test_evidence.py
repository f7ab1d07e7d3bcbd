"""What shows that a step was done: a visit once, a document as often as it does."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from app.db.unit_of_work import Writing
from app.domain.identity.caller import Caller, Role
from app.domain.pathways.engine import StepStatus
from app.domain.pathways.events import EventKind, Evidence, EvidenceKind, Source, StepEvent
from app.domain.region.policy import RegionPolicy
from app.errors import InvalidInput
from app.runtime import Runtime
from services.pathways.commands import record_event, shown_by_document, take_back
from services.pathways.errors import DayDoesNotCount, NothingToTakeBack, StepUnknown
from services.pathways.queries import pathway_of, step_in
from tests.services.crowd import newcomers


async def _status(uow: Writing, person: UUID, code: str) -> StepStatus:
    return step_in(await pathway_of(uow, person), code).status


async def test_one_document_shows_several_steps(runtime: Runtime, region: RegionPolicy) -> None:
    [person] = await newcomers(runtime, 1)
    caller, document = Caller(uuid4(), Role.MIGRANT, uuid4(), person), uuid4()
    async with runtime.database.writing(region, caller) as uow:
        today = region.day_of(uow.now)
        for code in ("exam", "medical", "application"):
            await shown_by_document(uow, person, code, today, document)
            assert await _status(uow, person, code) is StepStatus.DONE
        with pytest.raises(StepUnknown):
            await shown_by_document(uow, person, "contract", today, document)
        with pytest.raises(InvalidInput):
            await shown_by_document(uow, person, "insurance", today + timedelta(days=1), document)
        with pytest.raises(DayDoesNotCount):
            await shown_by_document(uow, person, "registration", today - timedelta(days=9), document)
        with pytest.raises(NothingToTakeBack):
            await take_back(uow, person, "exam")


@pytest.mark.parametrize("kind", [EvidenceKind.BOOKING, EvidenceKind.INVITATION])
async def test_a_visit_or_an_invitation_shows_one_event_only(
    runtime: Runtime, region: RegionPolicy, kind: EvidenceKind
) -> None:
    [person] = await newcomers(runtime, 1)
    evidence = Evidence(kind, uuid4())

    async def told() -> None:
        async with runtime.database.writing(region) as uow:
            event = StepEvent("medical", EventKind.DONE, region.day_of(uow.now), Source.POINT)
            await record_event(uow, person, event, evidence=evidence)

    await told()
    with pytest.raises(IntegrityError, match="uq_step_events_evidence"):
        await told()
