"""Lawful requests: entered by one operator, passed by another, answered to the agency for some days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import structlog

from app.db.locks import lock_person
from app.db.unit_of_work import Reading, Writing
from app.domain.audit import hiding
from app.domain.audit.hiding import HidingGround, Order
from app.domain.audit.purpose import Purpose
from app.domain.exchange import requests as rules
from app.domain.exchange.requests import CITATIONS, Asked, RequestGround, RequestStatus
from app.domain.exchange.terms import Datum
from app.domain.identity.caller import Caller
from app.domain.profiles.migrant_id import MigrantIdError, check_migrant_id
from app.errors import InvalidInput, NotFound
from app.models.exchange import LawfulRequest
from services.audit.access import account_as
from services.audit.commands import OURS, Transfer, hide_uses
from services.exchange import content
from services.exchange import repository as agencies
from services.exchange.agreements import name_of
from services.exchange.content import Content
from services.exchange.errors import AlreadyDecided, SubjectDiffers
from services.exchange.lawful import repository
from services.exchange.passing import kept
from services.exchange.uses.counting import REQUEST, Reason, begin, refuse
from services.identity.devices import require_signed_in
from services.profiles.queries import person_of_migrant_id
from services.staff.deputies import may_be_second
from services.staff.errors import SecondPersonNeeded

PURPOSE = "lawful_request"
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Hide:
    """On which ground, and until when, the person is not told."""

    ground: HidingGround
    until: datetime


async def ask(
    uow: Writing, operator: Caller, agency_id: UUID, migrant_id: str, asked: Asked, hide: Hide | None
) -> UUID:
    """Enters what an authority asks for. Nothing is answered yet, and whether there is such a person is not said.

    NotFound for an agency that there is not; InvalidInput names what cannot be.
    """
    await require_signed_in(uow, operator)
    if await agencies.agency(uow, agency_id) is None:
        raise NotFound
    try:
        subject = check_migrant_id(migrant_id)
    except MigrantIdError:
        raise InvalidInput(field="migrant_id") from None
    if wrong := rules.faults(asked, uow.region.day_of(uow.now)):
        raise InvalidInput(field=wrong[0])
    if hide and hiding.faults(_order(hide, "", uow.now), uow.now):
        raise InvalidInput(field="hide")
    request_id = uuid4()
    values: dict[str, Any] = {
        "id": request_id,
        "agency_id": agency_id,
        "ground": asked.ground,
        "case_number": asked.case_number,
        "categories": sorted(asked.categories),
        "first_day": asked.first,
        "last_day": asked.last,
        "hide_ground": hide.ground.value if hide else None,
        "hide_until": hide.until if hide else None,
        "asked_by": operator.account_id,
    }
    await repository.add(uow, values, subject, await person_of_migrant_id(uow, subject))
    return request_id


async def approve(uow: Writing, operator: Caller, request_id: UUID, migrant_id: str) -> None:
    """SecondPersonNeeded for who asked and who stands in for them, which is counted; AlreadyDecided; NotFound.

    `migrant_id`: whom the papers name that lie before who approves. SubjectDiffers, counted too, if it was entered for
    another: what they pass is what they read. From here on the agency can have the answer, and what is to be hidden is
    hidden.
    """
    request = await _waiting(uow, operator, request_id)
    if not await may_be_second(uow, request.asked_by, request.asked_at, operator.account_id):
        await refuse(uow, operator, request.agency_id, REQUEST, SecondPersonNeeded())
    subject = await repository.subject_of(uow, request)
    if subject is None or not is_of(migrant_id, subject):
        await refuse(uow, operator, request.agency_id, REQUEST, SubjectDiffers())
    request.approved_by, request.approved_at = operator.account_id, uow.now
    await uow.session.flush()
    if request.hide_ground is not None and request.hide_until is not None and request.hide_until > uow.now:
        person_id = await person_of_migrant_id(uow, subject)
        if person_id is not None:
            await lock_person(uow, person_id, gone_too=True)
            hide = Hide(HidingGround(request.hide_ground), request.hide_until)
            order = _order(hide, await name_of(uow, request.agency_id), uow.now)
            await hide_uses(uow, operator, person_id, order)
    _log.info("exchange.request_approved", request=str(request_id))


def is_of(written: str, subject: str) -> bool:
    """Whether somebody wrote that Migrant ID, however they did."""
    try:
        return check_migrant_id(written) == subject
    except MigrantIdError:
        return False


async def decline(uow: Writing, operator: Caller, request_id: UUID) -> None:
    """One person is enough to say no. AlreadyDecided, NotFound."""
    request = await _waiting(uow, operator, request_id)
    request.declined_by, request.declined_at = operator.account_id, uow.now
    await uow.session.flush()


@dataclass(frozen=True, slots=True)
class Answered:
    request_id: UUID
    case_number: str
    expires_at: datetime
    fields: Content


async def answer(uow: Writing, officer: Caller, agency_id: UUID, request_id: UUID) -> Answered:
    """The least that answers it, read anew each time, with an entry in the person's log each time.

    NotFound unless it is that agency's and was approved; AlreadyDecided once its time is over; NothingHeld.
    """
    request = await repository.of_agency(uow, request_id, agency_id)
    if request is None or request.approved_at is None:
        raise NotFound
    if status(request, uow.now) is not RequestStatus.APPROVED:
        raise AlreadyDecided
    ground = RequestGround(request.ground)
    reason = Reason(f"lawful request: {ground}", request.case_number)
    asking = await begin(uow, officer, REQUEST, reason, None)
    asked = asked_of(request)
    subject = await repository.subject_of(uow, request)
    person_id = await person_of_migrant_id(uow, subject) if subject else None
    if person_id is None:
        await asking.nothing(uow, None)
    await lock_person(uow, person_id, gone_too=True)
    if not await agencies.may_be_told_of(uow, person_id, kept(uow)):
        await asking.nothing(uow, None, person_id)
    transfer = Transfer(person_id, PURPOSE, CITATIONS[ground], await name_of(uow, agency_id), OURS)
    await account_as(uow, transfer, Purpose.AGENCY)
    told = await content.read(uow, person_id, asked.categories, None, asked)
    await asking.answered(uow, 1, None, person_id)
    return Answered(request_id, request.case_number, request.approved_at + rules.ANSWER_LIVES, told)


def asked_of(request: LawfulRequest) -> Asked:
    return Asked(
        RequestGround(request.ground),
        request.case_number,
        frozenset(map(Datum, request.categories)),
        request.first_day,
        request.last_day,
    )


def status(request: LawfulRequest, now: datetime) -> RequestStatus:
    return rules.status_of(request.asked_at, request.approved_at, request.declined_at, now)


def _order(hide: Hide, receiver: str, now: datetime) -> Order:
    return Order(PURPOSE, receiver, hide.ground, now, hide.until)


async def _waiting(uow: Writing, operator: Caller, request_id: UUID) -> LawfulRequest:
    await require_signed_in(uow, operator)
    request = await repository.locked(uow, request_id)
    if request is None:
        raise NotFound
    if status(request, uow.now) is not RequestStatus.WAITING:
        raise AlreadyDecided
    return request


async def approved_for(uow: Reading, agency_id: UUID) -> list[LawfulRequest]:
    """What an agency can have the answer of now, the newest first."""
    return list(await repository.approved_of(uow, agency_id, uow.now - rules.ANSWER_LIVES))


async def page(uow: Reading, before: tuple[datetime, UUID] | None, limit: int) -> Sequence[LawfulRequest]:
    """All, newest first; `before` is the (instant, id) that the page before ended with."""
    return await repository.page(uow, before, limit)
