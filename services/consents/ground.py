"""The ground of a use: a live consent or a law, checked in the transaction of the use itself.

`require_ground` locks the consent's state until the use commits: a withdrawal waits for it, and a use that comes after
the withdrawal finds it. Ask for the ground first, before the use writes to the person's log: a withdrawal locks in
that order too. A command that decides first reads `ground_part` along, and names the person in its `Changes.people`:
every change of a consent is a link of their log, so the decision is made again if one comes between.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.db.gather import Part
from app.db.unit_of_work import Deciding, Reading, Writing
from app.domain.consents.purposes import ConsentPurpose, Duty, check_scope
from app.domain.consents.status import LIVE
from services.consents import repository
from services.consents.errors import NoConsent


class GroundKind(StrEnum):
    CONSENT = "consent"
    LAW = "law"


@dataclass(frozen=True, slots=True)
class Ground:
    """Why something may be done. `citation` is shown to the person; `consent_id` and its end only for a consent."""

    kind: GroundKind
    purpose: str
    scope: str | None
    citation: str
    consent_id: UUID | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LiveConsent:
    """A consent that allows something now."""

    person_id: UUID
    consent_id: UUID
    purpose: ConsentPurpose
    scope: str | None
    since: datetime
    expires_at: datetime


async def require_ground(
    uow: Writing, person_id: UUID, purpose: ConsentPurpose | Duty, scope: str | None = None
) -> Ground:
    """The ground of what is about to be done, which holds until this transaction is over. NoConsent if there is none.

    `scope`: a document's kind or a vacancy, for purposes that have one; ScopeError for anything else.
    """
    if isinstance(purpose, Duty):
        return lawful(uow, purpose)
    scope = check_scope(purpose, scope)
    found = await repository.lock_ground(uow, person_id, purpose.value, scope)
    if found is None or found.status not in LIVE or found.expires_at <= uow.now:
        raise NoConsent
    return _by_consent(uow, purpose, scope, found.consent_id, found.expires_at)


def allowing_part(uow: Writing, people: Collection[UUID], purpose: ConsentPurpose) -> Part[set[UUID]]:
    """Those of the people whose consent lives, and lives until this transaction is over: `require_ground` of many, to
    be read along with other parts in the transaction.
    """
    return repository.grounds_part(sorted(people), purpose.value, None, uow.now)


def lawful(uow: Reading, duty: Duty) -> Ground:
    """A law that needs no consent, by its name."""
    return Ground(GroundKind.LAW, duty.value, None, uow.region.consents.duties[duty])


GroundPart = Part[tuple[UUID, datetime] | None]


def ground_part(uow: Deciding, person_id: UUID, purpose: ConsentPurpose, scope: str | None = None) -> GroundPart:
    """The same for a command that decides first: to be read along, then given to `ground_of`. One of them a command."""
    return repository.ground_part(person_id, purpose.value, check_scope(purpose, scope), uow.now)


def given_part(
    uow: Reading, person_id: UUID, purpose: ConsentPurpose, scope: str | None = None
) -> Part[datetime | None]:
    """Since when there has been a live consent without a break: when it was given, however often it was renewed since;
    None if there is none. For what is told of the past, behind the person's lock.
    """
    return repository.given_part(person_id, purpose.value, check_scope(purpose, scope), uow.now)


def ground_of(
    uow: Deciding, found: tuple[UUID, datetime] | None, purpose: ConsentPurpose, scope: str | None = None
) -> Ground:
    """NoConsent if nothing was found."""
    if found is None:
        raise NoConsent
    return _by_consent(uow, purpose, check_scope(purpose, scope), *found)


def _by_consent(
    uow: Reading, purpose: ConsentPurpose, scope: str | None, consent_id: UUID, expires_at: datetime
) -> Ground:
    citation = uow.region.consents.terms[purpose].legal_basis
    return Ground(GroundKind.CONSENT, purpose.value, scope, citation, consent_id, expires_at)


async def live_consents(uow: Reading, person_id: UUID) -> list[LiveConsent]:
    """What the person allows now. It locks nothing: for choosing what to do, not for doing it."""
    return await live_among(uow, [person_id])


async def live_among(
    uow: Reading, people: Collection[UUID], purposes: Collection[ConsentPurpose] | None = None
) -> list[LiveConsent]:
    """The same of many."""
    named = None if purposes is None else [purpose.value for purpose in purposes]
    return [
        LiveConsent(
            state.person_id,
            state.consent_id,
            ConsentPurpose(state.purpose),
            state.scope or None,
            state.since,
            state.expires_at,
        )
        for state in (await repository.live(uow, people, named) if people else ())
    ]


def live_part(people: Collection[UUID], purposes: Collection[ConsentPurpose], now: datetime) -> Part[set[UUID]]:
    """The consents to these purposes that live, of many people at once, to be read along. It locks nothing."""
    return repository.live_part(people, [purpose.value for purpose in purposes], now)


LIVES = "consent_lives"
"""The function of the database that says whether a consent allows something at an instant: `(consent, instant)`."""


async def declined(
    uow: Reading, people: Collection[UUID], purposes: Collection[ConsentPurpose]
) -> set[tuple[UUID, ConsentPurpose]]:
    """Who has said no to which of these, or whose yes has ended. Never for anybody's eyes."""
    found = await repository.declined(uow, people, [purpose.value for purpose in purposes]) if people else set()
    return {(person_id, ConsentPurpose(purpose)) for person_id, purpose in found}
