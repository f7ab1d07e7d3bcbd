"""SQL of profiles. Personal fields leave here opened, for a purpose that is named and, if others ask, logged."""

import json
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.db.gather import Part
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.pathways.pathway import Facts
from app.domain.pathways.rules import EntryPurpose
from app.domain.profiles.details import DetailKind
from app.domain.profiles.documents import IDENTIFYING, DocumentKind, DocumentStatus, Paper
from app.errors import TryAgain
from app.models.identity import Person
from app.models.profiles import Detail, Entry, IdentityDocument, Profile
from app.ports import ErasedError
from services.audit.access import account_for
from services.profiles.sealing import Document, Said, dump_paper, load_paper, open_json, reseal

_FIELD = "identity_documents.fields"
_DETAIL = "details.value"
_CROSSING = "entries.crossing"


async def profile(uow: Reading, person_id: UUID, purpose: Purpose) -> Profile | None:
    await account_for(uow, person_id, purpose)
    return await uow.session.scalar(select(Profile).where(Profile.person_id == person_id))


async def facts(uow: Reading, person_id: UUID, purpose: Purpose) -> Part[Facts | None]:
    """What the pathway is planned from; None until there are a citizenship and an entry."""
    await account_for(uow, person_id, purpose)
    return Part(f"{_FACTS} AND p.person_id = :person", {"person": person_id}, lambda row: row and _facts(row))


async def facts_of_many(uow: Reading, people: Collection[UUID], purpose: Purpose) -> Part[dict[UUID, Facts]]:
    for person_id in people:
        await account_for(uow, person_id, purpose)
    statement = _FACTS.replace("SELECT", "SELECT p.person_id AS whose,", 1) + " AND p.person_id = ANY (:people)"
    read = lambda rows: {UUID(row.pop("whose")): _facts(row) for row in rows}  # noqa: E731
    return Part(statement, {"people": list(people)}, read, many=True)


_FACTS = """
    SELECT p.citizenship, p.birth_year, p.birth_month, p.birth_day, e.entered_on, e.purpose, e.visa, e.stay_days
    FROM profiles p JOIN LATERAL (
        SELECT * FROM entries WHERE person_id = p.person_id AND replaced_at IS NULL ORDER BY number DESC LIMIT 1
    ) e ON true
    WHERE p.citizenship IS NOT NULL"""


def _facts(row: dict[str, Any]) -> Facts:
    told = {"purpose": EntryPurpose(row["purpose"]), "entered_on": date.fromisoformat(row["entered_on"])}
    return Facts(**row | told)


async def entries(uow: Reading, person_id: UUID, purpose: Purpose) -> list[Entry]:
    """The entries as they are said to be now, in the order in which they were given."""
    await account_for(uow, person_id, purpose)
    query = select(Entry).where(Entry.person_id == person_id, Entry.replaced_at.is_(None)).order_by(Entry.number)
    return list(await uow.session.scalars(query))


async def crossing(uow: Reading, entry: Entry) -> dict[str, str | None]:
    """Where the border was crossed, and by which migration card; empty when not told, or erased."""
    return await open_json(uow, entry.person_id, _CROSSING, entry.crossing_sealed)


async def sealed_crossing(uow: Writing, person_id: UUID, told: dict[str, str | None]) -> bytes | None:
    if not any(told.values()):
        return None
    return await uow.vault.seal(person_id, _CROSSING, json.dumps(told).encode())


async def has_profile(uow: Reading, person_id: UUID) -> bool:
    return await uow.session.get(Profile, person_id) is not None


async def add_profile(uow: Writing, person_id: UUID, migrant_id: str) -> bool:
    """False if the Migrant ID is taken, or the profile there already."""
    added = await uow.session.scalar(
        upsert(Profile)
        .values(person_id=person_id, migrant_id=migrant_id, created_at=uow.now)
        .on_conflict_do_nothing()
        .returning(Profile.person_id)
    )
    return added is not None


async def update_profile(uow: Writing, person_id: UUID, **values: Any) -> None:
    await uow.session.execute(update(Profile).where(Profile.person_id == person_id).values(**values))


async def person_by_migrant_id(uow: Reading, migrant_id: str) -> UUID | None:
    """Whose it is now: the number of somebody who was merged is that of the person they are."""
    whose = select(func.coalesce(Person.merged_into, Person.id)).join(Profile, Profile.person_id == Person.id)
    return await uow.session.scalar(whose.where(Profile.migrant_id == migrant_id))


