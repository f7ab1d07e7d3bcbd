"""An employer asks for somebody's contacts; the person says yes or no, or nothing, and the employer sees no more."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.db.locks import lock_person
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.consents.purposes import ConsentPurpose
from app.domain.employers.requests import ANSWER_WITHIN, CardStatus, Seen, answerable, most_waiting, seen
from app.domain.identity.caller import Caller
from app.domain.profiles.languages import Language
from app.domain.profiles.names import NameSource
from app.domain.reminders.kinds import Kind
from app.domain.reminders.planning import Subject
from app.errors import NotFound
from app.models.employers import VacancyCard, VacancyRow
from services.audit.commands import record_change
from services.consents.commands import Answer, ask, take_back
from services.consents.errors import NoConsent
from services.consents.ground import live_among, require_ground
from services.consents.wording import shown
from services.employers import repository
from services.employers.companies import company_of
from services.employers.errors import AskedAlready, ContactNotShown, RequestOver, TooManyWaiting, VacancyClosed
from services.employers.postings import load_posting
from services.employers.vacancies import stands
from services.identity.devices import require_signed_in
from services.identity.queries import number_of_person
from services.profiles import consenting
from services.profiles.queries import email_of, first_language, names_of
from services.reminders.commands import Happened, tell
from services.reminders.commands import take_back as untell

REVEAL, VISIBLE = ConsentPurpose.REVEAL_CONTACTS, ConsentPurpose.VISIBLE_TO_EMPLOYERS


@dataclass(frozen=True, slots=True)
class AskedView:
    """A request as its employer sees it."""

    card_id: UUID
    vacancy_id: UUID
    title: str
    asked_at: datetime
    expires_at: datetime
    state: Seen


@dataclass(frozen=True, slots=True)
class Contact:
    """What a yes shows. `phone` in E.164."""

    name: str | None
    cyrillic_name: str | None
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """A request as the person sees it. `company` by language."""

    card: VacancyCard
    row: VacancyRow
    company: dict[str, str]
    open: bool


async def ask_for_contact(uow: Writing, caller: Caller, card_id: UUID) -> AskedView:
    """Has the person asked, in their language. NotFound for a card that is not the company's, and for somebody who is
    not to be found any more; VacancyClosed, AskedAlready, TooManyWaiting.
    """
    await require_signed_in(uow, caller)
    company = await company_of(uow, caller)
    found = await repository.card_in(uow, company.id, card_id)
    if found is None:
        raise NotFound
    person_id = found.person_id
    await lock_person(uow, person_id)
    row = await repository.vacancy(uow, found.vacancy_id, locked=True)
    if row is None or not stands(uow, row):
        raise VacancyClosed
    try:
        await require_ground(uow, person_id, VISIBLE)
    except NoConsent:
        raise NotFound from None
    card = await repository.own_card(uow, person_id, card_id, Purpose.EMPLOYER_CARD)
    if card is None:
        raise NotFound
    if card.status != CardStatus.SHOWN:
        raise AskedAlready
    posting = load_posting(row.posting)
    if await repository.waiting(uow, row.id) >= (most := most_waiting(posting.openings)):
        raise TooManyWaiting(most=most)
    await ask(uow, person_id, REVEAL, str(row.id), await _language(uow, person_id))
    expires_at = uow.now + ANSWER_WITHIN
    asked = {"asked_at": uow.now, "asked_by": caller.account_id, "expires_at": expires_at}
    await repository.set_card(uow, card, status=CardStatus.ASKED, **asked)
    await record_change(uow, person_id, "contact_asked", vacancy=row.id)
    more = {"company": str(company.id), "vacancy": posting.title}
    what = Happened(Kind.EMPLOYER_REQUEST, Subject.REQUEST, str(card_id), uow.now, until=expires_at, more=more)
    await tell(uow, person_id, what)
    return AskedView(card_id, row.id, posting.title, uow.now, expires_at, Seen.WAITING)


async def _language(uow: Reading, person_id: UUID) -> Language:
    """In which the person is asked. The employer does not learn it."""
    first = await first_language(replace(uow, caller=None), person_id, Purpose.OWN_REMINDERS)
    return Language(first) if first else Language.RUSSIAN


async def accept(uow: Writing, caller: Caller, card_id: UUID, language: Language, sha256: bytes) -> UUID:
    """Yes, to the text whose hash is given: a consent for this vacancy alone; its id. RequestOver, NoticeChanged."""
    card = await _answered(uow, caller, card_id)
    answer = Answer(REVEAL, str(card.vacancy_id), language, sha256)
    consent_id = await consenting.give(uow, caller, answer)
    await _close(uow, card, CardStatus.ACCEPTED)
    return consent_id


async def decline(uow: Writing, caller: Caller, card_id: UUID, language: Language) -> None:
    """No. The employer is shown the same as if nothing had been said. RequestOver; ConsentGiven after a yes."""
    card = await _answered(uow, caller, card_id)
    scope = str(card.vacancy_id)
    answer = Answer(REVEAL, scope, language, shown(REVEAL, scope, language).notice.sha256)
    await consenting.refuse(uow, caller, answer)
    await _close(uow, card, CardStatus.DECLINED)


async def _answered(uow: Writing, caller: Caller, card_id: UUID) -> VacancyCard:
    await lock_person(uow, caller.person)
    card = await repository.own_card(uow, caller.person, card_id, Purpose.OWN_ACCESS)
    if card is None or card.asked_at is None:
        raise NotFound
    row = await repository.vacancy(uow, card.vacancy_id)
    if row is None or not stands(uow, row) or not answerable(CardStatus(card.status), card.expires_at, uow.now):
        raise RequestOver
    return card


async def _close(uow: Writing, card: VacancyCard, status: CardStatus) -> None:
    await repository.set_card(uow, card, status=status, answered_at=uow.now)
    await untell(uow, card.person_id, Subject.REQUEST, str(card.id), [Kind.EMPLOYER_REQUEST])


async def end(uow: Writing, card: VacancyCard) -> None:
    """Of a locked person: a request that waits is over, and what it asked for is not asked any more."""
    await take_back(uow, card.person_id, REVEAL, str(card.vacancy_id))
    await repository.set_card(uow, card, status=CardStatus.ENDED)
    await untell(uow, card.person_id, Subject.REQUEST, str(card.id), [Kind.EMPLOYER_REQUEST])


async def said_elsewhere(uow: Writing, person_id: UUID, vacancy_id: UUID, *, yes: bool) -> None:
    """The person answered the consent itself, where all of theirs stand: the request is answered by that."""
    await lock_person(uow, person_id, gone_too=True)
    for card in await repository.open_cards(uow, person_id=person_id, vacancy_id=vacancy_id):
        await _close(uow, card, CardStatus.ACCEPTED if yes else CardStatus.DECLINED)


async def own_requests(uow: Reading, person_id: UUID) -> list[OwnRequest]:
    """Newest first."""
    found = await repository.asked_cards(uow, person_id, Purpose.OWN_ACCESS)
    names = await repository.company_names(uow, {row.company_id for _, row in found})
    return [
        OwnRequest(
            card,
            row,
            names[row.company_id],
            stands(uow, row) and answerable(CardStatus(card.status), card.expires_at, uow.now),
        )
        for card, row in found
    ]


async def own_request(uow: Reading, person_id: UUID, card_id: UUID) -> OwnRequest:
    """NotFound if it is not theirs."""
    for one in await own_requests(uow, person_id):
        if one.card.id == card_id:
            return one
    raise NotFound


async def requests_of(uow: Reading, caller: Caller, before: datetime | None, limit: int) -> list[AskedView]:
    """The company's requests, newest first. A yes that was taken back is one that nobody gave."""
    company = await company_of(uow, caller)
    found = await repository.asked_of(uow, company.id, before, limit)
    allowed = await live_among(uow, {card.person_id for card, _ in found}, [REVEAL])
    revealed = {(consent.person_id, consent.scope) for consent in allowed}
    return [
        AskedView(
            card.id,
            card.vacancy_id,
            title,
            card.asked_at,
            card.expires_at,
            seen(
                CardStatus(card.status),
                card.expires_at,
                uow.now,
                revealed=(card.person_id, str(card.vacancy_id)) in revealed,
            ),
        )
        for card, title in found
        if card.asked_at is not None and card.expires_at is not None
    ]


async def contact(uow: Writing, caller: Caller, card_id: UUID) -> Contact:
    """Whom the employer may write to, while the person's yes for this vacancy lives; their log tells of the look.
    ContactNotShown otherwise, for whatever reason.
    """
    company = await company_of(uow, caller)
    card = await repository.card_in(uow, company.id, card_id)
    if card is None:
        raise NotFound
    row = await repository.vacancy(uow, card.vacancy_id)
    if row is None or row.closed_at is not None or card.asked_at is None:
        raise ContactNotShown
    try:
        await require_ground(uow, card.person_id, REVEAL, str(card.vacancy_id))
    except NoConsent:
        raise ContactNotShown from None
    purpose = Purpose.EMPLOYER_CONTACT
    names = await names_of(uow, card.person_id, purpose)
    written = {source: " ".join(view.name.parts) for source, view in names.items()}
    return Contact(
        name=written.get(NameSource.PRINTED) or written.get(NameSource.ZONE),
        cyrillic_name=written.get(NameSource.CYRILLIC),
        phone=await number_of_person(uow, card.person_id, purpose),
        email=await email_of(uow, card.person_id, purpose),
    )
