"""Lost phones: at the service point."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Request, status
from pydantic import Field

from app.domain.identity.terms import REFRESH_REPEATS
from app.domain.profiles.documents import DocumentKind
from routers.deps import Clerk, WritingUow
from routers.idempotency import KeepingRoute, answer_kept_for
from routers.language import own_language_of
from routers.problems import problems
from routers.schemas import In, Out
from services.numbers.errors import TooManyRecoveries
from services.profiles import recovery
from services.profiles.errors import RecoveryRefused

router = APIRouter(tags=["numbers"], route_class=KeepingRoute)


class LostPhone(In):
    """As printed on the document in the clerk's hand, and the Migrant ID that the person names.

    `document_issuer`: the issuing state as the machine-readable zone writes it.
    """

    migrant_id: str = Field(max_length=20, examples=["3F7K-9Q2M-X0TB"])
    document_kind: Literal[DocumentKind.PASSPORT, DocumentKind.IDENTITY_CARD, DocumentKind.TRAVEL_DOCUMENT] = (
        DocumentKind.PASSPORT
    )
    document_issuer: str = Field(min_length=1, max_length=3, pattern=r"^[A-Za-z]+$", examples=["UZB"])
    document_number: str = Field(min_length=1, max_length=20, pattern=r"^[A-Za-z0-9 -]+$")


class PaperCodeOut(Out):
    """`code` is shown this once: give it to the person on paper, and keep nothing."""

    code: str
    expires_at: datetime


@router.post(
    "/v1/recoveries",
    status_code=status.HTTP_201_CREATED,
    responses=problems(RecoveryRefused, TooManyRecoveries),
)
@answer_kept_for(REFRESH_REPEATS)
async def begin_recovery(body: LostPhone, request: Request, uow: WritingUow, caller: Clerk) -> PaperCodeOut:
    """For who lost phone and SIM and stands here with their document, which you have compared with their face.

    Signs the account out everywhere at once, detaches its number, and gives a code with which it is signed in to on
    a new phone and number (`POST /v1/auth/recoveries`). Tokens given before live out their ten minutes.
    """
    shown = recovery.Shown(body.document_kind, body.document_issuer, body.document_number)
    code = await recovery.begin(uow, caller, body.migrant_id, shown, own_language_of(request))
    return PaperCodeOut.model_validate(code)
