"""Consents: what can be asked, the person's answers, and proof of them. Nobody else is ever shown any of it."""

from uuid import UUID

from fastapi import APIRouter, Request, status

from app.domain.audit.purpose import Purpose
from app.errors import InvalidInput, NotFound
from routers.consents.schemas import (
    AnswerIn,
    ConsentEventPage,
    ConsentOut,
    Consents,
    Notices,
    ReceiptOut,
    RenewalIn,
    SignedIn,
    Verified,
    consent_out,
    event_out,
    notice_out,
)
from routers.deps import Anyone, Migrant, ReadingUow, Run, WritingUow
from routers.idempotency import KeepingRoute
from routers.language import own_language_of
from routers.problems import problems
from routers.schemas import Cursor, Limit, cursor_of, number_of
from services.consents import commands, queries, receipts
from services.consents.errors import (
    ConsentGiven,
    ConsentOver,
    MirrorNotOffered,
    NoticeChanged,
    TooSoonToRenew,
    WardOfAge,
)
from services.profiles import consenting
from services.profiles.standing import standing_of

router = APIRouter(tags=["consents"], route_class=KeepingRoute)
_ANSWERED = (InvalidInput, NoticeChanged, MirrorNotOffered, WardOfAge)


@router.get("/v1/me/consents", responses=problems())
async def own_consents(uow: ReadingUow, caller: Migrant) -> Consents:
    """The newest consent for each purpose and scope, whatever became of it."""
    return Consents(items=[consent_out(view) for view in await queries.own_consents(uow, caller.person)])


@router.get("/v1/me/consents/notices", responses=problems())
async def consent_notices(request: Request, uow: ReadingUow, caller: Migrant) -> Notices:
    """What the person can be asked, one purpose each, with the text to show in the language asked for."""
    language = own_language_of(request)
    standing = await standing_of(uow, caller.person, Purpose.OWN_ACCESS)
    found = await queries.offered(uow, caller.person, language, standing)
    return Notices(items=[notice_out(one, language) for one in found])


@router.get("/v1/me/consents/history", responses=problems(InvalidInput))
async def consent_history(
    uow: ReadingUow,
    caller: Migrant,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ConsentEventPage:
    """All that was asked, answered and ended, newest first."""
    found = await queries.own_history(uow, caller.person, before=number_of(cursor) if cursor else None, limit=limit + 1)
    page = [event_out(event) for event in found[:limit]]
    return ConsentEventPage(items=page, next=cursor_of(page[-1].seq) if len(found) > limit else None)


@router.post("/v1/me/consents", status_code=status.HTTP_201_CREATED, responses=problems(*_ANSWERED))
async def give_consent(body: AnswerIn, uow: WritingUow, caller: Migrant) -> ConsentOut:
    """Says yes. What was given already stays as it is."""
    consent_id = await consenting.give(uow, caller, body.answer())
    return await _out(uow, caller, consent_id)


@router.post(
    "/v1/me/consents/refusals", status_code=status.HTTP_201_CREATED, responses=problems(*_ANSWERED, ConsentGiven)
)
async def refuse_consent(body: AnswerIn, uow: WritingUow, caller: Migrant) -> ConsentOut:
    """Says no. Everything else works all the same."""
    consent_id = await consenting.refuse(uow, caller, body.answer())
    return await _out(uow, caller, consent_id)


@router.post("/v1/me/consents/{consent_id}/withdraw", responses=problems(NotFound, ConsentOver))
async def withdraw_consent(consent_id: UUID, uow: WritingUow, caller: Migrant) -> ConsentOut:
    """Ends it at once: from this answer on nothing is done by it any more. Twice is the same as once."""
    await commands.withdraw(uow, caller, consent_id)
    return await _out(uow, caller, consent_id)


@router.post(
    "/v1/me/consents/{consent_id}/renew",
    responses=problems(NotFound, NoticeChanged, MirrorNotOffered, WardOfAge, ConsentOver, TooSoonToRenew),
)
async def renew_consent(consent_id: UUID, body: RenewalIn, uow: WritingUow, caller: Migrant) -> ConsentOut:
    """Gives it for another term, in the last two months of this one, on the same terms."""
    await consenting.renew(uow, caller, consent_id, body.language, bytes.fromhex(body.sha256))
    return await _out(uow, caller, consent_id)


@router.get("/v1/me/consents/{consent_id}/receipt", responses=problems(NotFound))
async def consent_receipt(consent_id: UUID, uow: ReadingUow, caller: Migrant, runtime: Run) -> ReceiptOut:
    """The whole record with the text that was shown, signed by the region."""
    receipt, signed = await receipts.receipt_of(uow, runtime.keyring, caller.person, consent_id)
    return ReceiptOut(receipt=receipt, signed=signed)


@router.post("/v1/receipts/verify", dependencies=[Anyone], responses=problems(signed_in=False))
async def verify_receipt(body: SignedIn, uow: WritingUow, runtime: Run) -> Verified:
    """Whether the region signed this receipt, and what it says. How the consent stands now is the person's to know."""
    receipt = await receipts.read_receipt(uow, runtime.keyring, body.signed)
    return Verified(valid=receipt is not None, receipt=receipt)


async def _out(uow: WritingUow, caller: Migrant, consent_id: UUID) -> ConsentOut:
    return consent_out(await queries.own_consent(uow, caller.person, consent_id))