async def migrant_id_of(uow: Reading, person_id: UUID) -> str | None:
    return await uow.session.scalar(select(Profile.migrant_id).where(Profile.person_id == person_id))


_HELD = (DocumentStatus.VALID, DocumentStatus.ENDED)


async def owner_of_document(uow: Reading, number_index: bytes) -> UUID | None:
    return await uow.session.scalar(
        select(IdentityDocument.person_id).where(
            IdentityDocument.number_index == number_index, IdentityDocument.status.in_(_HELD)
        )
    )


async def documents(uow: Reading, person_id: UUID, purpose: Purpose, *, current: bool = False) -> list[Document]:
    """The person's documents, the current one first, then by the time they were given; earlier versions left out."""
    await account_for(uow, person_id, purpose)
    query = select(IdentityDocument).where(IdentityDocument.person_id == person_id, IdentityDocument.status.in_(_HELD))
    if current:
        query = query.where(IdentityDocument.current)
    ordered = query.order_by(IdentityDocument.current.desc(), IdentityDocument.created_at, IdentityDocument.id)
    return [await _document(uow, row) for row in await uow.session.scalars(ordered)]


async def _document(uow: Reading, row: IdentityDocument) -> Document:
    try:
        paper = load_paper(await uow.vault.open(row.person_id, _FIELD, row.fields_sealed))
    except ErasedError:
        paper = None
    return Document(row.id, DocumentKind(row.kind), DocumentStatus(row.status), row.current, row.created_at, paper)


async def document_row(
    uow: Reading, person_id: UUID, purpose: Purpose, *, document_id: UUID | None = None, index: bytes | None = None
) -> IdentityDocument | None:
    """The person's own document by its id or number, unless it is another's by now."""
    await account_for(uow, person_id, purpose)
    query = select(IdentityDocument).where(IdentityDocument.person_id == person_id, IdentityDocument.status.in_(_HELD))
    named = IdentityDocument.id == document_id if document_id else IdentityDocument.number_index == index
    return await uow.session.scalar(query.where(named).limit(1))


async def add_document(
    uow: Writing, person_id: UUID, kind: DocumentKind, paper: Paper, number_index: bytes | None
) -> UUID:
    added: UUID | None = await uow.session.scalar(
        upsert(IdentityDocument)
        .values(
            id=uuid4(),
            person_id=person_id,
            kind=kind,
            number_index=number_index,
            fields_sealed=await uow.vault.seal(person_id, _FIELD, dump_paper(paper)),
            current=False,
            created_at=uow.now,
        )
        .on_conflict_do_nothing()
        .returning(IdentityDocument.id)
    )
    if added is None:  # not while those who give one document take turns
        raise TryAgain(retry_after=1)
    return added


async def identifying(uow: Reading, person_id: UUID, purpose: Purpose) -> int:
    """How many documents say who the person is."""
    await account_for(uow, person_id, purpose)
    held = IdentityDocument.status.in_(_HELD), IdentityDocument.kind.in_(IDENTIFYING)
    query = select(func.count()).select_from(IdentityDocument).where(IdentityDocument.person_id == person_id, *held)
    return await uow.session.scalar(query) or 0


async def set_paper(uow: Writing, row: IdentityDocument, paper: Paper) -> None:
    """What the document says now; what it said stays as a version."""
    kept = {"id": uuid4(), "status": DocumentStatus.REPLACED, "current": False, "changed_at": uow.now}
    await uow.session.execute(insert(IdentityDocument).values(_values(row) | kept))
    row.fields_sealed = await uow.vault.seal(row.person_id, _FIELD, dump_paper(paper))
    await uow.session.flush()


async def paper_of(uow: Reading, row: IdentityDocument) -> Paper | None:
    return (await _document(uow, row)).paper


async def set_status(uow: Writing, document_id: UUID, status: DocumentStatus) -> None:
    values = {"status": status, "changed_at": uow.now} | ({} if status is DocumentStatus.VALID else {"current": False})
    await uow.session.execute(update(IdentityDocument).where(IdentityDocument.id == document_id).values(values))


async def make_current(uow: Writing, person_id: UUID, document_id: UUID) -> None:
    own = update(IdentityDocument).where(IdentityDocument.person_id == person_id)
    await uow.session.execute(own.where(IdentityDocument.current).values(current=False))
    await uow.session.execute(own.where(IdentityDocument.id == document_id).values(current=True))


def _values(row: Entry | IdentityDocument) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


