"""A person's work: what they say of it, what fits them, and what employers ask."""

from uuid import UUID

from fastapi import APIRouter, Request, status

from app.errors import NotFound
from routers.consents.schemas import RenewalIn
from routers.deps import Migrant, ReadingUow, WritingUow
from routers.employers.work import (
    OwnRequestList,
    OwnRequestOut,
    SuitedList,
    WorkProfileBody,
    WorkProfileOut,
    YesOut,
    own_request_out,
    suited_out,
    work_out,
)
from routers.idempotency import KeepingRoute
from routers.language import own_language_of
from routers.problems import problems
from services.consents.errors import ConsentGiven, NoticeChanged, WardOfAge
from services.employers import lists, profiles, requests
from services.employers.errors import RequestOver

router = APIRouter(prefix="/v1/me", tags=["employers"], route_class=KeepingRoute)


@router.get("/work-profile", responses=problems(NotFound))
async def own_work_profile(uow: ReadingUow, caller: Migrant) -> WorkProfileOut:
    """What the person said of their work, and from when they may work as far as is known."""
    return work_out(await profiles.own_work(uow, caller.person), uow.region.day_of(uow.now))


@router.put("/work-profile", responses=problems())
async def put_work_profile(body: WorkProfileBody, uow: WritingUow, caller: Migrant) -> WorkProfileOut:
    """Says it anew. Employers find it only while the person agrees to it (`visible_to_employers`)."""
    return work_out(await profiles.put(uow, caller.person, body.told()), uow.region.day_of(uow.now))


@router.delete("/work-profile", status_code=status.HTTP_204_NO_CONTENT, responses=problems(NotFound))
async def delete_work_profile(uow: WritingUow, caller: Migrant) -> None:
    """Nothing of it is kept."""
    await profiles.forget(uow, caller.person)


@router.get("/matched-vacancies", responses=problems())
async def matched_vacancies(uow: ReadingUow, caller: Migrant) -> SuitedList:
    """Vacancies that fit the work profile, the best first, each score explained. Nobody learns that they were shown."""
    return SuitedList(items=[suited_out(one) for one in await lists.matched_vacancies(uow, caller.person)])


@router.get("/employer-requests", responses=problems())
async def own_employer_requests(uow: ReadingUow, caller: Migrant) -> OwnRequestList:
    """Who asks for the person's contacts, and for which vacancy; newest first."""
    return OwnRequestList(items=[own_request_out(one) for one in await requests.own_requests(uow, caller.person)])


@router.get("/employer-requests/{request_id}", responses=problems(NotFound))
async def own_employer_request(request_id: UUID, uow: ReadingUow, caller: Migrant) -> OwnRequestOut:
    """One of them."""
    return own_request_out(await requests.own_request(uow, caller.person, request_id))


@router.post(
    "/employer-requests/{request_id}/accept",
    status_code=status.HTTP_201_CREATED,
    responses=problems(NotFound, RequestOver, NoticeChanged, WardOfAge),
)
async def accept_employer_request(request_id: UUID, body: RenewalIn, uow: WritingUow, caller: Migrant) -> YesOut:
    """Yes: this employer sees name and contacts for this vacancy alone, until the consent is withdrawn."""
    sha256 = bytes.fromhex(body.sha256)
    return YesOut(consent_id=await requests.accept(uow, caller, request_id, body.language, sha256))


@router.post(
    "/employer-requests/{request_id}/decline",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(NotFound, RequestOver, ConsentGiven, WardOfAge),
)
async def decline_employer_request(request_id: UUID, request: Request, uow: WritingUow, caller: Migrant) -> None:
    """No. The employer is shown what they are shown of who never answered."""
    await requests.decline(uow, caller, request_id, own_language_of(request))
