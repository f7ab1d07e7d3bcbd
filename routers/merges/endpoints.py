"""One document in two profiles: whose it is, and whether the two are one person."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import Field

from app.domain.profiles.documents import DocumentKind
from app.domain.profiles.merging import MergeStatus
from app.errors import NotFound
from app.models.merges import MergeCase
from routers.deps import Clerk, Migrant, ReadingUow, WritingUow
from routers.idempotency import KeepingRoute
from routers.problems import problems
from routers.schemas import In, Out
from services.identity.errors import DeviceTooNew
from services.merges import commands, queries
from services.merges.errors import (
    CaseClosed,
    DocumentFree,
    OtherDocument,
    TooManyCases,
    VisitsClash,
    WrongCaseCode,
)
from services.profiles.errors import InvalidZone, TooManyGuesses

router = APIRouter(tags=["merges"], route_class=KeepingRoute)


class ClaimIn(In):
    """The machine-readable lines that were answered with `document_known`."""

    mrz: str = Field(max_length=200)
    kind: DocumentKind = DocumentKind.PASSPORT


class AcceptIn(In):
    """`code`: what the phone that asks shows."""

    code: str = Field(min_length=8, max_length=20)


class DecisionIn(ClaimIn):
    """`mrz` as read from the document in the visitor's hand."""

    decision: commands.Decision


class CaseOut(Out):
    """`side`: whether the caller asked (`claimant`), or has the document (`holder`). `code` is the claimant's alone."""

    id: UUID
    side: Literal["claimant", "holder"]
    status: MergeStatus
    code: str | None
    opened_at: datetime
    expires_at: datetime


class CaseList(Out):
    items: list[CaseOut]


class DecidedOut(Out):
    status: MergeStatus


@router.post(
    "/v1/me/merges",
    status_code=status.HTTP_201_CREATED,
    responses=problems(InvalidZone, DocumentFree, TooManyCases, TooManyGuesses),
)
async def claim_document(body: ClaimIn, uow: WritingUow, caller: Migrant) -> CaseOut:
    """Asks for a document that another profile has. Its code goes to the other phone, or to a service point."""
    return _case_out(await commands.open_case(uow, caller, body.kind, body.mrz), caller.person)


@router.get("/v1/me/merges", responses=problems())
async def own_merges(uow: ReadingUow, caller: Migrant) -> CaseList:
    """What the person asked for, and who asks for a document of theirs. Nothing is said of the other side."""
    found = await queries.own_cases(uow, caller.person)
    return CaseList(items=[_case_out(case, caller.person) for case in found])


@router.post(
    "/v1/me/merges/{case_id}/accept",
    responses=problems(NotFound, DeviceTooNew, CaseClosed, WrongCaseCode, VisitsClash),
)
async def accept_merge(case_id: UUID, body: AcceptIn, uow: WritingUow, caller: Migrant) -> CaseList:
    """It is me, on another phone: both phones are this person's from now on. Needs the code on that phone, and here a
    phone that did not sign in just now beside an older one.
    """
    await commands.accept(uow, caller, case_id, body.code)
    return await own_merges(uow, caller)


@router.post("/v1/me/merges/{case_id}/reject", responses=problems(NotFound, CaseClosed))
async def reject_merge(case_id: UUID, uow: WritingUow, caller: Migrant) -> CaseList:
    """It is not me. The attempt stays in the log."""
    await commands.reject(uow, caller.person, case_id)
    return await own_merges(uow, caller)


@router.post(
    "/v1/merges/{code}/decision",
    responses=problems(NotFound, InvalidZone, CaseClosed, OtherDocument, VisitsClash),
)
async def decide_merge(code: str, body: DecisionIn, uow: WritingUow, caller: Clerk) -> DecidedOut:
    """A clerk with the document in hand. *same_person*: the profile is the visitor's, and whoever signed in to it
    before is cut off. *other_person*: the document leaves the profile that had it, and becomes the visitor's.
    """
    case = await commands.decide(uow, caller, code, body.kind, body.mrz, body.decision)
    return DecidedOut(status=MergeStatus(case.status))


def _case_out(case: MergeCase, person_id: UUID) -> CaseOut:
    claimant = case.claimant_id == person_id
    return CaseOut(
        id=case.id,
        side="claimant" if claimant else "holder",
        status=MergeStatus(case.status),
        code=case.code if claimant else None,
        opened_at=case.opened_at,
        expires_at=case.expires_at,
    )
