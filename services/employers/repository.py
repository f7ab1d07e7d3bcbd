"""SQL of companies, vacancies, work profiles and cards."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.employers.companies import CompanyStatus
from app.domain.employers.requests import CardStatus
from app.domain.employers.vacancies import VacancyStatus
from app.models.employers import Company, VacancyCard, VacancyRow, WorkProfileRow
from app.models.identity import Person
from services.audit.access import account_for
from services.employers.parts import OLDEST, Stored

_FRESH = {"populate_existing": True}
_STORED = [WorkProfileRow.__table__.c[name] for name in Stored._fields]


async def add_company(uow: Writing, values: Mapping[str, Any]) -> bool:
    """False if one with that number is here already, and was not refused."""
    row = insert(Company).values(status=CompanyStatus.APPLIED, applied_at=uow.now, **values)
    return await uow.session.scalar(row.on_conflict_do_nothing().returning(Company.id)) is not None


async def company(uow: Reading, company_id: UUID, *, locked: bool = False) -> Company | None:
    query = select(Company).where(Company.id == company_id).execution_options(**_FRESH)
    return await uow.session.scalar(query.with_for_update() if locked else query)


async def delete_refused(uow: Writing, until: datetime) -> None:
    """Those that were refused up to then."""
    old = Company.status == CompanyStatus.REFUSED, Company.decided_at <= until
    await uow.session.execute(delete(Company).where(*old))


async def companies(uow: Reading, status: CompanyStatus | None, after: UUID | None, limit: int) -> Sequence[Company]:
    query = select(Company).order_by(Company.id).limit(limit)
    if status is not None:
        query = query.where(Company.status == status)
    if after is not None:
        query = query.where(Company.id > after)
    return (await uow.session.scalars(query)).all()


async def add_vacancy(uow: Writing, values: Mapping[str, Any]) -> VacancyRow:
    row = VacancyRow(version=1, created_at=uow.now, changed_at=uow.now, **values)
    uow.session.add(row)
    await uow.session.flush()
    return row


async def vacancy(uow: Reading, vacancy_id: UUID, *, locked: bool = False) -> VacancyRow | None:
    query = select(VacancyRow).where(VacancyRow.id == vacancy_id).execution_options(**_FRESH)
    return await uow.session.scalar(query.with_for_update(key_share=True) if locked else query)


async def vacancy_of_approved(uow: Reading, vacancy_id: UUID, company_id: UUID | None) -> VacancyRow | None:
    """If it is this company's, which is approved."""
    theirs = VacancyRow.id == vacancy_id, Company.id == company_id, Company.status == CompanyStatus.APPROVED
    query = select(VacancyRow).join(Company, Company.id == VacancyRow.company_id).where(*theirs)
    return await uow.session.scalar(query.execution_options(**_FRESH))


async def vacancies_of(uow: Reading, company_id: UUID, after: UUID | None, limit: int) -> list[VacancyRow]:
    query = select(VacancyRow).where(VacancyRow.company_id == company_id).order_by(VacancyRow.id).limit(limit)
    return list(await uow.session.scalars(query if after is None else query.where(VacancyRow.id > after)))


async def set_vacancy(uow: Writing, row: VacancyRow, **values: Any) -> VacancyRow:
    for name, value in values.items():
        setattr(row, name, value)
    row.changed_at = uow.now
    await uow.session.flush()
    return row


async def published(uow: Reading, today: date) -> list[VacancyRow]:
    """What people may be found for today, by id; of companies that are approved."""
    query = (
        select(VacancyRow)
        .join(Company, Company.id == VacancyRow.company_id)
        .where(
            VacancyRow.status == VacancyStatus.PUBLISHED,
            VacancyRow.valid_through >= today,
            Company.status == CompanyStatus.APPROVED,
        )
    )
    return list(await uow.session.scalars(query.order_by(VacancyRow.id)))


