"""Lawful requests beyond any agreement, as two operators pass them; and who stands in for whom among the staff."""

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import Field

from app.domain.audit.hiding import HidingGround
from app.domain.exchange.requests import Asked, RequestGround, RequestStatus
from app.domain.exchange.terms import Datum
from app.errors import InvalidInput, NotFound
from app.models.exchange import LawfulRequest
from routers.deps import Operator, Overseer, ReadingUow, WritingUow
from routers.idempotency import KeepingRoute
from routers.problems import problems
from routers.schemas import Cursor, In, Instant, Limit, Out, cursor_of, instant_key_of
from services.exchange.errors import AlreadyDecided, SubjectDiffers
from services.exchange.lawful import commands
from services.staff import deputies
from services.staff.errors import SecondPersonNeeded

router = APIRouter(tags=["exchange"], route_class=KeepingRoute)


class HideIn(In):
    """The law by which the person is not told, and until when."""

    ground: HidingGround
    until: Instant


class RequestIn(In):
    """`agency_id` gets the answer. `first` and `last`: days from which data are asked for."""

    agency_id: UUID
    ground: RequestGround
    case_number: str = Field(min_length=1, max_length=80)
    migrant_id: str = Field(min_length=12, max_length=20)
    categories: list[Datum] = Field(min_length=1, max_length=20)
    first: date
    last: date
    hide: HideIn | None = None

    def asked(self) -> Asked:
        return Asked(self.ground, self.case_number, frozenset(self.categories), self.first, self.last)


class RequestMade(Out):
    id: UUID


class RequestOut(Out):
    """Not about whom: who passes it reads that in the papers of the case."""

    id: UUID
    agency_id: UUID
    ground: RequestGround
    case_number: str
    categories: list[Datum]
    first: date
    last: date
    status: RequestStatus
    hide_ground: HidingGround | None
    hide_until: datetime | None
    asked_by: UUID
    asked_at: datetime
    approved_by: UUID | None
    approved_at: datetime | None
    declined_by: UUID | None
    declined_at: datetime | None


class Approval(In):
    """About whom the request is, by the papers that who approves has read."""

    migrant_id: str = Field(min_length=12, max_length=20)


class Requests(Out):
    """`next` goes into `cursor` for the page after; None on the last."""

    items: list[RequestOut]
    next: str | None


class DeputyOut(Out):
    account_id: UUID
    deputy_id: UUID
    since: datetime
    until: datetime | None


class Deputies(Out):
    items: list[DeputyOut]


@router.post("/v1/lawful-requests", status_code=status.HTTP_201_CREATED, responses=problems(InvalidInput, NotFound))
async def enter_request(body: RequestIn, uow: WritingUow, caller: Operator) -> RequestMade:
    """What an authority asks for of one person in one case. Nothing is answered until another operator passed it."""
    hide = commands.Hide(body.hide.ground, body.hide.until) if body.hide else None
    return RequestMade(id=await commands.ask(uow, caller, body.agency_id, body.migrant_id, body.asked(), hide))


@router.get("/v1/lawful-requests", responses=problems(InvalidInput))
async def list_lawful_requests(uow: ReadingUow, _: Overseer, cursor: Cursor = None, limit: Limit = 50) -> Requests:
    """All, newest first."""
    found = await commands.page(uow, instant_key_of(cursor) if cursor else None, limit + 1)
    page = [_out(request, uow.now) for request in found[:limit]]
    more = cursor_of(page[-1].asked_at.isoformat(), str(page[-1].id)) if len(found) > limit else None
    return Requests(items=page, next=more)


@router.post(
    "/v1/lawful-requests/{request_id}/approve",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(NotFound, AlreadyDecided, SecondPersonNeeded, SubjectDiffers),
)
async def approve_request(request_id: UUID, body: Approval, uow: WritingUow, caller: Operator) -> None:
    """By another operator than who entered it, and than who stands in for them, who has read the same number."""
    await commands.approve(uow, caller, request_id, body.migrant_id)


@router.post(
    "/v1/lawful-requests/{request_id}/decline",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(NotFound, AlreadyDecided),
)
async def decline_request(request_id: UUID, uow: WritingUow, caller: Operator) -> None:
    """Says no."""
    await commands.decline(uow, caller, request_id)


@router.get("/v1/staff/{account_id}/deputies", responses=problems())
async def list_deputies(account_id: UUID, uow: ReadingUow, _: Overseer) -> Deputies:
    """Who stands or stood in for the account, and for whom it does or did."""
    found = await deputies.deputies(uow, account_id)
    return Deputies(items=[DeputyOut.model_validate(one) for one in found])


@router.put(
    "/v1/staff/{account_id}/deputies/{deputy_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(InvalidInput, NotFound),
)
async def name_deputy(account_id: UUID, deputy_id: UUID, uow: WritingUow, caller: Operator) -> None:
    """From now on neither passes what the other asks for."""
    await deputies.name_deputy(uow, caller, account_id, deputy_id)


@router.delete(
    "/v1/staff/{account_id}/deputies/{deputy_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(NotFound, SecondPersonNeeded),
)
async def end_deputy(account_id: UUID, deputy_id: UUID, uow: WritingUow, caller: Operator) -> None:
    """By neither of the two. What was asked until now is passed by neither all the same."""
    await deputies.end_deputy(uow, caller, account_id, deputy_id)


def _out(request: LawfulRequest, now: datetime) -> RequestOut:
    own = (
        "id",
        "agency_id",
        "ground",
        "case_number",
        "categories",
        "hide_ground",
        "hide_until",
        "asked_by",
        "asked_at",
    )
    decided = ("approved_by", "approved_at", "declined_by", "declined_at")
    told = {name: getattr(request, name) for name in (*own, *decided)}
    return RequestOut(**told, first=request.first_day, last=request.last_day, status=commands.status(request, now))
