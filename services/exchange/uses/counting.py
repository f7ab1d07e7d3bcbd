"""Counts every look-up, whatever came of it, and stops who goes through the numbers. All processes see one count."""

import json
from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID

import structlog

from app.db.locks import take_turn
from app.db.unit_of_work import Writing
from app.domain.exchange.limits import WINDOW, Limits, alarm_at
from app.domain.exchange.terms import Way
from app.domain.identity.caller import Caller
from app.errors import AppError, NotFound
from services.exchange.errors import LookUpsStopped, NothingHeld, ReasonMissing
from services.exchange.sealing import seal_of
from services.exchange.uses import repository
from services.identity.devices import require_signed_in

LIMITS = Limits()
REQUEST = "request"
_SHORTEST_REASON = 10
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an officer asks: in their words, and in which case."""

    text: str | None
    case: str | None

    @property
    def stated(self) -> bool:
        return len((self.text or "").strip()) >= _SHORTEST_REASON and bool((self.case or "").strip())


@dataclass(frozen=True, slots=True)
class Asking:
    """One thing asked for by an officer; whatever comes of it is written down once. Where `person_id` says of whom it
    was, the reason ends with them.
    """

    officer: Caller
    way: str
    reason: Reason
    agreement_id: UUID | None

    @property
    def agency_id(self) -> UUID:
        return self.officer.organisation

    async def answered(self, uow: Writing, people: int, number: int | None, person_id: UUID | None = None) -> None:
        outcome = "answered" if people else "nothing"
        await _write(uow, self, outcome, people=people, number=number, person_id=person_id)

    async def nothing(self, uow: Writing, number: int | None, person_id: UUID | None = None) -> NoReturn:
        await _write(uow, self, "nothing", number=number, person_id=person_id)
        raise NothingHeld

    async def refuse(self, uow: Writing, error: AppError) -> NoReturn:
        await _write(uow, self, "refused", code=error.code)
        raise error


async def begin(uow: Writing, officer: Caller, way: str, reason: Reason, agreement_id: UUID | None) -> Asking:
    """What comes before every look: ReasonMissing; LookUpsStopped, which raises the alarm. Look-ups of one account, and
    of one agency, take turns until they are counted.
    """
    asking = Asking(officer, way, reason, agreement_id)
    await require_signed_in(uow, officer)
    await take_turn(uow, "look-ups", int.from_bytes(asking.agency_id.bytes[:8], signed=True))
    stopped = await repository.has_open_alarm(uow, officer.account_id)
    if not stopped:
        made = await repository.made_since(uow, officer.account_id, asking.agency_id, uow.now - WINDOW)
        kind = alarm_at(made, LIMITS)
        if kind is not None:
            await repository.raise_alarm(uow, kind, officer.account_id, asking.agency_id)
            _log.warning("exchange.alarm", kind=kind.value, account=str(officer.account_id))
            stopped = True
    if stopped:
        await asking.refuse(uow, LookUpsStopped())
    if not reason.stated:
        await asking.refuse(uow, ReasonMissing())
    return asking


async def refuse(uow: Writing, caller: Caller, agency_id: UUID, way: str, error: AppError) -> NoReturn:
    """Counts what somebody else than an officer was refused, an operator who is not the second person say."""
    values = {"way": way, "account_id": caller.account_id, "agency_id": agency_id}
    await repository.add(uow, values | {"outcome": "refused", "code": error.code, "people": 0})
    raise error


async def settle_alarm(uow: Writing, operator: Caller, alarm_id: UUID) -> None:
    """The account may look up again, and is counted from now on."""
    await require_signed_in(uow, operator)
    if not await repository.settle_alarm(uow, alarm_id, operator.account_id):
        raise NotFound


async def count_feed(uow: Writing, agency_id: UUID, agreement_id: UUID, number: int, people: int) -> None:
    values = {"way": Way.FEED.value, "account_id": None, "agency_id": agency_id, "agreement_id": agreement_id}
    outcome = "answered" if people else "nothing"
    await repository.add(uow, values | {"number": number, "outcome": outcome, "people": people})


async def _write(
    uow: Writing,
    asking: Asking,
    outcome: str,
    *,
    people: int = 0,
    code: str | None = None,
    number: int | None = None,
    person_id: UUID | None = None,
) -> None:
    # What an officer writes may hold anything: it is sealed, and opened for an auditor.
    said = json.dumps({"reason": asking.reason.text, "case": asking.reason.case})
    values = {
        "way": asking.way,
        "account_id": asking.officer.account_id,
        "agency_id": asking.agency_id,
        "agreement_id": asking.agreement_id,
        "number": number,
        "outcome": outcome,
        "code": code,
        "people": people,
        "reason_sealed": await seal_of(uow, person_id, "exchange_uses", said)
        if asking.reason.text or asking.reason.case
        else None,
    }
    await repository.add(uow, values)
