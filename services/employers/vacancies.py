"""Vacancies: written as drafts, read for wording that the law forbids before they are published, closed."""

from uuid import UUID, uuid4

from app.db.unit_of_work import Reading, Writing
from app.domain.employers.vacancies import Posting, VacancyStatus, dates_wrong
from app.domain.identity.caller import Caller
from app.errors import InvalidInput, NotFound
from app.models.employers import VacancyRow
from services.employers import repository
from services.employers.companies import company_of
from services.employers.errors import VacancyChanged, VacancyClosed, VacancyRefused
from services.employers.postings import dump_posting, load_posting
from services.employers.wording import reasons_against
from services.identity.devices import require_signed_in


async def add(uow: Writing, caller: Caller, posting: Posting) -> VacancyRow:
    """A draft, which nobody sees but the company. CompanyNotApproved; InvalidInput for a date that cannot be."""
    await require_signed_in(uow, caller)
    company = await company_of(uow, caller)
    _check_dates(uow, posting)
    values = {"id": uuid4(), "company_id": company.id, "status": VacancyStatus.DRAFT}
    return await repository.add_vacancy(uow, values | _written(posting))


async def change(uow: Writing, caller: Caller, vacancy_id: UUID, posting: Posting, version: int) -> VacancyRow:
    """The terms as they are now, if it is still the `version` that was seen. VacancyRefused for one that is published,
    when it may not stand like this.
    """
    row = await _locked(uow, caller, vacancy_id)
    if row.status == VacancyStatus.CLOSED:
        raise VacancyClosed
    if row.version != version:
        raise VacancyChanged(version=row.version)
    _check_dates(uow, posting)
    if row.status == VacancyStatus.PUBLISHED:
        await _refuse_wording(posting)
    return await repository.set_vacancy(uow, row, version=version + 1, **_written(posting))


async def publish(uow: Writing, caller: Caller, vacancy_id: UUID) -> VacancyRow:
    """VacancyRefused with every reason: wording that discriminates, a language nobody says the need of."""
    row = await _locked(uow, caller, vacancy_id)
    if row.status == VacancyStatus.PUBLISHED:
        return row
    if row.status == VacancyStatus.CLOSED:
        raise VacancyClosed
    posting = load_posting(row.posting)
    _check_dates(uow, posting)
    await _refuse_wording(posting)
    return await repository.set_vacancy(uow, row, status=VacancyStatus.PUBLISHED, published_at=uow.now)


async def close(uow: Writing, caller: Caller, vacancy_id: UUID) -> VacancyRow:
    """Nobody is found for it any more, and no contacts are shown for it."""
    row = await _locked(uow, caller, vacancy_id)
    if row.status == VacancyStatus.CLOSED:
        return row
    return await repository.set_vacancy(uow, row, status=VacancyStatus.CLOSED, closed_at=uow.now)


async def own_vacancy(uow: Reading, caller: Caller, vacancy_id: UUID) -> VacancyRow:
    """NotFound for one of another company."""
    row = await repository.vacancy_of_approved(uow, vacancy_id, caller.organisation_id)
    if row is None:
        await company_of(uow, caller)
        raise NotFound
    return row


async def own_vacancies(uow: Reading, caller: Caller, after: UUID | None, limit: int) -> list[VacancyRow]:
    """By id."""
    company = await company_of(uow, caller)
    return await repository.vacancies_of(uow, company.id, after, limit)


def stands(uow: Reading, row: VacancyRow) -> bool:
    """Whether people may be found for it today."""
    return row.status == VacancyStatus.PUBLISHED and uow.region.day_of(uow.now) <= row.valid_through


async def _locked(uow: Writing, caller: Caller, vacancy_id: UUID) -> VacancyRow:
    await require_signed_in(uow, caller)
    company = await company_of(uow, caller)
    row = await repository.vacancy(uow, vacancy_id, locked=True)
    if row is None or row.company_id != company.id:
        raise NotFound
    return row


def _written(posting: Posting) -> dict[str, object]:
    return {"posting": dump_posting(posting), "valid_through": posting.valid_through}


def _check_dates(uow: Reading, posting: Posting) -> None:
    if wrong := dates_wrong(posting, uow.region.day_of(uow.now)):
        raise InvalidInput(field=wrong)


async def _refuse_wording(posting: Posting) -> None:
    if reasons := await reasons_against(posting):
        raise VacancyRefused(reasons=reasons)
