"""Wire types of agreements, as operators make them, and of what everybody sees of the exchange."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from app.domain.exchange.agreements import Status
from app.domain.exchange.limits import AlarmKind
from app.domain.exchange.requests import RequestGround
from app.domain.exchange.terms import AgencyKind, Basis, Datum, ExchangePurpose, People, Terms, Way
from routers.schemas import In, Instant, Out
from services.exchange.queries import Worded

Code = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_-]{0,39}$")]


class AgencyIn(In):
    """`system`: how the agency's own system is called, which files go to. `points`: where its visitors come."""

    kind: AgencyKind
    system: str = Field(min_length=1, max_length=60)
    points: list[UUID] = Field(default=[], max_length=200)


class AgencyOut(Out):
    organisation_id: UUID
    name: dict[str, str]
    kind: AgencyKind
    system: str
    points: list[UUID]


class Agencies(Out):
    items: list[AgencyOut]


class TermsIn(In):
    """`codes`: services for `visited`, steps for `step_done`. `steps`: those that `steps_done` tells of."""

    fields: list[Datum] = Field(min_length=1, max_length=20)
    people: People
    codes: list[Code] = Field(default=[], max_length=20)
    steps: list[Code] = Field(default=[], max_length=20)
    purpose: ExchangePurpose
    basis: Basis
    citation: str = Field(min_length=5, max_length=200)
    ways: list[Way] = Field(min_length=1, max_length=3)
    every_hours: int | None = Field(None, ge=1, le=744)
    retention_days: int = Field(ge=1, le=1830)
    valid_from: Instant
    valid_to: Instant

    def terms(self) -> Terms:
        return Terms(
            fields=frozenset(self.fields),
            people=self.people,
            codes=tuple(self.codes),
            steps=tuple(self.steps),
            purpose=self.purpose,
            basis=self.basis,
            citation=self.citation,
            ways=frozenset(self.ways),
            every_hours=self.every_hours,
            retention_days=self.retention_days,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
        )


class Proposal(In):
    agency_id: UUID
    terms: TermsIn


class Proposed(Out):
    id: UUID
    version: int


class TermsOut(Out):
    fields: list[Datum]
    people: People
    codes: list[str]
    steps: list[str]
    purpose: ExchangePurpose
    basis: Basis
    citation: str
    ways: list[Way]
    every_hours: int | None
    retention_days: int
    valid_from: datetime
    valid_to: datetime


class AgreementOut(Out):
    """One version. `status`: only what is in force allows anything."""

    id: UUID
    version: int
    agency_id: UUID
    status: Status
    terms: TermsOut
    proposed_by: UUID
    proposed_at: datetime
    approved_by: UUID | None
    approved_at: datetime | None
    revoked_at: datetime | None


class Agreements(Out):
    items: list[AgreementOut]


class ExchangeAlarmOut(Out):
    id: UUID
    at: datetime
    kind: AlarmKind
    account_id: UUID
    agency_id: UUID


class ExchangeAlarms(Out):
    items: list[ExchangeAlarmOut]


class ExchangeUseOut(Out):
    """What was asked for and what came of it; `reason` and `case` in the officer's words. Not about whom."""

    id: UUID
    at: datetime
    way: str
    account_id: UUID | None
    agency_id: UUID
    agreement_id: UUID | None
    version: int | None
    outcome: str
    code: str | None
    people: int
    reason: str | None
    case: str | None


class ExchangeUses(Out):
    """`next` goes into `cursor` for the page after; None on the last."""

    items: list[ExchangeUseOut]
    next: str | None


class CountedOut(Out):
    way: str
    outcome: str
    code: str | None
    times: int
    people: int


class RequestFigureOut(Out):
    ground: RequestGround
    citation: str
    asked: int
    approved: int
    declined: int
    hidden: int


class ExchangeFigures(Out):
    """How often agencies asked for data, in which way and what came of it; lawful requests by their ground; alarms."""

    uses: list[CountedOut]
    requests: list[RequestFigureOut]
    alarms_ever: int
    alarms_now: int


def terms_out(terms: Terms) -> TermsOut:
    listed = {"fields": sorted(terms.fields), "ways": sorted(terms.ways)}
    same = {name: getattr(terms, name) for name in TermsOut.model_fields if name not in listed}
    return TermsOut(**same | listed | {"codes": list(terms.codes), "steps": list(terms.steps)})


def agreement_out(worded: Worded) -> AgreementOut:
    version = worded.version
    return AgreementOut(
        id=worded.agreement.id,
        version=version.number,
        agency_id=worded.agreement.agency_id,
        status=worded.status,
        terms=terms_out(version.terms),
        proposed_by=version.proposed_by,
        proposed_at=version.proposed_at,
        approved_by=version.approved_by,
        approved_at=version.approved_at,
        revoked_at=worded.agreement.revoked_at,
    )
