"""Reads of consents: by the person whose they are, and by `doctor`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.audit.purpose import Purpose
from app.domain.consents import consent as rules
from app.domain.consents.consent import Standing
from app.domain.consents.purposes import SCOPES, ConsentPurpose, ScopeKind, Terms
from app.domain.consents.status import LIVE, ConsentStatus
from app.domain.profiles.documents import DocumentKind
from app.domain.profiles.languages import Language
from app.errors import NotFound
from app.models.consents import ConsentEvent
from services.consents import ledger, repository
from services.consents.wording import Shown, shown


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be asked: the text to show, the terms, until when a yes of this moment would hold, and how the answer
    stands so far.
    """

    purpose: ConsentPurpose
    scope: str | None
    shown: Shown
    terms: Terms
    until: datetime
    status: str | None


@dataclass(frozen=True, slots=True)
class ConsentView:
    """One consent as the person sees it. `live`: whether it allows something now; `since`: of its status."""

    event: ConsentEvent
    status: str
    live: bool
    renewable: bool


async def own_consents(uow: Reading, person_id: UUID) -> list[ConsentView]:
    """The newest for each purpose and scope."""
    return [view_of(event, uow.now) for event in await repository.own(uow, person_id, Purpose.OWN_ACCESS)]


async def own_consent(uow: Reading, person_id: UUID, consent_id: UUID) -> ConsentView:
    """NotFound if it is not the person's."""
    return view_of((await own_record(uow, person_id, consent_id))[-1], uow.now)


async def own_record(uow: Reading, person_id: UUID, consent_id: UUID) -> Sequence[ConsentEvent]:
    """All that happened to one consent, oldest first. NotFound if it is not the person's."""
    found = await repository.of_consent(uow, person_id, consent_id, Purpose.OWN_ACCESS)
    if not found:
        raise NotFound
    return found


async def own_history(uow: Reading, person_id: UUID, *, before: int | None, limit: int) -> Sequence[ConsentEvent]:
    """The ledger, newest first; `before` is the `seq` that the page before ended with."""
    return await repository.history(uow, person_id, before, limit, Purpose.OWN_ACCESS)


def view_of(event: ConsentEvent, now: datetime) -> ConsentView:
    """The record as it stands at an instant: what is past its end is over, written down or not."""
    consent = ledger.read(event)
    over = consent.status in LIVE and not consent.live(now)
    status = ConsentStatus.EXPIRED if over else consent.status
    return ConsentView(event, status.value, consent.live(now), rules.renewable(consent, now))


async def offered(uow: Reading, person_id: UUID, language: Language, standing: Standing) -> list[Offered]:
    """All that the person can be asked, in their language; contacts for the vacancies for which somebody asks."""
    own = {(view.event.purpose, view.event.scope): view for view in await own_consents(uow, person_id)}
    found = []
    for purpose in ConsentPurpose:
        if purpose.leaves and not standing.mirrors:
            continue
        for scope in _scopes(purpose, [asked for named, asked in own if named == purpose]):
            view = own.get((purpose.value, scope))
            terms = uow.region.consents.terms[purpose]
            until = rules.term_of(uow.now, terms.months, standing, uow.region.zone)
            text = shown(purpose, scope, language)
            found.append(Offered(purpose, scope, text, terms, until, view.status if view else None))
    return found


def _scopes(purpose: ConsentPurpose, asked: list[str | None]) -> list[str | None]:
    match SCOPES.get(purpose):
        case None:
            return [None]
        case ScopeKind.DOCUMENT_KIND:
            return [kind.value for kind in DocumentKind]
        case ScopeKind.VACANCY:
            return asked


async def consent_faults(uow: Reading) -> list[str]:
    """In words, what of the consents' states is not what their ledger comes to; nothing when all is."""
    return await repository.faults(uow)
