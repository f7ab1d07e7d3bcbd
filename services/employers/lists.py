"""An employer's list for a vacancy, and a person's list of vacancies: ranked by the same rules, each part shown."""

from dataclasses import dataclass
from uuid import UUID

from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.consents.purposes import ConsentPurpose
from app.domain.employers.lists import CONSIDERED, arranged
from app.domain.employers.requests import CardStatus, Seen, seen
from app.domain.employers.vacancies import Posting
from app.domain.identity.caller import Caller
from app.domain.matching.scoring import explained
from app.domain.matching.terms import Match, Worker
from app.models.employers import VacancyCard, VacancyRow
from services.audit.access import account_for_all
from services.consents.ground import live_among, who_allows
from services.employers import repository
from services.employers.errors import VacancyClosed
from services.employers.pool import pool_of
from services.employers.postings import load_posting
from services.employers.profiles import own_worker
from services.employers.vacancies import own_vacancy, stands

MOST_VACANCIES = 50
_SPARE = 10
"""So many more are looked at than shown: some may not be found any more."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """`state`: None until they are asked. `suggested`: the assignment over all vacancies suggests them here."""

    card_id: UUID
    worker: Worker
    match: Match
    suggested: bool
    state: Seen | None


@dataclass(frozen=True, slots=True)
class Suited:
    """A vacancy that fits the person. `company` by language."""

    row: VacancyRow
    posting: Posting
    company: dict[str, str]
    match: Match


async def candidates(uow: Writing, caller: Caller, vacancy_id: UUID, limit: int) -> list[Candidate]:
    """Who fits the vacancy, and agrees to be found at this moment; their logs tell of it. VacancyClosed."""
    row = await own_vacancy(uow, caller, vacancy_id)
    if not stands(uow, row):
        raise VacancyClosed
    vacancy = load_posting(row.posting).asked(row.id)
    pool, built = await pool_of(uow)
    best = built.ranking.best(vacancy, CONSIDERED)
    ranked = [built.ranking.columns.ids[place] for place in best.places.tolist()]
    ordered = [one for one in arranged(ranked, row.id, built.suggested) if one in pool.workers][: limit + _SPARE]
    allowing = await who_allows(uow, ordered, ConsentPurpose.VISIBLE_TO_EMPLOYERS)
    matches = {one: explained(vacancy, pool.workers[one]) for one in ordered if one in allowing}
    shown = [one for one in ordered if matches.get(one) is not None][:limit]
    await account_for_all(uow, shown, Purpose.EMPLOYER_CARD)
    cards = await repository.put_cards(uow, row.id, sorted(shown), Purpose.EMPLOYER_CARD)
    asked = [one for one in shown if one in cards and cards[one].asked_at is not None]
    revealing = await _revealing(uow, asked, row.id)
    here = built.suggested.here.get(row.id, frozenset())
    return [
        Candidate(
            cards[one].id,
            pool.workers[one],
            match,
            one in here,
            _state(uow, cards[one], revealed=one in revealing),
        )
        for one in shown
        if one in cards and (match := matches[one]) is not None
    ]


async def _revealing(uow: Reading, people: list[UUID], vacancy_id: UUID) -> set[UUID]:
    found = await live_among(uow, people, [ConsentPurpose.REVEAL_CONTACTS]) if people else []
    return {consent.person_id for consent in found if consent.scope == str(vacancy_id)}


def _state(uow: Reading, card: VacancyCard, *, revealed: bool) -> Seen | None:
    if card.expires_at is None:
        return None
    return seen(CardStatus(card.status), card.expires_at, uow.now, revealed=revealed)


async def matched_vacancies(uow: Reading, person_id: UUID) -> list[Suited]:
    """What fits the person's own work profile, the best first; nothing without one. Nobody else learns of it."""
    worker = await own_worker(uow, person_id)
    if worker is None:
        return []
    found = []
    for row in await repository.published(uow, uow.region.day_of(uow.now)):
        posting = load_posting(row.posting)
        match = explained(posting.asked(row.id), worker)
        if match is not None:
            found.append((match, row, posting))
    best = sorted(found, key=lambda each: (-each[0].score, each[1].id))[:MOST_VACANCIES]
    names = await repository.company_names(uow, {row.company_id for _, row, _ in best})
    return [Suited(row, posting, names[row.company_id], match) for match, row, posting in best]
