"""What a workstation may do, what operators and auditors see of the exchange, and what everybody does."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.exchange.agreements import Agreement, Status, Version, in_force, status_of
from app.domain.exchange.requests import CITATIONS, RequestGround
from app.domain.exchange.terms import AgencyKind, Terms
from app.errors import NotFound
from app.models.exchange import Agency, ExchangeAlarm, ExchangeUse
from services.exchange import repository
from services.exchange.lawful import repository as lawful
from services.exchange.sealing import open_of
from services.exchange.uses import repository as uses
from services.staff.queries import organisation_names


@dataclass(frozen=True, slots=True)
class Allowed:
    """One agreement in force, as its agency sees it."""

    agreement_id: UUID
    version: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class Workstation:
    """`kind` is None for an organisation that the operator has not made an agency yet."""

    agency_id: UUID
    name: dict[str, str]
    kind: AgencyKind | None
    allowed: list[Allowed] = field(default_factory=list)


async def workstation(uow: Reading, agency_id: UUID) -> Workstation:
    """What its agreements allow at this moment, and nothing more."""
    agency = await repository.agency(uow, agency_id)
    name = (await organisation_names(uow, [agency_id])).get(agency_id)
    if name is None:
        raise NotFound
    if agency is None:
        return Workstation(agency_id, name, None)
    found = [(each, in_force(each, uow.now)) for each in await repository.agreements(uow, agency_id)]
    allowed = [Allowed(each.id, version.number, version.terms) for each, version in found if version]
    return Workstation(agency_id, name, AgencyKind(agency.kind), allowed)


@dataclass(frozen=True, slots=True)
class Worded:
    """One version of an agreement, and where it stands."""

    agreement: Agreement
    version: Version
    status: Status


async def agreements(uow: Reading) -> list[Worded]:
    """Every version of every agreement, oldest first."""
    return [
        Worded(each, version, status_of(each, version, uow.now))
        for each in await repository.agreements(uow)
        for version in each.versions
    ]


async def agencies(uow: Reading) -> list[tuple[Agency, dict[str, str]]]:
    found = await repository.agencies(uow)
    names = await organisation_names(uow, [each.organisation_id for each in found])
    return [(each, names[each.organisation_id]) for each in found]


async def alarms(uow: Reading, limit: int) -> Sequence[ExchangeAlarm]:
    """Those that nobody has settled, newest first."""
    return await uses.alarms(uow, limit)


@dataclass(frozen=True, slots=True)
class UseView:
    """`reason` and `case` as the officer wrote them; None once their term is over or their person had all erased."""

    use: ExchangeUse
    reason: str | None
    case: str | None


async def all_uses(uow: Reading, before: tuple[datetime, UUID] | None, limit: int) -> list[UseView]:
    """For an auditor: what was asked for, by which account, why, and what came of it. Not about whom."""
    return [await _opened(uow, use) for use in await uses.uses(uow, before, limit)]


async def _opened(uow: Reading, use: ExchangeUse) -> UseView:
    opened = await open_of(uow, "exchange_uses", use.reason_sealed)
    if opened is None:
        return UseView(use, None, None)
    said: dict[str, Any] = json.loads(opened)
    return UseView(use, said["reason"], said["case"])


@dataclass(frozen=True, slots=True)
class Counted:
    """How often something was asked for in a way and came out so, and of how many people something was told."""

    way: str
    outcome: str
    code: str | None
    times: int
    people: int


@dataclass(frozen=True, slots=True)
class RequestFigure:
    """`hidden`: of the approved those that the person is not told of for a time."""

    ground: RequestGround
    citation: str
    asked: int
    approved: int
    declined: int
    hidden: int


@dataclass(frozen=True, slots=True)
class Figures:
    """For everybody."""

    uses: list[Counted]
    requests: list[RequestFigure]
    alarms_ever: int
    alarms_now: int


async def figures(uow: Reading) -> Figures:
    """Every ground of a request, those that nobody used too."""
    counted = await uses.counted(uow)
    asked = await lawful.counted(uow)
    ever, now = await uses.count_alarms(uow)
    return Figures(
        [Counted(*key, *numbers) for key, numbers in sorted(counted.items(), key=lambda one: str(one[0]))],
        [RequestFigure(ground, CITATIONS[ground], *asked.get(ground.value, (0, 0, 0, 0))) for ground in RequestGround],
        ever,
        now,
    )