async def company_names(uow: Reading, ids: Collection[UUID]) -> dict[UUID, dict[str, str]]:
    rows = await uow.session.execute(select(Company.id, Company.name).where(Company.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


async def work_profile(uow: Reading, person_id: UUID, purpose: Purpose) -> WorkProfileRow | None:
    await account_for(uow, person_id, purpose)
    query = select(WorkProfileRow).where(WorkProfileRow.person_id == person_id).execution_options(**_FRESH)
    return await uow.session.scalar(query)


async def work_profiles(uow: Reading, people: Collection[UUID], purpose: Purpose) -> Sequence[WorkProfileRow]:
    """Of those of these people who have one."""
    for person_id in people:
        await account_for(uow, person_id, purpose)
    query = select(WorkProfileRow).where(WorkProfileRow.person_id.in_(people)).execution_options(**_FRESH)
    return (await uow.session.scalars(query)).all()


async def put_work_profile(uow: Writing, person_id: UUID, values: Mapping[str, Any]) -> None:
    told = {"changed_at": uow.now, **values}
    row = insert(WorkProfileRow).values(person_id=person_id, **told)
    await uow.session.execute(row.on_conflict_do_update(index_elements=["person_id"], set_=told))


async def delete_work_profile(uow: Writing, person_id: UUID) -> bool:
    gone = delete(WorkProfileRow).where(WorkProfileRow.person_id == person_id).returning(WorkProfileRow.person_id)
    return await uow.session.scalar(gone) is not None


async def set_visible(uow: Writing, person_id: UUID, *, visible: bool) -> None:
    row = update(WorkProfileRow).where(WorkProfileRow.person_id == person_id, WorkProfileRow.visible != visible)
    await uow.session.execute(row.values(visible=visible, changed_at=uow.now))


async def oldest_open(uow: Reading) -> int:
    return int(await uow.session.scalar(text(f"SELECT {OLDEST}")) or 0)


async def pool_after(uow: Reading, after: UUID | None, limit: int, *, all_of_them: bool = False) -> list[Stored]:
    """Work profiles of who may be found, or all, by id. Plain rows: there may be very many."""
    query = select(*_STORED).select_from(WorkProfileRow).order_by(WorkProfileRow.person_id).limit(limit)
    query = query if all_of_them else query.where(WorkProfileRow.visible)
    query = query if after is None else query.where(WorkProfileRow.person_id > after)
    return list(map(Stored._make, await uow.session.execute(query)))


async def pool_of(uow: Reading, people: Collection[UUID]) -> list[Stored]:
    """Work profiles of these people."""
    query = select(*_STORED).select_from(WorkProfileRow).where(WorkProfileRow.person_id.in_(people))
    return list(map(Stored._make, await uow.session.execute(query)))


async def pool_ids(uow: Reading) -> set[UUID]:
    """Whoever may be found."""
    return set(await uow.session.scalars(select(WorkProfileRow.person_id).where(WorkProfileRow.visible)))


async def pool_size(uow: Reading) -> int:
    """How many they are."""
    return await uow.session.scalar(select(func.count()).where(WorkProfileRow.visible)) or 0


async def visible_after(uow: Reading, after: UUID | None, limit: int) -> list[tuple[UUID, int, date]]:
    """Whoever may be found, by id: how long their log was when it was last reckoned for them, and on which day."""
    query = select(WorkProfileRow.person_id, WorkProfileRow.log_seq, WorkProfileRow.reckoned_on)
    query = query.where(WorkProfileRow.visible).order_by(WorkProfileRow.person_id).limit(limit)
    rows = await uow.session.execute(query if after is None else query.where(WorkProfileRow.person_id > after))
    return [(person_id, log_seq, day) for person_id, log_seq, day in rows]


async def set_reckoned(uow: Writing, rows: Sequence[Mapping[str, Any]]) -> None:
    """What was reckoned of people, by the names of the columns. Whose right has not changed is not looked at again."""
    statement = text("""
        UPDATE work_profiles SET log_seq = :log_seq, reckoned_on = :reckoned_on, allowed_from = :allowed_from,
            allowed_until = :allowed_until, sure = :sure, names_work = :names_work,
            changed_at = CASE WHEN (allowed_from, allowed_until, sure, names_work) IS DISTINCT FROM
                (CAST(:allowed_from AS date), CAST(:allowed_until AS date), CAST(:sure AS smallint), :names_work)
                THEN CAST(:now AS timestamptz) ELSE changed_at END
        WHERE person_id = :person_id
    """)
    if rows:
        await uow.session.execute(statement, [{"now": uow.now, **row} for row in rows])


async def add_cards(uow: Writing, vacancy_id: UUID, people: Sequence[UUID], purpose: Purpose) -> dict[UUID, UUID]:
    """Cards of these people for the vacancy, where there were none just now: their ids, by person."""
    for person_id in people:
        await account_for(uow, person_id, purpose)
    new = {"vacancy_id": vacancy_id, "shown_at": uow.now, "status": CardStatus.SHOWN}
    rows = insert(VacancyCard).values([{"id": uuid4(), "person_id": person_id, **new} for person_id in people])
    await uow.session.execute(rows.on_conflict_do_nothing())
    theirs = select(VacancyCard.person_id, VacancyCard.id).where(VacancyCard.vacancy_id == vacancy_id)
    found = await uow.session.execute(theirs.where(VacancyCard.person_id.in_(people)))
    return {row.person_id: row.id for row in found}


async def card_in(uow: Reading, company_id: UUID, card_id: UUID) -> VacancyCard | None:
    """A card of one of the company's vacancies, by its own id."""
    query = select(VacancyCard).join(VacancyRow, VacancyRow.id == VacancyCard.vacancy_id)
    return await uow.session.scalar(query.where(VacancyCard.id == card_id, VacancyRow.company_id == company_id))


async def asked_of(
    uow: Reading, company_id: UUID, before: datetime | None, limit: int
) -> list[tuple[VacancyCard, str]]:
    """The company's requests with the title of what they are for, newest first."""
    title = VacancyRow.posting["title"].astext
    query = select(VacancyCard, title).join(VacancyRow, VacancyRow.id == VacancyCard.vacancy_id)
    query = query.where(VacancyRow.company_id == company_id, VacancyCard.asked_at.is_not(None))
    if before is not None:
        query = query.where(VacancyCard.asked_at < before)
    ordered = query.order_by(VacancyCard.asked_at.desc(), VacancyCard.id).limit(limit)
    return [(card, name) for card, name in await uow.session.execute(ordered)]


async def waiting(uow: Reading, vacancy_id: UUID) -> int:
    """How many of a vacancy's requests wait as the employer sees it: a no that made room for another would be told."""
    asked = VacancyCard.asked_at.is_not(None), VacancyCard.expires_at > uow.now
    open_ones = VacancyCard.vacancy_id == vacancy_id, VacancyCard.status != CardStatus.ACCEPTED, *asked
    return await uow.session.scalar(select(func.count()).select_from(VacancyCard).where(*open_ones)) or 0


async def asked_cards(uow: Reading, person_id: UUID, purpose: Purpose) -> list[tuple[VacancyCard, VacancyRow]]:
    """What employers have asked the person, with the vacancies, newest first."""
    await account_for(uow, person_id, purpose)
    query = select(VacancyCard, VacancyRow).join(VacancyRow, VacancyRow.id == VacancyCard.vacancy_id)
    query = query.where(VacancyCard.person_id == person_id, VacancyCard.asked_at.is_not(None))
    rows = await uow.session.execute(query.order_by(VacancyCard.asked_at.desc(), VacancyCard.id))
    return [(card, row) for card, row in rows]


async def own_card(uow: Reading, person_id: UUID, card_id: UUID, purpose: Purpose) -> VacancyCard | None:
    """One of the person's, read anew."""
    await account_for(uow, person_id, purpose)
    query = select(VacancyCard).where(VacancyCard.id == card_id, VacancyCard.person_id == person_id)
    return await uow.session.scalar(query.execution_options(**_FRESH))


async def set_card(uow: Writing, card: VacancyCard, **values: Any) -> None:
    for name, value in values.items():
        setattr(card, name, value)
    await uow.session.flush()


async def open_cards(
    uow: Reading, *, person_id: UUID | None = None, vacancy_id: UUID | None = None, by: datetime | None = None
) -> list[VacancyCard]:
    """Requests that wait: of a person, of a vacancy, or those whose term was over by an instant."""
    query = select(VacancyCard).where(VacancyCard.status == CardStatus.ASKED)
    if person_id is not None:
        query = query.where(VacancyCard.person_id == person_id)
    if vacancy_id is not None:
        query = query.where(VacancyCard.vacancy_id == vacancy_id)
    if by is not None:
        query = query.where(VacancyCard.expires_at <= by)
    return list(await uow.session.scalars(query.order_by(VacancyCard.person_id).limit(500)))


async def open_closed(uow: Reading) -> list[VacancyCard]:
    """Requests that wait, for vacancies that are closed."""
    query = select(VacancyCard).join(VacancyRow, VacancyRow.id == VacancyCard.vacancy_id)
    query = query.where(VacancyCard.status == CardStatus.ASKED, VacancyRow.status == VacancyStatus.CLOSED)
    return list(await uow.session.scalars(query.limit(500)))


async def raw_profile(uow: Reading, person_id: UUID) -> WorkProfileRow | None:
    """Sealed as it is, to be sealed anew for who the person turned out to be."""
    return await uow.session.scalar(select(WorkProfileRow).where(WorkProfileRow.person_id == person_id))


async def selected(uow: Reading) -> tuple[set[UUID], set[UUID], set[UUID]]:
    """Whoever may be found and may work; of them who was shown to somebody, and who was asked. To be counted."""
    query = (
        select(WorkProfileRow.person_id, func.count(VacancyCard.id), func.count(VacancyCard.asked_at))
        .outerjoin(VacancyCard, VacancyCard.person_id == WorkProfileRow.person_id)
        .where(WorkProfileRow.visible, WorkProfileRow.allowed_from.is_not(None))
        .group_by(WorkProfileRow.person_id)
    )
    rows = [(person_id, shown, asked) for person_id, shown, asked in await uow.session.execute(query)]
    return (
        {person_id for person_id, _, _ in rows},
        {person_id for person_id, shown, _ in rows if shown},
        {person_id for person_id, _, asked in rows if asked},
    )


async def merged(uow: Reading) -> list[tuple[UUID, UUID]]:
    """People with a work profile or cards who turned out to be another, and whom, in the order in which those are
    locked.
    """
    theirs = select(WorkProfileRow.person_id).union(select(VacancyCard.person_id)).subquery()
    query = select(Person.id, Person.merged_into).join(theirs, theirs.c.person_id == Person.id)
    query = query.where(Person.merged_into.is_not(None)).order_by(Person.merged_into, Person.id)
    rows = await uow.session.execute(query)
    return [(person_id, into) for person_id, into in rows if into is not None]


async def delete_cards(uow: Writing, person_id: UUID) -> None:
    await uow.session.execute(delete(VacancyCard).where(VacancyCard.person_id == person_id))
