"""An agency's workstation: what its agreements allow, and nothing more.

What is read of a person is read by POST, with a reason in the body and never in an address. An answer is not kept for a
repetition of the request: whoever asks again is looked at again, by the agreement as it stands then.
"""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, status

from app.domain.exchange.refusals import NeverListed
from app.domain.exchange.requests import ANSWER_LIVES
from app.domain.identity.caller import Caller, Role
from app.errors import InvalidInput, NotFound
from routers.deps import Callers, ReadingUow, WritingUow
from routers.exchange.workstation_schemas import (
    AgencyFileOut,
    AgencyFiles,
    FetchedFile,
    ListPage,
    ListWanted,
    LookUp,
    LookUpAnswer,
    RequestAnswer,
    RequestForAgency,
    RequestsForAgency,
    WorkstationOut,
    agreed_out,
)
from routers.idempotency import KeepingRoute, answer_kept_for
from routers.problems import problems
from services.exchange import looking, queries
from services.exchange.errors import (
    AlreadyDecided,
    ListNeverGiven,
    LookUpsStopped,
    NothingHeld,
    OutsideAgreement,
    ReasonMissing,
    TrackingNeverGiven,
)
from services.exchange.feeds import fetching
from services.exchange.lawful import commands as lawful

router = APIRouter(prefix="/v1/workstation", tags=["workstation"], route_class=KeepingRoute)
Officer = Annotated[Caller, Depends(Callers(Role.AGENCY_OFFICER))]
NOT_KEPT = timedelta(0)
_MOST_FILES = 200


@router.get("", responses=problems(NotFound))
async def workstation(uow: ReadingUow, caller: Officer) -> WorkstationOut:
    """Which searches, lists and files the agency's agreements allow now."""
    found = await queries.workstation(uow, caller.organisation)
    allowed = [agreed_out(each.agreement_id, each.version, each.terms) for each in found.allowed]
    return WorkstationOut(agency_id=found.agency_id, name=found.name, kind=found.kind, agreements=allowed)


@router.post("/look-ups", responses=problems(ReasonMissing, OutsideAgreement, LookUpsStopped, NothingHeld))
@answer_kept_for(NOT_KEPT)
async def look_up(body: LookUp, uow: WritingUow, caller: Officer) -> LookUpAnswer:
    """One person, who is named exactly and sees that you looked. `nothing_held` for whoever is unknown or not yours."""
    found = await looking.look_up(uow, caller, body.agreement_id, body.person.named(), body.said())
    return LookUpAnswer.model_validate(found)


@router.post(
    "/lists",
    responses=problems(
        ReasonMissing, OutsideAgreement, LookUpsStopped, ListNeverGiven, TrackingNeverGiven, InvalidInput
    ),
)
@answer_kept_for(NOT_KEPT)
async def list_people(body: ListWanted, uow: WritingUow, caller: Officer) -> ListPage:
    """Those whom an agreement is about, a page at a time; each of them sees it. Some lists are given to nobody."""
    if isinstance(body.kind, NeverListed):
        await looking.refuse_list(uow, caller, body.kind, body.said())
    found = await looking.list_people(uow, caller, body.agreement_id, body.kind, body.cursor, body.said())
    return ListPage.model_validate(found)


@router.get("/files", responses=problems())
async def list_files(uow: ReadingUow, caller: Officer) -> AgencyFiles:
    """Files that wait for the agency, the newest first."""
    found = await fetching.files(uow, caller.organisation, _MOST_FILES)
    return AgencyFiles(items=[AgencyFileOut.model_validate(one) for one in found])


@router.post("/files/{file_id}/fetch", responses=problems(NotFound, OutsideAgreement))
@answer_kept_for(NOT_KEPT)
async def fetch_file(file_id: UUID, uow: WritingUow, caller: Officer) -> FetchedFile:
    """What of the file may still be told, with its signed manifest."""
    return FetchedFile.model_validate(await fetching.fetch(uow, caller, caller.organisation, file_id))


@router.get("/lawful-requests", responses=problems())
async def list_requests(uow: ReadingUow, caller: Officer) -> RequestsForAgency:
    """Requests of the agency that two operators have passed and that can be answered now, the newest first."""
    found = await lawful.approved_for(uow, caller.organisation)
    return RequestsForAgency(
        items=[
            RequestForAgency(
                id=one.id,
                ground=one.ground,
                case_number=one.case_number,
                categories=one.categories,
                expires_at=one.approved_at + ANSWER_LIVES,
            )
            for one in found
            if one.approved_at
        ]
    )


@router.post(
    "/lawful-requests/{request_id}/answer",
    status_code=status.HTTP_200_OK,
    responses=problems(NotFound, AlreadyDecided, LookUpsStopped, NothingHeld),
)
@answer_kept_for(NOT_KEPT)
async def answer_request(request_id: UUID, uow: WritingUow, caller: Officer) -> RequestAnswer:
    """The least that answers it; the person sees it, unless a law keeps it from them until a day."""
    return RequestAnswer.model_validate(await lawful.answer(uow, caller, caller.organisation, request_id))
