"""What shows that a step was done, shows it once."""

from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from app.domain.pathways.events import EventKind, Evidence, EvidenceKind, Source, StepEvent
from app.domain.region.policy import RegionPolicy
from app.runtime import Runtime
from services.pathways.commands import record_event
from tests.services.crowd import newcomers


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
