"""Look-ups and lists at a workstation: what an agreement gives, for a reason that is stated, and nothing more."""

import base64
from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID

from app.db.unit_of_work import Reading, Writing
from app.domain.exchange.refusals import OF_PLACES, WHY, NeverListed
from app.domain.exchange.terms import People, Way
from app.domain.identity.caller import Caller
from app.domain.profiles.documents import DocumentKind
from app.domain.profiles.migrant_id import MigrantIdError, check_migrant_id
from app.errors import AppError, InvalidInput
from app.ports import TamperedError
from services.exchange import repository
from services.exchange.agreements import Held, hold
from services.exchange.content import Content
from services.exchange.errors import ListNeverGiven, OutsideAgreement, TrackingNeverGiven
from services.exchange.passing import about, kept, pass_on
from services.exchange.uses.counting import Asking, Reason, begin
from services.profiles.queries import owner_by_document, person_of_migrant_id

MOST_LISTED = 50
_CURSOR = "exchange_cursor"


@dataclass(frozen=True, slots=True)
class Named:
    """Who is looked up, exactly: by Migrant ID, or by a document as its zone writes it. There is no other search."""

    migrant_id: str | None = None
    kind: DocumentKind | None = None
    issuer: str | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was told, and by which wording of the agreement. `fields` by name."""

    agreement_id: UUID
    version: int
    fields: Content


@dataclass(frozen=True, slots=True)
class Listed:
    """`next`: a cursor for the page after; None on the last."""

    agreement_id: UUID
    version: int
    items: list[Content]
    next: str | None


async def look_up(uow: Writing, officer: Caller, agreement_id: UUID, named: Named, reason: Reason) -> Answer:
    """One person. NothingHeld for whoever is unknown, and whoever may not be told of: the answers are the same.

    ReasonMissing, OutsideAgreement, LookUpsStopped. All of them are counted.
    """
    asking = await begin(uow, officer, Way.SEARCH.value, reason, agreement_id)
    held = await _held(uow, asking, Way.SEARCH)
    person_id = await find(uow, named)
    told = await pass_on(uow, held, person_id) if person_id else None
    if told is None:
        await asking.nothing(uow, held.version.number, person_id)
    await asking.answered(uow, 1, held.version.number, person_id)
    return Answer(agreement_id, held.version.number, told)


async def list_people(
    uow: Writing, officer: Caller, agreement_id: UUID | None, kind: People, cursor: str | None, reason: Reason
) -> Listed:
    """Those whom the agreement is about; an entry in the log of each. OutsideAgreement for other people than its."""
    asking = await begin(uow, officer, Way.LIST.value, reason, agreement_id)
    held = await _held(uow, asking, Way.LIST)
    if held.terms.people is not kind:
        await asking.refuse(uow, OutsideAgreement())
    page, is_more = await batch(uow, held, _opened(uow, cursor) if cursor else None, MOST_LISTED)
    told = [one for person_id in page if (one := await pass_on(uow, held, person_id)) is not None]
    await asking.answered(uow, len(told), held.version.number)
    more = _sealed(uow, page[-1]) if is_more else None
    return Listed(agreement_id or held.agreement_id, held.version.number, told, more)


def _sealed(uow: Reading, last: UUID) -> str:
    """A cursor that tells nothing of whom it is."""
    return base64.urlsafe_b64encode(uow.vault.seal_system(_CURSOR, last.bytes)).decode()


def _opened(uow: Reading, cursor: str) -> UUID:
    try:
        return UUID(bytes=uow.vault.open_system(_CURSOR, base64.urlsafe_b64decode(cursor)))
    except (TamperedError, ValueError):
        raise InvalidInput(field="cursor") from None


async def refuse_list(uow: Writing, officer: Caller, kind: NeverListed, reason: Reason) -> NoReturn:
    """ListNeverGiven or TrackingNeverGiven, with why; counted."""
    asking = await begin(uow, officer, Way.LIST.value, reason, None)
    error: type[AppError] = TrackingNeverGiven if kind in OF_PLACES else ListNeverGiven
    await asking.refuse(uow, error(why=WHY[kind]))


async def batch(uow: Writing, held: Held, after: UUID | None, limit: int) -> tuple[list[UUID], bool]:
    """The next people of whom the agreement is, by id: the order in which they are locked; and whether more follow."""
    found = await repository.covered(uow, about(held), kept(uow), after=after, limit=limit + 1)
    return found[:limit], len(found) > limit


async def find(uow: Reading, named: Named) -> UUID | None:
    """Whose number it is; None for what nobody has, and for what is no number."""
    if named.migrant_id is not None:
        try:
            check_migrant_id(named.migrant_id)
        except MigrantIdError:
            return None
        return await person_of_migrant_id(uow, named.migrant_id)
    if named.kind is None or named.issuer is None or named.number is None:
        return None
    return await owner_by_document(uow, named.kind, named.issuer, named.number)


async def _held(uow: Writing, asking: Asking, way: Way) -> Held:
    named = asking.agreement_id
    held = await hold(uow, named, way, asking.agency_id) if named else None
    if held is None:
        await asking.refuse(uow, OutsideAgreement())
    return held
