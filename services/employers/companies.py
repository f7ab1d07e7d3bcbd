"""Companies apply, and the region's operator lets them in, turns them away, or stops them for a while."""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from stdnum.exceptions import ValidationError
from stdnum.ru import inn as ru_inn

from app.db.unit_of_work import Reading, Writing
from app.domain.employers.companies import CompanyNumberKind, CompanyStatus, check_bin, may_become
from app.domain.identity.caller import Caller
from app.domain.profiles.numbers import NumberError
from app.errors import InvalidInput, NotFound, TooManyRequests
from app.models.employers import Company
from services.employers import repository
from services.employers.errors import CompanyDecided, CompanyKnown, CompanyNotApproved
from services.identity.codes import count_by_account
from services.identity.devices import require_signed_in
from services.identity.phones import e164
from services.staff.commands import put_organisation

MOST_A_DAY = 20
"""Applications from one network address."""
_FIELD = "companies.contact"


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom the operator writes to. `phone` in E.164."""

    name: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Application:
    """`name` by language."""

    kind: CompanyNumberKind
    number: str
    name: dict[str, str]
    contact: Contact


@dataclass(frozen=True, slots=True)
class CompanyView:
    company: Company
    contact: Contact


def checked_number(kind: CompanyNumberKind, text: str) -> str:
    """The digits. InvalidInput for a number of another length, or whose check digits do not match."""
    try:
        # python-stdnum knows no number of Kazakhstan.
        return check_bin(text) if kind is CompanyNumberKind.BIN else str(ru_inn.validate(text))
    except (ValidationError, NumberError):
        raise InvalidInput(field="number") from None


async def apply(uow: Writing, told: Application, address: str) -> UUID:
    """Asks to be let in; the company's id. CompanyKnown, unless it was refused before; InvalidPhone."""
    tally = await count_by_account(uow, "company-applications", address.encode())
    if tally.count > MOST_A_DAY:
        raise TooManyRequests(retry_after=max(1, round((tally.until - uow.now) / timedelta(seconds=1))))
    return await _add(uow, uuid4(), told)


async def _add(uow: Writing, company_id: UUID, told: Application) -> UUID:
    number = checked_number(told.kind, told.number)
    contact = Contact(told.contact.name, told.contact.email, e164(told.contact.phone))
    sealed = uow.vault.seal_system(f"{_FIELD}:{company_id}", json.dumps(asdict(contact)).encode())
    values = {"id": company_id, "number_kind": told.kind, "number": number, "name": told.name, "contact_sealed": sealed}
    if not await repository.add_company(uow, values):
        raise CompanyKnown
    return company_id


async def put_approved(uow: Writing, company_id: UUID, told: Application) -> None:
    """For demonstrations: a company that was let in already. Safe to repeat."""
    if await repository.company(uow, company_id) is not None:
        return
    await _add(uow, company_id, told)
    company = await repository.company(uow, company_id, locked=True)
    if company is not None:
        company.status, company.decided_at = CompanyStatus.APPROVED, uow.now
        await uow.session.flush()
    await put_organisation(uow, company_id, "employer", told.name)


async def approve(uow: Writing, caller: Caller, company_id: UUID) -> Company:
    """From now on its staff can be invited, and what they do is done for it."""
    company = await _decided(uow, caller, company_id, CompanyStatus.APPROVED, None)
    await put_organisation(uow, company_id, "employer", company.name)
    return company


async def turn_away(uow: Writing, caller: Caller, company_id: UUID, reason: str) -> Company:
    """Refuses an application, or suspends a company: its staff see nobody from now on. CompanyDecided."""
    company = await repository.company(uow, company_id)
    applied = company is not None and company.status == CompanyStatus.APPLIED
    status = CompanyStatus.REFUSED if applied else CompanyStatus.SUSPENDED
    return await _decided(uow, caller, company_id, status, reason)


async def _decided(
    uow: Writing, caller: Caller, company_id: UUID, status: CompanyStatus, reason: str | None
) -> Company:
    await require_signed_in(uow, caller)
    company = await repository.company(uow, company_id, locked=True)
    if company is None:
        raise NotFound
    if not may_become(CompanyStatus(company.status), status):
        raise CompanyDecided(company_status=company.status)
    company.status, company.reason = status, reason
    company.decided_at, company.decided_by = uow.now, caller.account_id
    await uow.session.flush()
    return company


async def forget_refused(uow: Writing) -> None:
    """Applications that were turned away, with whom they named, by the region's term."""
    await repository.delete_refused(uow, uow.now - uow.region.retention.refused_companies)


async def companies(uow: Reading, status: CompanyStatus | None, after: UUID | None, limit: int) -> list[CompanyView]:
    """By id, for the operator."""
    return [view_of(uow, company) for company in await repository.companies(uow, status, after, limit)]


async def company_of(uow: Reading, caller: Caller) -> Company:
    """The caller's company. CompanyNotApproved also for an organisation that nobody has checked."""
    company = await repository.company(uow, caller.organisation_id) if caller.organisation_id else None
    if company is None or company.status != CompanyStatus.APPROVED:
        raise CompanyNotApproved
    return company


def view_of(uow: Reading, company: Company) -> CompanyView:
    opened = uow.vault.open_system(f"{_FIELD}:{company.id}", company.contact_sealed)
    return CompanyView(company, Contact(**json.loads(opened)))