async def add_entry(uow: Writing, person_id: UUID, values: dict[str, Any]) -> None:
    last = select(func.coalesce(func.max(Entry.number), 0)).where(Entry.person_id == person_id)
    number = last.scalar_subquery() + 1
    await uow.session.execute(
        insert(Entry).values(id=uuid4(), person_id=person_id, number=number, created_at=uow.now, **values)
    )


async def keep_version(uow: Writing, entry: Entry) -> None:
    """What is said of the entry stays, before it is said otherwise."""
    kept = {"id": uuid4(), "replaced_at": uow.now}
    await uow.session.execute(insert(Entry).values(_values(entry) | kept))


async def put_detail(
    uow: Writing,
    person_id: UUID,
    kind: DetailKind,
    value: dict[str, Any],
    *,
    value_index: bytes | None = None,
    document_id: UUID | None = None,
) -> None:
    """The detail as it is now; the value before stays, replaced."""
    live = update(Detail).where(Detail.person_id == person_id, Detail.kind == kind, Detail.replaced_at.is_(None))
    await uow.session.execute(live.values(replaced_at=uow.now))
    sealed = await uow.vault.seal(person_id, f"{_DETAIL}.{kind}", json.dumps(value).encode())
    await uow.session.execute(
        insert(Detail).values(
            id=uuid4(),
            person_id=person_id,
            kind=kind,
            value_sealed=sealed,
            value_index=value_index,
            document_id=document_id,
            created_at=uow.now,
        )
    )


async def forget_detail(uow: Writing, person_id: UUID, kind: DetailKind) -> None:
    """Nothing of that kind is kept, not even what was replaced."""
    await uow.session.execute(delete(Detail).where(Detail.person_id == person_id, Detail.kind == kind))


async def details(
    uow: Reading, person_id: UUID, purpose: Purpose, kinds: Collection[DetailKind]
) -> dict[DetailKind, Said]:
    """What the person says of themselves now, of these kinds; without what was erased."""
    await account_for(uow, person_id, purpose)
    query = select(Detail).where(Detail.person_id == person_id, Detail.replaced_at.is_(None), Detail.kind.in_(kinds))
    found = {}
    for row in await uow.session.scalars(query):
        value = await open_json(uow, person_id, f"{_DETAIL}.{row.kind}", row.value_sealed)
        if value:
            found[DetailKind(row.kind)] = Said(value, row.document_id, row.value_index)
    return found


async def held_by_others(uow: Reading, person_id: UUID, value_index: bytes) -> bool:
    theirs = Detail.value_index == value_index, Detail.person_id != person_id, Detail.replaced_at.is_(None)
    return await uow.session.scalar(select(Detail.id).where(*theirs).limit(1)) is not None


async def move_all(uow: Writing, from_person: UUID, to_person: UUID, purpose: Purpose) -> None:
    """Everything that one person gave becomes the other's, sealed with their key. Where both said something, what
    the other said counts. Entries keep the order in which they were given.
    """
    for person_id in (from_person, to_person):
        await account_for(uow, person_id, purpose)
    own = select(Detail.kind).where(Detail.person_id == to_person, Detail.replaced_at.is_(None))
    said = set(await uow.session.scalars(own))
    known = select(IdentityDocument.id).where(IdentityDocument.person_id == to_person, IdentityDocument.current)
    has_current = await uow.session.scalar(known) is not None
    documents = select(IdentityDocument).where(IdentityDocument.person_id == from_person)
    for document in list(await uow.session.scalars(documents)):
        document.fields_sealed = await reseal(uow, from_person, to_person, _FIELD, document.fields_sealed)
        document.person_id, document.current = to_person, document.current and not has_current
    for detail in list(await uow.session.scalars(select(Detail).where(Detail.person_id == from_person))):
        field = f"{_DETAIL}.{detail.kind}"
        detail.value_sealed = await reseal(uow, from_person, to_person, field, detail.value_sealed)
        detail.person_id = to_person
        if detail.kind in said:
            detail.replaced_at = detail.replaced_at or uow.now
    both = list(await uow.session.scalars(select(Entry).where(Entry.person_id.in_((from_person, to_person)))))
    number = max((entry.number for entry in both), default=0)
    for entry in sorted(both, key=lambda one: (one.created_at, one.number)):
        if entry.person_id == from_person and entry.crossing_sealed:
            entry.crossing_sealed = await reseal(uow, from_person, to_person, _CROSSING, entry.crossing_sealed)
        entry.person_id = to_person
        if entry.replaced_at is None:
            number += 1
            entry.number = number
    await uow.session.flush()
