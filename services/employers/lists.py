"""An employer's list for a vacancy, and a person's list of vacancies: ranked by the same rules, each part shown."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from app.db.bulk import gather_within
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.consents.purposes import ConsentPurpose
from app.domain.employers.lists import CONSIDERED, arranged
from app.domain.employers.requests import Seen, seen
from app.domain.employers.vacancies import Posting
from app.domain.identity.caller import Caller
from app.domain.matching.scoring import explained
from app.domain.matching.terms import Match, Vacancy, Worker
from app.models.employers import VacancyRow
from services.audit.access import account_for_all, told_part
from services.consents.ground import allowing_part, live_among
from services.employers import parts, repository
from services.employers.errors import VacancyClosed
from services.employers.pool import Pool, pool_here, read_whole, up_to_date
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
    if (pool := pool_here(uow)) is None:
        pool = await read_whole(uow)
        row = await own_vacancy(uow, caller, vacancy_id)
    if not stands(uow, row):
        raise VacancyClosed
    vacancy = load_posting(row.posting).asked(row.id)
    built = await up_to_date(uow, pool)
    ranked = built.ordered.best(vacancy, CONSIDERED)
    ordered = arranged(ranked, row.id, built.suggested)[: limit + _SPARE]
    allowing = allowing_part(uow, ordered, ConsentPurpose.VISIBLE_TO_EMPLOYERS)
    told, carded = told_part(uow, ordered, Purpose.EMPLOYER_CARD), parts.cards_part(row.id, ordered)
    found = await gather_within(uow, allowing, told, carded)
    allowed, cards = found[allowing], found[carded]
    shown = list(islice(_shown(pool, vacancy, [one for one in ordered if one in allowed], cards), limit))
    people = [worker.id for worker, _ in shown]
    await account_for_all(uow, people, Purpose.EMPLOYER_CARD, found[told])
    ids, states = await _states(uow, row.id, people, cards)
    here = built.suggested.here.get(row.id, frozenset())
    return [
        Candidate(ids[worker.id], worker, match, worker.id in here, states.get(worker.id)) for worker, match in shown
    ]


def _shown(
    pool: Pool, vacancy: Vacancy, people: Iterable[UUID], cards: Mapping[UUID, parts.Card]
) -> Iterator[tuple[Worker, Match]]:
    """Those of the people who are what they were ranked as, with how they fit."""
    for one in people:
        if one in cards and pool.stamps.get(one) == cards[one].stamp:
            worker = pool.workers[one]
            if (match := explained(vacancy, worker)) is not None:
                yield worker, match


async def _states(
    uow: Writing, vacancy_id: UUID, people: Sequence[UUID], cards: Mapping[UUID, parts.Card]
) -> tuple[dict[UUID, UUID], dict[UUID, Seen]]:
    """The ids of the people's cards, made where there are none; and how it stands with those who were asked."""
    ids = {one: card_id for one in people if (card_id := cards[one].id) is not None}
    if missing := [one for one in people if one not in ids]:
        ids |= await repository.add_cards(uow, vacancy_id, sorted(missing), Purpose.EMPLOYER_CARD)
    asked = {one: (cards[one].status, expires) for one in people if (expires := cards[one].expires_at) is not None}
    revealing = await _revealing(uow, asked, vacancy_id)
    states = {
        one: seen(status, expires, uow.now, revealed=one in revealing) for one, (status, expires) in asked.items()
    }
    return ids, states


async def _revealing(uow: Reading, people: Collection[UUID], vacancy_id: UUID) -> set[UUID]:
    found = await live_among(uow, people, [ConsentPurpose.REVEAL_CONTACTS]) if people else []
    return {consent.person_id for consent in found if consent.scope == str(vacancy_id)}


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
