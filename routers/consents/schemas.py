"""Wire types of consents."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from app.domain.consents.purposes import ConsentPurpose
from app.domain.profiles.languages import Language
from app.models.consents import ConsentEvent
from routers.schemas import In, Out
from services.consents.commands import Answer
from services.consents.queries import ConsentView, Offered

Sha256 = Field(pattern=r"^[0-9a-f]{64}$", description="of the text that was shown, in UTF-8; hexadecimal")


class RenewalIn(In):
    """The text that was shown: its language and its hash."""

    language: Language
    sha256: str = Sha256


class AnswerIn(In):
    """An answer to a notice as `GET /v1/me/consents/notices` shows it. `scope`: as there, left out where it is null."""

    purpose: ConsentPurpose
    scope: str | None = Field(None, max_length=40)
    language: Language
    sha256: str = Sha256

    def answer(self) -> Answer:
        return Answer(self.purpose, self.scope, self.language, bytes.fromhex(self.sha256))


class NoticeOut(Out):
    """What to show before one consent is asked for, and what it would say.

    `sha256` goes into the answer. `until`: how long a yes of this moment would hold. `status`: of the answer so far,
    None where there was none.
    """

    purpose: ConsentPurpose
    scope: str | None
    title: str
    text: str
    language: Language
    version: str
    sha256: str
    controller: str
    controller_contact: str
    recipients: list[str]
    data_categories: list[str]
    operations: list[str]
    legal_basis: str
    retention: str
    until: datetime
    status: str | None


class Notices(Out):
    items: list[NoticeOut]


class ConsentOut(Out):
    """One consent as it stands. `live`: whether it allows something now; `since` is of its status."""

    id: UUID
    purpose: ConsentPurpose
    scope: str | None
    status: str
    live: bool
    renewable: bool
    since: datetime
    expires_at: datetime | None
    notice_version: str
    notice_language: str
    by_guardian: bool


class Consents(Out):
    items: list[ConsentOut]


class ConsentEventOut(Out):
    """One link of the ledger: what a consent became, when and how. `reason`: why, where nobody withdrew it."""

    seq: int
    consent_id: UUID
    purpose: str
    scope: str | None
    status: str
    at: datetime
    channel: str
    expression: str
    reason: str | None
    notice_version: str
    notice_language: str
    expires_at: datetime | None


class ConsentEventPage(Out):
    """`next` goes into `cursor` for the page after; None on the last."""

    items: list[ConsentEventOut]
    next: str | None


class ReceiptOut(Out):
    """`receipt`: the record in JSON-LD. `signed`: the same as a compact JWS (ES256), for whoever wants proof."""

    receipt: dict[str, Any]
    signed: str


class SignedIn(In):
    """A receipt as it was downloaded."""

    signed: str = Field(min_length=1, max_length=40_000)


class Verified(Out):
    """`receipt`: what the region signed; None when this is not its signature."""

    valid: bool
    receipt: dict[str, Any] | None


def notice_out(one: Offered, language: Language) -> NoticeOut:
    terms = one.terms
    return NoticeOut(
        purpose=one.purpose,
        scope=one.scope,
        title=one.shown.title,
        text=one.shown.text,
        language=language,
        version=one.shown.notice.version,
        sha256=one.shown.notice.sha256.hex(),
        controller=terms.controller["ru" if language is Language.RUSSIAN else "en"],
        controller_contact=terms.controller_contact,
        recipients=list(terms.recipients),
        data_categories=list(terms.data_categories),
        operations=list(terms.operations),
        legal_basis=terms.legal_basis,
        retention=terms.retention,
        until=one.until,
        status=one.status,
    )


def consent_out(view: ConsentView) -> ConsentOut:
    event = view.event
    return ConsentOut(
        id=event.consent_id,
        purpose=ConsentPurpose(event.purpose),
        scope=event.scope,
        status=view.status,
        live=view.live,
        renewable=view.renewable,
        since=event.at,
        expires_at=event.expires_at,
        notice_version=event.notice_version,
        notice_language=event.notice_language,
        by_guardian=event.delegate_id is not None,
    )


def event_out(event: ConsentEvent) -> ConsentEventOut:
    return ConsentEventOut.model_validate(event)
