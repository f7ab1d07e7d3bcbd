"""Wire types of companies and their vacancies."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.employers.companies import CompanyNumberKind, CompanyStatus
from app.domain.employers.vacancies import VacancyStatus
from app.domain.matching.fairness import Selection
from app.domain.matching.terms import Shift
from app.models.employers import VacancyRow
from routers.employers.postings import JobPosting, posting_out
from routers.schemas import In, Out
from services.employers.companies import CompanyView
from services.employers.postings import load_posting

_EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"


class ContactIn(In):
    """Whom the region's operator writes to."""

    name: Annotated[str, Field(min_length=1, max_length=150)]
    email: Annotated[str, Field(pattern=_EMAIL, max_length=200)]
    phone: Annotated[str, Field(max_length=20, examples=["+79001234567"])]


class CompanyIn(In):
    """`number`: INN of Russia, 10 or 12 digits; BIN of Kazakhstan, 12. Its check digits have to match."""

    number_kind: CompanyNumberKind
    number: Annotated[str, Field(min_length=10, max_length=20, examples=["7707083893"])]
    name_ru: Annotated[str, Field(min_length=1, max_length=200)]
    name_en: Annotated[str, Field(min_length=1, max_length=200)]
    contact: ContactIn


class CompanyMade(Out):
    id: UUID
    status: CompanyStatus


class CompanyOut(Out):
    """`name` by language. An approved company is an organisation of the same id, whose staff can be invited."""

    id: UUID
    number_kind: CompanyNumberKind
    number: str
    name: dict[str, str]
    contact: ContactIn
    status: CompanyStatus
    applied_at: datetime
    decided_at: datetime | None
    reason: str | None


class CompanyPage(Out):
    items: list[CompanyOut]
    next: str | None


class ReasonIn(In):
    reason: Annotated[str, Field(min_length=3, max_length=500)]


class OwnCompany(Out):
    id: UUID
    number_kind: CompanyNumberKind
    number: str
    name: dict[str, str]


def company_out(view: CompanyView) -> CompanyOut:
    company, contact = view.company, view.contact
    return CompanyOut(
        id=company.id,
        number_kind=CompanyNumberKind(company.number_kind),
        number=company.number,
        name=company.name,
        contact=ContactIn(name=contact.name, email=contact.email, phone=contact.phone),
        status=CompanyStatus(company.status),
        applied_at=company.applied_at,
        decided_at=company.decided_at,
        reason=company.reason,
    )


class VacancyChange(In):
    """`version` is the one that was seen."""

    version: Annotated[int, Field(ge=1)]
    posting: JobPosting


class VacancyOut(Out):
    id: UUID
    status: VacancyStatus
    version: int
    posting: JobPosting
    created_at: datetime
    date_posted: datetime | None
    closed_at: datetime | None


class VacancyPage(Out):
    items: list[VacancyOut]
    next: str | None


def vacancy_out(row: VacancyRow) -> VacancyOut:
    return VacancyOut(
        id=row.id,
        status=VacancyStatus(row.status),
        version=row.version,
        posting=posting_out(load_posting(row.posting)),
        created_at=row.created_at,
        date_posted=row.published_at,
        closed_at=row.closed_at,
    )


class GroupRateOut(Out):
    """`people`: at least so many, in whole tens. `rate`: per cent of them that were chosen; `impact`: its part of the
    highest rate, in per cent. `flagged`: below four fifths of it.
    """

    group: str
    people: int
    rate: int
    impact: int | None
    flagged: bool


class SelectionOut(Out):
    """`hidden_groups` are too small to be told of, or would tell of one that is."""

    groups: list[GroupRateOut]
    hidden_groups: int


class RatesOut(Out):
    citizenship: SelectionOut
    sex: SelectionOut


class FairnessOut(Out):
    shown: RatesOut
    asked: RatesOut


def selection_out(found: Selection) -> SelectionOut:
    groups = [
        GroupRateOut(
            group=each.group, people=each.seen // 10 * 10, rate=each.rate, impact=each.impact, flagged=each.flagged
        )
        for each in found.groups
    ]
    return SelectionOut(groups=groups, hidden_groups=found.hidden)


class Named(Out):
    """`name` by language."""

    code: str
    name: dict[str, str]


class WorkTerms(Out):
    """What work profiles and vacancies are made of."""

    occupations: list[Named]
    skills: list[Named]
    certificates: list[Named]
    shifts: list[Shift]
    levels: list[str]
