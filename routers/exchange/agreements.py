"""Agreements with agencies, as two operators make them; what came of them, for who oversees them and for everybody."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, status

from app.errors import InvalidInput, NotFound
from routers.deps import Anyone, Auditor, Operator, Overseer, ReadingUow, WritingUow
from routers.exchange.schemas import (
    Agencies,
    AgencyIn,
    AgencyOut,
    Agreements,
    CountedOut,
    ExchangeAlarmOut,
    ExchangeAlarms,
    ExchangeFigures,
    ExchangeUseOut,
    ExchangeUses,
    Proposal,
    Proposed,
    RequestFigureOut,
    TermsIn,
    agreement_out,
)
from routers.idempotency import KeepingRoute
from routers.problems import problems
from routers.schemas import Cursor, Limit, cursor_of, instant_key_of
from services.exchange import agreements, queries
from services.exchange.errors import AlreadyDecided
from services.exchange.uses.counting import settle_alarm
from services.staff.errors import SecondPersonNeeded

router = APIRouter(tags=["exchange"], route_class=KeepingRoute)
Number = Annotated[int, Path(ge=1, le=32_767)]


@router.put(
    "/v1/exchange/agencies/{organisation_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(InvalidInput, NotFound),
)
async def put_agency(organisation_id: UUID, body: AgencyIn, uow: WritingUow, caller: Operator) -> None:
    """What kind of agency an organisation is, and which points are its own."""
    await agreements.put_agency(uow, caller, organisation_id, body.kind, body.system, tuple(body.points))


@router.get("/v1/exchange/agencies", responses=problems())
async def list_agencies(uow: ReadingUow, _: Overseer) -> Agencies:
    """All of them."""
    found = await queries.agencies(uow)
    return Agencies(
        items=[
            AgencyOut(
                organisation_id=agency.organisation_id,
                name=name,
                kind=agency.kind,
                system=agency.system,
                points=agency.points,
            )
            for agency, name in found
        ]
    )


@router.get("/v1/exchange/agreements", responses=problems())
async def list_agreements(uow: ReadingUow, _: Overseer) -> Agreements:
    """Every version of every agreement, and where it stands."""
    return Agreements(items=[agreement_out(worded) for worded in await queries.agreements(uow)])


@router.post("/v1/exchange/agreements", status_code=status.HTTP_201_CREATED, responses=problems(InvalidInput, NotFound))
async def propose_agreement(body: Proposal, uow: WritingUow, caller: Operator) -> Proposed:
    """It allows nothing until another operator has approved it."""
    return Proposed(id=await agreements.propose(uow, caller, body.agency_id, body.terms.terms()), version=1)


@router.post(
    "/v1/exchange/agreements/{agreement_id}/versions",
    status_code=status.HTTP_201_CREATED,
    responses=problems(InvalidInput, NotFound, AlreadyDecided),
)
async def change_agreement(agreement_id: UUID, body: TermsIn, uow: WritingUow, caller: Operator) -> Proposed:
    """Another wording, in the place of the one before once it is approved and its time has come."""
    return Proposed(id=agreement_id, version=await agreements.change(uow, caller, agreement_id, body.terms()))


@router.post(
    "/v1/exchange/agreements/{agreement_id}/versions/{number}/approve",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(NotFound, AlreadyDecided, SecondPersonNeeded),
)
async def approve_agreement(agreement_id: UUID, number: Number, uow: WritingUow, caller: Operator) -> None:
    """By another operator than who proposed it, and than who stands in for them."""
    await agreements.approve(uow, caller, agreement_id, number)


@router.post(
    "/v1/exchange/agreements/{agreement_id}/revoke",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(NotFound, AlreadyDecided),
)
async def revoke_agreement(agreement_id: UUID, uow: WritingUow, caller: Operator) -> None:
    """Ends it at once, whatever is under way by it."""
    await agreements.revoke(uow, caller, agreement_id)


@router.get("/v1/exchange/alarms", responses=problems())
async def exchange_alarms(uow: ReadingUow, _: Overseer, limit: Limit = 50) -> ExchangeAlarms:
    """Whose look-ups were stopped and wait to be settled, newest first."""
    found = await queries.alarms(uow, limit)
    return ExchangeAlarms(items=[ExchangeAlarmOut.model_validate(alarm) for alarm in found])


@router.post(
    "/v1/exchange/alarms/{alarm_id}/settle", status_code=status.HTTP_204_NO_CONTENT, responses=problems(NotFound)
)
async def settle_exchange_alarm(alarm_id: UUID, uow: WritingUow, caller: Operator) -> None:
    """Lets the account look up again."""
    await settle_alarm(uow, caller, alarm_id)


@router.get("/v1/exchange/uses", responses=problems(InvalidInput))
async def exchange_uses(uow: ReadingUow, _: Auditor, cursor: Cursor = None, limit: Limit = 50) -> ExchangeUses:
    """What agencies asked for, newest first: by which account, why, and what came of it. Not about whom."""
    found = await queries.all_uses(uow, instant_key_of(cursor) if cursor else None, limit + 1)
    page = [
        ExchangeUseOut(
            id=view.use.id,
            at=view.use.at,
            way=view.use.way,
            account_id=view.use.account_id,
            agency_id=view.use.agency_id,
            agreement_id=view.use.agreement_id,
            version=view.use.number,
            outcome=view.use.outcome,
            code=view.use.code,
            people=view.use.people,
            reason=view.reason,
            case=view.case,
        )
        for view in found[:limit]
    ]
    more = cursor_of(page[-1].at.isoformat(), str(page[-1].id)) if len(found) > limit else None
    return ExchangeUses(items=page, next=more)


@router.get("/v1/figures/exchange", dependencies=[Anyone], responses=problems(signed_in=False))
async def exchange_figures(uow: ReadingUow) -> ExchangeFigures:
    """How often agencies asked for people's data, and what came of it."""
    found = await queries.figures(uow)
    return ExchangeFigures(
        uses=[CountedOut.model_validate(one) for one in found.uses],
        requests=[RequestFigureOut.model_validate(one) for one in found.requests],
        alarms_ever=found.alarms_ever,
        alarms_now=found.alarms_now,
    )
