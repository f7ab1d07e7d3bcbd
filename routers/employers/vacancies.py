"""An employer's vacancies, whom they are shown for them, and their requests. Names come after a yes only."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from app.domain.employers.companies import CompanyNumberKind
from app.domain.employers.lists import MOST_SHOWN
from app.errors import InvalidInput, NotFound
from routers.deps import Employer, ReadingUow, WritingUow
from routers.employers.cards import CardList, ContactOut, ContactRequestOut, ContactRequestPage, card_out
from routers.employers.postings import JobPosting
from routers.employers.schemas import OwnCompany, VacancyChange, VacancyOut, VacancyPage, vacancy_out
from routers.idempotency import KeepingRoute
from routers.problems import problems
from routers.schemas import Cursor, Limit, cursor_of, id_of, instant_key_of
from services.employers import lists, requests, vacancies
from services.employers.companies import company_of
from services.employers.errors import (
    AskedAlready,
    CompanyNotApproved,
    ContactNotShown,
    TooManyWaiting,
    VacancyChanged,
    VacancyClosed,
    VacancyRefused,
)

router = APIRouter(prefix="/v1/employer", tags=["employers"], route_class=KeepingRoute)


@router.get("/company", responses=problems(CompanyNotApproved))
async def own_company(uow: ReadingUow, caller: Employer) -> OwnCompany:
    """The company that the caller works for."""
    company = await company_of(uow, caller)
    return OwnCompany(
        id=company.id, number_kind=CompanyNumberKind(company.number_kind), number=company.number, name=company.name
    )


@router.post("/vacancies", status_code=status.HTTP_201_CREATED, responses=problems(CompanyNotApproved, InvalidInput))
async def add_vacancy(body: JobPosting, uow: WritingUow, caller: Employer) -> VacancyOut:
    """A draft: nobody sees it, and nobody is found for it, until it is published."""
    return vacancy_out(await vacancies.add(uow, caller, body.told()))


@router.get("/vacancies", responses=problems(CompanyNotApproved, InvalidInput))
async def own_vacancies(uow: ReadingUow, caller: Employer, cursor: Cursor = None, limit: Limit = 50) -> VacancyPage:
    """The company's vacancies, in whatever state."""
    found = await vacancies.own_vacancies(uow, caller, id_of(cursor) if cursor else None, limit + 1)
    page = [vacancy_out(row) for row in found[:limit]]
    return VacancyPage(items=page, next=cursor_of(str(page[-1].id)) if len(found) > limit else None)


@router.get("/vacancies/{vacancy_id}", responses=problems(CompanyNotApproved, NotFound))
async def own_vacancy(vacancy_id: UUID, uow: ReadingUow, caller: Employer) -> VacancyOut:
    """One of the company's."""
    return vacancy_out(await vacancies.own_vacancy(uow, caller, vacancy_id))


@router.put(
    "/vacancies/{vacancy_id}",
    responses=problems(CompanyNotApproved, NotFound, VacancyClosed, VacancyChanged, VacancyRefused, InvalidInput),
)
async def change_vacancy(vacancy_id: UUID, body: VacancyChange, uow: WritingUow, caller: Employer) -> VacancyOut:
    """Other terms. Those of a published one are read like those of one that is to be published."""
    return vacancy_out(await vacancies.change(uow, caller, vacancy_id, body.posting.told(), body.version))


@router.post(
    "/vacancies/{vacancy_id}/publish",
    responses=problems(CompanyNotApproved, NotFound, VacancyClosed, VacancyRefused, InvalidInput),
)
async def publish_vacancy(vacancy_id: UUID, uow: WritingUow, caller: Employer) -> VacancyOut:
    """Publishes it, unless its text discriminates, or it asks for a language without the reason why the work needs it:
    then `reasons` tell of every fault where it stands, in Russian and in English.
    """
    return vacancy_out(await vacancies.publish(uow, caller, vacancy_id))


@router.post("/vacancies/{vacancy_id}/close", responses=problems(CompanyNotApproved, NotFound))
async def close_vacancy(vacancy_id: UUID, uow: WritingUow, caller: Employer) -> VacancyOut:
    """Nobody is found for it any more, and no contacts are shown for it."""
    return vacancy_out(await vacancies.close(uow, caller, vacancy_id))


@router.get(
    "/vacancies/{vacancy_id}/candidates", responses=problems(CompanyNotApproved, NotFound, VacancyClosed, InvalidInput)
)
async def candidates(
    vacancy_id: UUID,
    uow: WritingUow,
    caller: Employer,
    limit: Annotated[int, Query(ge=1, le=MOST_SHOWN)] = 20,
) -> CardList:
    """Who fits it: only people who may do this work by its start, and agree to be found. Each score is explained, each
    look is in the person's log, and no card of another vacancy can be told to be of the same person.
    """
    found = await lists.candidates(uow, caller, vacancy_id, limit)
    today = uow.region.day_of(uow.now)
    return CardList(items=[card_out(one, today) for one in found])


@router.post(
    "/cards/{card_id}/request",
    status_code=status.HTTP_201_CREATED,
    responses=problems(CompanyNotApproved, NotFound, VacancyClosed, AskedAlready, TooManyWaiting),
)
async def ask_for_contact(card_id: UUID, uow: WritingUow, caller: Employer) -> ContactRequestOut:
    """Has the person asked, in their language, whether this employer may have their contacts for this vacancy."""
    return ContactRequestOut.model_validate(await requests.ask_for_contact(uow, caller, card_id))


@router.get("/requests", responses=problems(CompanyNotApproved, InvalidInput))
async def own_contact_requests(
    uow: ReadingUow, caller: Employer, cursor: Cursor = None, limit: Limit = 50
) -> ContactRequestPage:
    """The company's requests, newest first, and how they stand."""
    before = instant_key_of(cursor)[0] if cursor else None
    found = await requests.requests_of(uow, caller, before, limit + 1)
    page = [ContactRequestOut.model_validate(view) for view in found[:limit]]
    last = page[-1] if len(found) > limit else None
    return ContactRequestPage(
        items=page, next=cursor_of(last.asked_at.isoformat(), str(last.card_id)) if last else None
    )


@router.get("/cards/{card_id}/contact", responses=problems(CompanyNotApproved, NotFound, ContactNotShown))
async def contact_of_card(card_id: UUID, uow: WritingUow, caller: Employer) -> ContactOut:
    """Name, phone and e-mail of who said yes for this vacancy, while they stand by it; their log tells of it."""
    return ContactOut.model_validate(await requests.contact(uow, caller, card_id))
