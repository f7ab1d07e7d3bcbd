"""A person's documents with their files, for themselves; and their end."""

from collections.abc import AsyncIterator
from uuid import UUID

from app.db.own import Own, rows_of
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.models.documents import DocumentFile, DocumentShare, DocumentVersion, StoredDocument
from app.ports import Objects
from services.audit.access import account_for
from services.documents.commands import remove_all
from services.documents.queries import Opened, own_file

TABLES = ("stored_documents", "document_versions", "document_files", "document_shares")
_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    await account_for(uow, person_id, purpose)
    documents = await rows_of(uow, StoredDocument.person_id, [person_id])
    ids = [row["id"] for row in documents]
    return {
        "stored_documents": documents,
        "document_versions": await rows_of(uow, DocumentVersion.document_id, ids),
        "document_files": await rows_of(uow, DocumentFile.person_id, [person_id]),
        "document_shares": await rows_of(uow, DocumentShare.person_id, [person_id]),
    }


async def own_files(uow: Reading, objects: Objects, rows: Own) -> AsyncIterator[tuple[str, Opened]]:
    """The files of those rows that are ready, each under a name of its own, to be opened while they are read."""
    for row in rows["document_files"]:
        if row["content"] is None or row["state"] != "ready":
            continue
        document, version, page = row["document_id"], row["version"], row["page"]
        opened = await own_file(uow, objects, row["person_id"], document, page, version)
        ending = _ENDINGS.get(opened.media_type, "bin")
        yield f"{document}/{version}-{page}.{ending}", opened


async def erase(uow: Writing, person_id: UUID) -> None:
    await remove_all(uow, person_id)
