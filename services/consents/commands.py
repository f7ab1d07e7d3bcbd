"""Giving, refusing, renewing and withdrawing consents. Each locks the person first, then their ledger and its state."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from app.db.locks import lock_person
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.consents import consent as rules
from app.domain.consents.consent import Consent, Expression, Reason, Standing
from app.domain.consents.purposes import ConsentPurpose, ScopeError, check_scope
from app.domain.consents.status import LIVE, ConsentStatus
from app.domain.identity.caller import Caller, Role
from app.domain.profiles.languages import Language
from app.errors import InvalidInput, NotFound
from app.models.consents import ConsentEvent
from services.consents import ledger, repository
from services.consents.errors import (
    ConsentGiven,
    ConsentOver,
    MirrorNotOffered,
    NoticeChanged,
    TooSoonToRenew,
    WardOfAge,
)
from services.consents.ledger import Said
from services.consents.wording import Shown, shown


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answers: to which purpose and scope, and what they were shown. `sha256`: 32 bytes of the text."""

    purpose: ConsentPurpose
    scope: str | None
    language: Language
    sha256: bytes


async def give(uow: Writing, caller: Caller, answer: Answer, standing: Standing) -> UUID:
    """Gives the consent, and returns its id. Given already, it is left as it is; on other terms, it is made anew.

    NoticeChanged when what was shown is not the text as it is now; MirrorNotOffered, WardOfAge; InvalidInput.
    """
    scope, told = await _begin(uow, caller, answer, standing)
    before = await _settled(uow, caller.person, answer.purpose, scope)
    now, said = uow.now, Said(caller, uow.now)
    if before is not None and before.status in LIVE:
        if told.notice.same_terms(ledger.read(before).notice):
            return before.consent_id
        await _end(uow, before, ConsentStatus.REVOKED, Said(None, now, ledger.SYSTEM, Reason.NEW_TERMS))
    consent_id, asked = await _asked(uow, caller.person, before, scope, told, answer.purpose, said)
    expression = _expression(caller)
    until = _term(uow, answer.purpose, standing)
    yes = rules.given(asked, told.notice, expression, now, until)
    await ledger.append(uow, caller.person, consent_id, yes, said)
    return consent_id


async def refuse(uow: Writing, caller: Caller, answer: Answer, standing: Standing) -> UUID:
    """Says no. ConsentGiven when it was given: then it is withdrawn, which is another thing. Errors as above."""
    scope, told = await _begin(uow, caller, answer, standing)
    before = await _settled(uow, caller.person, answer.purpose, scope)
    if before is not None and before.status in LIVE:
        raise ConsentGiven(consent_id=str(before.consent_id))
    said = Said(caller, uow.now)
    consent_id, asked = await _asked(uow, caller.person, before, scope, told, answer.purpose, said)
    await ledger.append(uow, caller.person, consent_id, rules.ended(asked, ConsentStatus.REFUSED, uow.now), said)
    return consent_id


async def ask(uow: Writing, person_id: UUID, purpose: ConsentPurpose, scope: str | None, language: Language) -> UUID:
    """For a feature above that wants a consent: it waits for an answer for thirty days. The id of one that is open or
    given already. InvalidInput for a scope that the purpose does not have.
    """
    scope = _scope(purpose, scope)
    await lock_person(uow, person_id)
    before = await _settled(uow, person_id, purpose, scope)
    if before is not None and before.status in {*LIVE, ConsentStatus.REQUESTED}:
        return before.consent_id
    told = shown(purpose, scope, language)
    await repository.keep_notice(uow, told.notice.sha256, language.value, told.text)
    said = Said(None, uow.now, ledger.SYSTEM)
    consent_id, _ = await _asked(uow, person_id, None, scope, told, purpose, said)
    return consent_id


async def take_back(uow: Writing, person_id: UUID, purpose: ConsentPurpose, scope: str | None) -> None:
    """For a feature above that does not want it any more, of a locked person: a request that waits is over."""
    for event in await repository.newest(uow, person_id, purpose.value):
        if event.scope == _scope(purpose, scope) and event.status == ConsentStatus.REQUESTED:
            await end(uow, event, Reason.TAKEN_BACK)


async def renew(
    uow: Writing, caller: Caller, consent_id: UUID, language: Language, sha256: bytes, standing: Standing
) -> None:
    """Gives the same consent for another term, near its end. ConsentOver, TooSoonToRenew; NoticeChanged also when the
    terms are others now: those are agreed to by giving anew. NotFound for one that is not the caller's.
    """
    await lock_person(uow, caller.person)
    before = await own_event(uow, caller.person, consent_id)
    consent = ledger.read(before)
    if not consent.live(uow.now):
        raise ConsentOver(status=_told_status(consent, uow.now))
    _check_standing(caller, consent.purpose, standing)
    told = shown(consent.purpose, consent.scope, language)
    _check_notice(told, sha256)
    if not told.notice.same_terms(consent.notice):
        raise NoticeChanged(version=told.notice.version, sha256=told.notice.sha256.hex())
    expression = _expression(caller)
    until = _term(uow, consent.purpose, standing)
    if not rules.renewable(consent, uow.now) or until <= consent.expires_at:
        raise TooSoonToRenew(renewable_from=(consent.expires_at - rules.RENEW_FROM).isoformat())
    await repository.keep_notice(uow, sha256, language.value, told.text)
    longer = rules.renewed(consent, told.notice, expression, uow.now, until)
    await ledger.follow(uow, before, longer, Said(caller, uow.now))


