"""All of a profile, what was replaced too, for whose it is; and its end."""

from uuid import UUID

from app.db.own import Own, delete_rows, rows_of, unseal
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.models.profiles import Detail, Entry, IdentityDocument, Profile
from services.audit.access import account_for

TABLES = ("profiles", "identity_documents", "details", "entries")


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    await account_for(uow, person_id, purpose)
    documents = await rows_of(uow, IdentityDocument.person_id, [person_id])
    details = await rows_of(uow, Detail.person_id, [person_id])
    entries = await rows_of(uow, Entry.person_id, [person_id])
    for row in documents:
        await unseal(uow, person_id, row, "fields_sealed", "identity_documents.fields")
    for row in details:
        await unseal(uow, person_id, row, "value_sealed", f"details.value.{row['kind']}")
    for row in entries:
        await unseal(uow, person_id, row, "crossing_sealed", "entries.crossing")
    profiles = await rows_of(uow, Profile.person_id, [person_id])
    return {"profiles": profiles, "identity_documents": documents, "details": details, "entries": entries}


async def erase(uow: Writing, person_id: UUID) -> None:
    for column in (Detail.person_id, IdentityDocument.person_id, Entry.person_id, Profile.person_id):
        await delete_rows(uow, column, [person_id])
