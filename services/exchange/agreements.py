"""Agreements: proposed by one operator, passed by another, changed by another version, ended at once.

Whoever changes one takes its turn, and whoever uses it shares the turn until the use commits: a change waits for the
uses under way, and what comes after it finds it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import structlog

from app.db.locks import share_turn, take_turn
from app.db.unit_of_work import Reading, Writing
from app.domain.exchange import terms as rules
from app.domain.exchange.agreements import Agreement, Version, in_force
from app.domain.exchange.terms import AgencyKind, Terms, Way
from app.domain.identity.caller import Caller
from app.errors import InvalidInput, NotFound
from app.models.exchange import Agency
from services.exchange import repository
from services.exchange.errors import AlreadyDecided
from services.exchange.feeds import repository as feeds
from services.identity.devices import require_signed_in
from services.points.queries import point
from services.staff.deputies import may_be_second
from services.staff.errors import SecondPersonNeeded
from services.staff.queries import organisation_names

_TURN = "agreement"
_log = structlog.get_logger()


async def put_agency(
    uow: Writing, caller: Caller, organisation_id: UUID, kind: AgencyKind, system: str, points: tuple[UUID, ...]
) -> None:
    """What kind of agency it is, which points are its own, and how its system is called. NotFound for what is none."""
    await require_signed_in(uow, caller)
    if organisation_id not in await organisation_names(uow, [organisation_id], kind="agency"):
        raise NotFound
    for point_id in points:
        await point(uow, point_id)
    await repository.put_agency(uow, organisation_id, kind.value, system, points)


async def propose(uow: Writing, caller: Caller, agency_id: UUID, terms: Terms) -> UUID:
    """A new agreement's first version. It allows nothing yet. InvalidInput names the first term that cannot be."""
    await require_signed_in(uow, caller)
    await _check(uow, agency_id, terms)
    agreement_id = uuid4()
    await repository.add_agreement(uow, agreement_id, agency_id)
    await repository.add_version(uow, agreement_id, 1, terms, caller.account_id)
    return agreement_id


async def add_agency(uow: Writing, agency_id: UUID, kind: AgencyKind, system: str, points: Sequence[UUID]) -> None:
    """For demonstrations. Safe to repeat."""
    await repository.put_agency(uow, agency_id, kind.value, system, points)


async def add_agreed(
    uow: Writing, agreement_id: UUID, agency_id: UUID, terms: Terms, first: UUID, second: UUID
) -> None:
    """For demonstrations: what two operators have made. Safe to repeat."""
    if await repository.agreement(uow, agreement_id):
        return
    await _check(uow, agency_id, terms)
    await repository.add_agreement(uow, agreement_id, agency_id)
    await repository.add_version(uow, agreement_id, 1, terms, first)
    await _pass(uow, agreement_id, 1, terms, second)


async def change(uow: Writing, caller: Caller, agreement_id: UUID, terms: Terms) -> int:
    """Another version, which takes the place of the one before when it is approved and its time comes; its number.

    AlreadyDecided for an agreement that was revoked.
    """
    found = await _taken(uow, caller, agreement_id)
    if found.revoked_at is not None:
        raise AlreadyDecided
    await _check(uow, found.agency_id, terms)
    number = len(found.versions) + 1
    await repository.add_version(uow, agreement_id, number, terms, caller.account_id)
    return number


async def approve(uow: Writing, caller: Caller, agreement_id: UUID, number: int) -> None:
    """SecondPersonNeeded for who proposed it and who stands in for them; AlreadyDecided when it was."""
    found = await _taken(uow, caller, agreement_id)
    version = next((each for each in found.versions if each.number == number), None)
    if version is None:
        raise NotFound
    if version.approved_at is not None or found.revoked_at is not None or version.terms.valid_to <= uow.now:
        raise AlreadyDecided
    if not await may_be_second(uow, version.proposed_by, version.proposed_at, caller.account_id):
        raise SecondPersonNeeded
    await _pass(uow, agreement_id, number, version.terms, caller.account_id)
    _log.info("exchange.approved", agreement=str(agreement_id), number=number)


async def _pass(uow: Writing, agreement_id: UUID, number: int, terms: Terms, second: UUID) -> None:
    await repository.approve(uow, agreement_id, number, second)
    if Way.FEED in terms.ways:
        await feeds.begin(uow, agreement_id, max(uow.now, terms.valid_from))


async def revoke(uow: Writing, caller: Caller, agreement_id: UUID) -> None:
    """Ends it at once; one person is enough for that. AlreadyDecided when it was."""
    await _taken(uow, caller, agreement_id)
    if not await repository.revoke(uow, agreement_id, caller.account_id):
        raise AlreadyDecided
    _log.info("exchange.revoked", agreement=str(agreement_id))


@dataclass(frozen=True, slots=True)
class Held:
    """An agreement in force, which stays so until this transaction is over."""

    agreement_id: UUID
    agency: Agency
    name: str
    version: Version

    @property
    def terms(self) -> Terms:
        return self.version.terms


async def hold(uow: Writing, agreement_id: UUID, way: Way, agency_id: UUID | None = None) -> Held | None:
    """The agreement, if it allows that way now, to that agency; None if it does not."""
    await share_turn(uow, _TURN, _key(agreement_id))
    found = await repository.agreement(uow, agreement_id)
    if found is None or (agency_id is not None and found.agency_id != agency_id):
        return None
    version = in_force(found, uow.now)
    if version is None or way not in version.terms.ways:
        return None
    agency = await repository.agency(uow, found.agency_id)
    assert agency is not None  # noqa: S101 — a foreign key says so
    return Held(agreement_id, agency, await name_of(uow, found.agency_id), version)


async def name_of(uow: Reading, agency_id: UUID) -> str:
    """As logs call it."""
    return (await organisation_names(uow, [agency_id]))[agency_id]["en"]


async def _taken(uow: Writing, caller: Caller, agreement_id: UUID) -> Agreement:
    await require_signed_in(uow, caller)
    await take_turn(uow, _TURN, _key(agreement_id))
    found = await repository.agreement(uow, agreement_id)
    if found is None:
        raise NotFound
    return found


async def _check(uow: Reading, agency_id: UUID, terms: Terms) -> None:
    agency = await repository.agency(uow, agency_id)
    if agency is None:
        raise NotFound
    if wrong := rules.faults(terms, AgencyKind(agency.kind), uow.now):
        raise InvalidInput(field=wrong[0])


def _key(agreement_id: UUID) -> int:
    return int.from_bytes(agreement_id.bytes[:8], signed=True)
