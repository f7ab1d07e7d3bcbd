"""SQL of profiles. Personal fields leave here opened, for a purpose that is named and, if others ask, logged."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.db.gather import Part
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.pathways.pathway import Facts
from app.domain.pathways.rules import EntryPurpose
from app.domain.profiles.dates import PartialDate
from app.domain.profiles.mrz import Zone
from app.models.profiles import Entry, IdentityDocument, Profile
from app.ports import ErasedError
from services.audit.access import account_for
from services.profiles.errors import DocumentKnown

_FIELD = "identity_documents.fields"


async def profile(uow: Reading, person_id: UUID, purpose: Purpose) -> Profile | None:
    await account_for(uow, person_id, purpose)
    return await uow.session.scalar(select(Profile).where(Profile.person_id == person_id))


async def facts(uow: Reading, person_id: UUID, purpose: Purpose) -> Part[Facts | None]:
    """What the pathway is planned from; None until there are a citizenship and an entry."""
    await account_for(uow, person_id, purpose)
    statement = """
        SELECT p.citizenship, e.entered_on, e.purpose, e.visa FROM profiles p
        JOIN LATERAL (SELECT * FROM entries WHERE person_id = p.person_id ORDER BY number DESC LIMIT 1) e ON true
        WHERE p.person_id = :person AND p.citizenship IS NOT NULL
    """
    return Part(statement, {"person": person_id}, _facts)


def _facts(row: Any) -> Facts | None:
    if row is None:
        return None
    return Facts(
        citizenship=row["citizenship"],
        purpose=EntryPurpose(row["purpose"]),
        entered_on=date.fromisoformat(row["entered_on"]),
        visa=row["visa"],
    )


async def last_entry(uow: Reading, person_id: UUID, purpose: Purpose) -> Entry | None:
    """The entry that was given last: a wrong date is put right by giving the right one."""
    await account_for(uow, person_id, purpose)
    newest = select(Entry).where(Entry.person_id == person_id)
    return await uow.session.scalar(newest.order_by(Entry.number.desc()).limit(1))


async def passport(uow: Reading, person_id: UUID, purpose: Purpose) -> Zone | None:
    """The current passport's fields; None without one, and when the person's key was destroyed to erase it."""
    await account_for(uow, person_id, purpose)
    sealed = await uow.session.scalar(
        select(IdentityDocument.fields_sealed).where(IdentityDocument.person_id == person_id, IdentityDocument.current)
    )
    if sealed is None:
        return None
    try:
        fields: dict[str, Any] = json.loads(await uow.vault.open(person_id, _FIELD, sealed))
    except ErasedError:
        return None
    fields["birth"] = PartialDate(**fields["birth"])
    fields["expires"] = PartialDate(**fields["expires"])
    return Zone(**fields)


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


async def owner_of_document(uow: Reading, number_index: bytes) -> UUID | None:
    return await uow.session.scalar(
        select(IdentityDocument.person_id).where(IdentityDocument.number_index == number_index)
    )


async def owner_of_migrant_id(uow: Reading, migrant_id: str) -> UUID | None:
    return await uow.session.scalar(select(Profile.person_id).where(Profile.migrant_id == migrant_id))


async def put_passport(uow: Writing, person_id: UUID, zone: Zone, number_index: bytes) -> None:
    """The zone's fields sealed as one; the person's earlier document stays, no longer current."""
    sealed = await uow.vault.seal(person_id, _FIELD, json.dumps(asdict(zone)).encode())
    await uow.session.execute(
        update(IdentityDocument)
        .where(IdentityDocument.person_id == person_id, IdentityDocument.current)
        .values(current=False)
    )
    fresh = upsert(IdentityDocument).values(
        id=uuid4(),
        person_id=person_id,
        kind="passport",
        number_index=number_index,
        fields_sealed=sealed,
        current=True,
        created_at=uow.now,
    )
    own = fresh.on_conflict_do_update(
        index_elements=[IdentityDocument.number_index],
        set_={"fields_sealed": sealed, "current": True},
        where=IdentityDocument.person_id == person_id,
    )
    if await uow.session.scalar(own.returning(IdentityDocument.id)) is None:
        raise DocumentKnown  # given by somebody else at this very moment
    await uow.session.execute(
        update(Profile).where(Profile.person_id == person_id).values(citizenship=zone.nationality)
    )


async def add_entry(uow: Writing, person_id: UUID, entered_on: date, purpose: EntryPurpose, *, visa: bool) -> None:
    count = select(func.count()).select_from(Entry).where(Entry.person_id == person_id)
    await uow.session.execute(
        insert(Entry).values(
            id=uuid4(),
            person_id=person_id,
            number=count.scalar_subquery() + 1,
            entered_on=entered_on,
            purpose=purpose,
            visa=visa,
            created_at=uow.now,
        )
    )
