"""Companies apply without an account; the region's operator decides. What work is made of is open to everybody."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, status

from app.domain.employers.companies import CompanyStatus
from app.domain.employers.skills import CERTIFICATES, SKILLS
from app.domain.matching.occupations import OCCUPATIONS
from app.domain.matching.terms import Level, Shift
from app.errors import InvalidInput, NotFound
from routers.addresses import address_of
from routers.deps import Anyone, Operator, ReadingUow, WritingUow
from routers.employers.schemas import (
    CompanyIn,
    CompanyMade,
    CompanyOut,
    CompanyPage,
    FairnessOut,
    Named,
    RatesOut,
    ReasonIn,
    WorkTerms,
    company_out,
    selection_out,
)
from routers.idempotency import KeepingRoute
from routers.problems import problems
from routers.schemas import Cursor, Limit, cursor_of, id_of
from services.employers import companies
from services.employers.companies import Application, Contact
from services.employers.errors import CompanyDecided, CompanyKnown
from services.employers.fairness import fairness
from services.identity.errors import InvalidPhone

router = APIRouter(prefix="/v1", tags=["employers"], route_class=KeepingRoute)


@router.post(
    "/companies",
    status_code=status.HTTP_201_CREATED,
    dependencies=[Anyone],
    responses=problems(CompanyKnown, InvalidPhone, signed_in=False),
)
async def apply_as_company(body: CompanyIn, request: Request, uow: WritingUow) -> CompanyMade:
    """Asks to be let in as an employer. The region's operator checks who it is, and writes to the contact."""
    told = Application(
        body.number_kind,
        body.number,
        {"ru": body.name_ru, "en": body.name_en},
        Contact(body.contact.name, body.contact.email, body.contact.phone),
    )
    company_id = await companies.apply(uow, told, address_of(request))
    return CompanyMade(id=company_id, status=CompanyStatus.APPLIED)


@router.get("/companies", responses=problems(InvalidInput))
async def list_companies(
    uow: ReadingUow,
    _: Operator,
    standing: Annotated[CompanyStatus | None, Query(alias="status")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CompanyPage:
    """Companies, for who decides on them."""
    found = await companies.companies(uow, standing, id_of(cursor) if cursor else None, limit + 1)
    page = [company_out(view) for view in found[:limit]]
    return CompanyPage(items=page, next=cursor_of(str(page[-1].id)) if len(found) > limit else None)


@router.get("/companies/fairness", responses=problems())
async def selection_rates(uow: ReadingUow, _: Operator) -> FairnessOut:
    """Of those who may be found and may work, how many of each citizenship and sex were shown to an employer, and how
    many were asked. A rate below four fifths of the highest is flagged: a reason to look, not a proof.
    """
    found = await fairness(uow)
    return FairnessOut(
        shown=RatesOut(citizenship=selection_out(found.shown_by_citizenship), sex=selection_out(found.shown_by_sex)),
        asked=RatesOut(citizenship=selection_out(found.asked_by_citizenship), sex=selection_out(found.asked_by_sex)),
    )


@router.post("/companies/{company_id}/approve", responses=problems(NotFound, CompanyDecided))
async def approve_company(company_id: UUID, uow: WritingUow, caller: Operator) -> CompanyOut:
    """Lets it in, or in again. Its staff are invited as all staff are, with `organisation_id` its id."""
    return company_out(companies.view_of(uow, await companies.approve(uow, caller, company_id)))


@router.post("/companies/{company_id}/refuse", responses=problems(NotFound, CompanyDecided))
async def refuse_company(company_id: UUID, body: ReasonIn, uow: WritingUow, caller: Operator) -> CompanyOut:
    """Turns an application away, or suspends a company that was let in: its staff see nobody from now on."""
    return company_out(companies.view_of(uow, await companies.turn_away(uow, caller, company_id, body.reason)))


@router.get("/work-terms", dependencies=[Anyone], responses=problems(signed_in=False))
async def work_terms() -> WorkTerms:
    """Occupations (ISCO-08), skills and certificates by code, with their names."""
    return WorkTerms(
        occupations=[Named(code=o.code, name={"ru": o.russian, "en": o.english}) for o in OCCUPATIONS.values()],
        skills=[Named(code=code, name={"ru": ru, "en": en}) for code, (ru, en) in SKILLS.items()],
        certificates=[Named(code=code, name={"ru": ru, "en": en}) for code, (ru, en) in CERTIFICATES.items()],
        shifts=list(Shift),
        levels=[level.name for level in Level if level],
    )