async def withdraw(uow: Writing, caller: Caller, consent_id: UUID) -> None:
    """Ends the consent at once. One that was withdrawn, or is over, stays as it is; ConsentOver for one never given."""
    await lock_person(uow, caller.person)
    before = await own_event(uow, caller.person, consent_id)
    consent = ledger.read(before)
    if consent.status in LIVE:
        await _end(uow, before, ConsentStatus.WITHDRAWN, Said(caller, uow.now))
    elif consent.status in {ConsentStatus.REQUESTED, ConsentStatus.REFUSED, ConsentStatus.INVALIDATED}:
        raise ConsentOver(status=consent.status.value)


async def own_event(uow: Reading, person_id: UUID, consent_id: UUID) -> ConsentEvent:
    """The newest link of a consent of the person's. NotFound if it is not theirs."""
    found = await repository.of_consent(uow, person_id, consent_id, Purpose.OWN_ACCESS)
    if not found:
        raise NotFound
    return found[-1]


def _told_status(consent: Consent, now: datetime) -> str:
    return (ConsentStatus.EXPIRED if consent.status in LIVE and now >= consent.expires_at else consent.status).value


def _scope(purpose: ConsentPurpose, scope: str | None) -> str | None:
    try:
        return check_scope(purpose, scope)
    except ScopeError:
        raise InvalidInput(field="scope") from None


def _check_standing(caller: Caller, purpose: ConsentPurpose, standing: Standing) -> None:
    if caller.role is Role.GUARDIAN and standing.minor_until is None:
        raise WardOfAge
    if purpose.leaves and not standing.mirrors:
        raise MirrorNotOffered


def _check_notice(told: Shown, sha256: bytes) -> None:
    if told.notice.sha256 != sha256:
        raise NoticeChanged(version=told.notice.version, sha256=told.notice.sha256.hex())


async def _begin(uow: Writing, caller: Caller, answer: Answer, standing: Standing) -> tuple[str | None, Shown]:
    """What every answer needs: a scope that there is, somebody who may answer, and the text as it is now."""
    scope = _scope(answer.purpose, answer.scope)
    _check_standing(caller, answer.purpose, standing)
    told = shown(answer.purpose, scope, answer.language)
    _check_notice(told, answer.sha256)
    await lock_person(uow, caller.person)
    await repository.keep_notice(uow, answer.sha256, answer.language.value, told.text)
    return scope, told


async def _settled(uow: Writing, person_id: UUID, purpose: ConsentPurpose, scope: str | None) -> ConsentEvent | None:
    """The newest link for the purpose and scope, its time gone by written down; None if that has ended it."""
    found = await repository.newest(uow, person_id, purpose.value)
    before = next((event for event in found if event.scope == scope), None)
    if before is not None and await settle(uow, before):
        return None
    return before


async def settle(uow: Writing, before: ConsentEvent) -> bool:
    """Writes that the time of a consent or of a request is over, if it is; whether it was."""
    consent, now = ledger.read(before), uow.now
    if consent.status not in {*LIVE, ConsentStatus.REQUESTED} or now < consent.expires_at:
        return False
    if consent.status is ConsentStatus.REQUESTED:
        said = Said(None, now, ledger.SYSTEM, Reason.NOT_ANSWERED)
        await _end(uow, before, ConsentStatus.INVALIDATED, said)
    else:
        await _end(uow, before, ConsentStatus.EXPIRED, Said(None, now, ledger.SYSTEM))
    return True


async def end(uow: Writing, before: ConsentEvent, reason: Reason) -> None:
    """Ends a consent that may not stand, or a request for one."""
    consent = ledger.read(before)
    status = ConsentStatus.INVALIDATED if consent.status is ConsentStatus.REQUESTED else ConsentStatus.REVOKED
    await _end(uow, before, status, Said(None, uow.now, ledger.SYSTEM, reason))


async def _end(uow: Writing, before: ConsentEvent, status: ConsentStatus, said: Said) -> None:
    await ledger.follow(uow, before, rules.ended(ledger.read(before), status, uow.now), said)


async def _asked(
    uow: Writing,
    person_id: UUID,
    before: ConsentEvent | None,
    scope: str | None,
    told: Shown,
    purpose: ConsentPurpose,
    said: Said,
) -> tuple[UUID, Consent]:
    """The request that is answered: the one that waits, or a new one."""
    if before is not None and before.status == ConsentStatus.REQUESTED:
        return before.consent_id, ledger.read(before)
    consent_id, asked = uuid4(), rules.requested(purpose, scope, told.notice, uow.now)
    await ledger.append(uow, person_id, consent_id, asked, said, answered=said.caller is not None)
    return consent_id, asked


def _expression(caller: Caller) -> Expression:
    return Expression.GUARDIAN if caller.role is Role.GUARDIAN else Expression.TAP


def _term(uow: Writing, purpose: ConsentPurpose, standing: Standing) -> datetime:
    months = uow.region.consents.terms[purpose].months
    return rules.term_of(uow.now, months, standing, uow.region.zone)
