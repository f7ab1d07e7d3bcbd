"""Wire types of a workstation."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from app.domain.exchange.refusals import NeverListed
from app.domain.exchange.requests import RequestGround
from app.domain.exchange.terms import AgencyKind, Datum, ExchangePurpose, People, Terms, Way
from app.domain.profiles.documents import DocumentKind
from routers.schemas import In, Out
from services.exchange.looking import Named
from services.exchange.uses.counting import Reason

EXACT = ["migrant_id", "document"]


class Asked(In):
    """`reason` in words, and the agency's own `case_reference`: without them nothing is told, and that is counted."""

    reason: str | None = Field(None, max_length=300)
    case_reference: str | None = Field(None, max_length=80)

    def said(self) -> Reason:
        return Reason(self.reason, self.case_reference)


class ByMigrantId(In):
    by: Literal["migrant_id"]
    migrant_id: str = Field(min_length=1, max_length=20)

    def named(self) -> Named:
        return Named(migrant_id=self.migrant_id)


class ByDocument(In):
    """`issuer` and `number` as its machine-readable zone writes them."""

    by: Literal["document"]
    kind: DocumentKind
    issuer: str = Field(min_length=1, max_length=3)
    number: str = Field(min_length=1, max_length=30)

    def named(self) -> Named:
        return Named(kind=self.kind, issuer=self.issuer, number=self.number)


class LookUp(Asked):
    agreement_id: UUID
    person: Annotated[ByMigrantId | ByDocument, Field(discriminator="by")]


class ListWanted(Asked):
    """`kind`: of an agreement's people, with its id; or one of those that are given to nobody."""

    kind: People | NeverListed
    agreement_id: UUID | None = None
    cursor: str | None = Field(None, max_length=300)


class LookUpAnswer(Out):
    """The agreed fields that are known, by name."""

    agreement_id: UUID
    version: int
    fields: dict[str, Any]


class ListPage(Out):
    """`next` goes into `cursor` for the page after; None on the last."""

    agreement_id: UUID
    version: int
    items: list[dict[str, Any]]
    next: str | None


class AgreedOut(Out):
    """`searches`: by what a person may be looked up; empty where only files or lists are agreed."""

    agreement_id: UUID
    version: int
    purpose: ExchangePurpose
    citation: str
    people: People
    codes: list[str]
    fields: list[Datum]
    searches: list[str]
    lists: list[People]
    files_every_hours: int | None
    retention_days: int
    valid_to: datetime


class WorkstationOut(Out):
    """`kind` is None until the operator has said what kind of agency it is."""

    agency_id: UUID
    name: dict[str, str]
    kind: AgencyKind | None
    agreements: list[AgreedOut]


class AgencyFileOut(Out):
    id: UUID
    agreement_id: UUID
    version: int
    run_id: UUID
    number: int
    made_at: datetime
    delete_at: datetime
    fetched_at: datetime | None


class AgencyFiles(Out):
    items: list[AgencyFileOut]


class FetchedFile(Out):
    """`manifest`: a compact JWS (RFC 7515, ES256) by a key of `/v1/registry/{region}/jwks.json`. It holds the SHA-256
    of each item (RFC 8785) as it was made; what may not be told any more is not among `items`.
    """

    manifest: str
    items: list[dict[str, Any]]


class RequestForAgency(Out):
    id: UUID
    ground: RequestGround
    case_number: str
    categories: list[Datum]
    expires_at: datetime


class RequestsForAgency(Out):
    items: list[RequestForAgency]


class RequestAnswer(Out):
    request_id: UUID
    case_number: str
    expires_at: datetime
    fields: dict[str, Any]


def agreed_out(agreement_id: UUID, version: int, terms: Terms) -> AgreedOut:
    return AgreedOut(
        agreement_id=agreement_id,
        version=version,
        purpose=terms.purpose,
        citation=terms.citation,
        people=terms.people,
        codes=list(terms.codes),
        fields=sorted(terms.fields),
        searches=EXACT if Way.SEARCH in terms.ways else [],
        lists=[terms.people] if Way.LIST in terms.ways else [],
        files_every_hours=terms.every_hours,
        retention_days=terms.retention_days,
        valid_to=terms.valid_to,
    )
