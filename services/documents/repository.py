"""SQL of documents. What a file holds is not here: its objects are sealed, and its key with the person's."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.documents.kinds import PaperKind
from app.domain.documents.states import FileState
from app.domain.documents.tus import Target
from app.models.documents import (
    DocumentFile,
    DocumentShare,
    DocumentVersion,
    DoomedObject,
    StoredDocument,
    UploadPart,
)
from services.audit.access import account_for
from services.documents.sealing import Part


async def add_document(uow: Writing, document_id: UUID, person_id: UUID, kind: PaperKind) -> None:
    values = {"id": document_id, "person_id": person_id, "kind": kind.value, "created_at": uow.now}
    await uow.session.execute(insert(StoredDocument).values(**values))


async def add_version(
    uow: Writing, document_id: UUID, version: int, pages: int, issued_on: date | None, expires_on: date | None
) -> None:
    dates = {"issued_on": issued_on, "expires_on": expires_on, "created_at": uow.now}
    await uow.session.execute(
        insert(DocumentVersion).values(document_id=document_id, version=version, pages=pages, **dates)
    )


async def document(uow: Reading, person_id: UUID, document_id: UUID, purpose: Purpose) -> StoredDocument | None:
    """The document if it is this person's."""
    await account_for(uow, person_id, purpose)
    own = StoredDocument.id == document_id, StoredDocument.person_id == person_id
    return await uow.session.scalar(select(StoredDocument).where(*own))


async def documents(uow: Reading, person_id: UUID, purpose: Purpose) -> Sequence[StoredDocument]:
    """Newest first."""
    await account_for(uow, person_id, purpose)
    query = select(StoredDocument).where(StoredDocument.person_id == person_id)
    return (await uow.session.scalars(query.order_by(StoredDocument.created_at.desc(), StoredDocument.id))).all()


async def owner_of(uow: Reading, document_id: UUID) -> UUID | None:
    return await uow.session.scalar(select(StoredDocument.person_id).where(StoredDocument.id == document_id))


async def versions(
    uow: Reading, person_id: UUID, document_ids: Collection[UUID], purpose: Purpose
) -> Sequence[DocumentVersion]:
    """Of these documents of the person, oldest first."""
    await account_for(uow, person_id, purpose)
    query = select(DocumentVersion).where(DocumentVersion.document_id.in_(document_ids))
    return (await uow.session.scalars(query.order_by(DocumentVersion.document_id, DocumentVersion.version))).all()


async def files(
    uow: Reading, person_id: UUID, purpose: Purpose, document_ids: Collection[UUID] | None = None
) -> Sequence[DocumentFile]:
    """The person's files, of these documents or all, in the order of their pages; of one page the newest last."""
    await account_for(uow, person_id, purpose)
    query = select(DocumentFile).where(DocumentFile.person_id == person_id)
    if document_ids is not None:
        query = query.where(DocumentFile.document_id.in_(document_ids))
    order = (DocumentFile.document_id, DocumentFile.version, DocumentFile.page, DocumentFile.created_at)
    return (await uow.session.scalars(query.order_by(*order))).all()


async def file(uow: Reading, person_id: UUID, file_id: UUID, purpose: Purpose) -> DocumentFile | None:
    """The file if it is this person's."""
    await account_for(uow, person_id, purpose)
    own = DocumentFile.id == file_id, DocumentFile.person_id == person_id
    return await uow.session.scalar(select(DocumentFile).where(*own))


async def add_file(
    uow: Writing, person_id: UUID, file_id: UUID, target: Target, purpose: Purpose, terms: dict[str, Any]
) -> bool:
    """False when the person has no such page, its file is here or on its way, or too many or too large ones are."""
    await account_for(uow, person_id, purpose)
    statement = """
        INSERT INTO document_files
            (id, person_id, document_id, version, page, state, length, created_at, expires_at, secret_sealed)
        SELECT :file, :person, v.document_id, v.version, :page, 'uploading',
            CAST(:length AS integer), :now, :expires_at, :secret
        FROM document_versions v JOIN stored_documents d ON d.id = v.document_id
        WHERE v.document_id = :document AND v.version = :version AND d.person_id = :person AND v.pages >= :page
            AND (SELECT count(*) FROM document_files f
                WHERE f.person_id = :person AND f.state IN ('uploading', 'checking')) < :most
            AND (SELECT coalesce(sum(coalesce(f.size, f.length)), 0) FROM document_files f
                WHERE f.person_id = :person AND f.state <> 'refused') + CAST(:length AS integer) <= :most_kept
        ON CONFLICT DO NOTHING RETURNING id
    """
    where = {"document": target.document_id, "version": target.version, "page": target.page, "now": uow.now}
    named = {"file": file_id, "person": person_id}
    return (await uow.session.execute(text(statement), where | named | terms)).first() is not None


async def parts_of(uow: Reading, file_ids: Collection[UUID]) -> list[Part]:
    """In their order; of several files, one after the other."""
    query = select(UploadPart).where(UploadPart.file_id.in_(file_ids)).order_by(UploadPart.file_id, UploadPart.first)
    return [Part(row.first, row.size, row.object) for row in await uow.session.scalars(query)]


async def claim(uow: Writing, until: datetime) -> DocumentFile | None:
    """A file that is whole and nobody checks just now, put out of other workers' reach until then."""
    statement = """
        UPDATE document_files SET claimed_until = :until WHERE id = (
            SELECT id FROM document_files WHERE state = 'checking'
                AND (claimed_until IS NULL OR claimed_until <= :now)
            ORDER BY claimed_until NULLS FIRST, created_at LIMIT 1 FOR UPDATE SKIP LOCKED
        ) RETURNING id
    """
    claimed = await uow.session.scalar(text(statement), {"until": until, "now": uow.now})
    return None if claimed is None else await uow.session.get_one(DocumentFile, claimed)


async def conclude(uow: Writing, claimed: DocumentFile, **found: Any) -> bool:
    """Writes what came of a check; False when the file is gone, or somebody else checks it by now."""
    ours = DocumentFile.id == claimed.id, DocumentFile.claimed_until == claimed.claimed_until
    still = DocumentFile.person_id == claimed.person_id, DocumentFile.state == FileState.CHECKING.value
    changed = await uow.session.execute(
        update(DocumentFile).where(*ours, *still).values(claimed_until=None, **found).returning(DocumentFile.id)
    )
    if changed.first() is None:
        return False
    await doom(uow, [part.object for part in await parts_of(uow, [claimed.id])])
    await uow.session.execute(delete(UploadPart).where(UploadPart.file_id == claimed.id))
    return True


async def make_ready(uow: Writing, document_id: UUID, version: int) -> str | None:
    """The kind of the document whose version has all its pages now; None while one is missing, or it was ready."""
    statement = """
        WITH made AS (
            UPDATE document_versions v SET ready_at = :now
            WHERE document_id = :document AND version = :version AND ready_at IS NULL AND pages = (
                SELECT count(*) FROM document_files f
                WHERE f.document_id = v.document_id AND f.version = v.version AND f.state = 'ready')
            RETURNING document_id, version
        )
        UPDATE stored_documents d SET version = greatest(d.version, made.version) FROM made
        WHERE d.id = made.document_id RETURNING d.kind
    """
    named = {"now": uow.now, "document": document_id, "version": version}
    return (await uow.session.scalars(text(statement), named)).first()


async def set_identity(uow: Writing, document_id: UUID, identity_document_id: UUID) -> None:
    linked = update(StoredDocument).where(StoredDocument.id == document_id).values
    await uow.session.execute(linked(identity_document_id=identity_document_id))


async def delete_files(uow: Writing, files: Collection[DocumentFile]) -> None:
    """The rows, and what is of them in the store: that goes a moment later."""
    ids = [file.id for file in files]
    objects = [part.object for part in await parts_of(uow, ids)]
    objects += [name for file in files for name in (file.content, file.preview) if name]
    await doom(uow, objects)
    await uow.session.execute(delete(DocumentFile).where(DocumentFile.id.in_(ids)))


async def delete_document(uow: Writing, document_id: UUID) -> None:
    """Once its files are gone."""
    await uow.session.execute(delete(DocumentVersion).where(DocumentVersion.document_id == document_id))
    await uow.session.execute(delete(StoredDocument).where(StoredDocument.id == document_id))


async def add_share(uow: Writing, document_id: UUID, booking_id: UUID, person_id: UUID, point_id: UUID) -> bool:
    """False when it is shown there already. A visit that was moved to another point is shown anew."""
    values = {"person_id": person_id, "point_id": point_id, "created_at": uow.now}
    added = upsert(DocumentShare).values(document_id=document_id, booking_id=booking_id, **values)
    moved, key = DocumentShare.point_id != point_id, ["document_id", "booking_id"]
    elsewhere = added.on_conflict_do_update(index_elements=key, set_=values, where=moved)
    return (await uow.session.execute(elsewhere.returning(DocumentShare.document_id))).first() is not None


async def delete_share(uow: Writing, person_id: UUID, document_id: UUID, booking_id: UUID) -> bool:
    named = DocumentShare.document_id == document_id, DocumentShare.booking_id == booking_id
    gone = delete(DocumentShare).where(*named, DocumentShare.person_id == person_id)
    return (await uow.session.execute(gone.returning(DocumentShare.document_id))).first() is not None


async def shares(uow: Reading, person_id: UUID, purpose: Purpose) -> Sequence[DocumentShare]:
    await account_for(uow, person_id, purpose)
    query = select(DocumentShare).where(DocumentShare.person_id == person_id)
    return (await uow.session.scalars(query.order_by(DocumentShare.created_at, DocumentShare.document_id))).all()


async def shared_with(
    uow: Writing, person_id: UUID, booking_id: UUID, point_id: UUID, purpose: Purpose
) -> Sequence[StoredDocument]:
    """The documents of a visitor that are shown to that point for that visit."""
    await account_for(uow, person_id, purpose)
    query = select(StoredDocument).join(DocumentShare, DocumentShare.document_id == StoredDocument.id)
    shown = DocumentShare.booking_id == booking_id, DocumentShare.point_id == point_id
    query = query.where(*shown, StoredDocument.person_id == person_id)
    return (await uow.session.scalars(query.order_by(StoredDocument.created_at, StoredDocument.id))).all()


async def doom(uow: Writing, objects: Collection[str]) -> None:
    """Objects that nothing refers to any more."""
    rows = [{"object": name, "since": uow.now} for name in objects]
    if rows:
        await uow.session.execute(upsert(DoomedObject).on_conflict_do_nothing(), rows)


async def take_doomed(uow: Writing, limit: int) -> list[str]:
    """Objects to be deleted, and forgotten with this transaction: nobody else takes them meanwhile."""
    due = select(DoomedObject.object).order_by(DoomedObject.since).limit(limit).with_for_update(skip_locked=True)
    gone = delete(DoomedObject).where(DoomedObject.object.in_(due.scalar_subquery()))
    return list(await uow.session.scalars(gone.returning(DoomedObject.object)))


async def expired(uow: Writing, limit: int) -> Sequence[DocumentFile]:
    """Files of which nothing has come for long."""
    query = select(DocumentFile).where(DocumentFile.state == FileState.UPLOADING.value)
    query = query.where(DocumentFile.expires_at <= uow.now).limit(limit).with_for_update(skip_locked=True)
    return (await uow.session.scalars(query)).all()


async def delete_drafts(uow: Writing, before: datetime) -> None:
    """Documents begun before then of which no version was ever complete, and no file is left."""
    statement = """
        WITH drafts AS (
            SELECT d.id FROM stored_documents d WHERE d.version IS NULL AND d.created_at < :before
                AND NOT EXISTS (SELECT FROM document_files f WHERE f.document_id = d.id AND f.state <> 'refused')
            FOR UPDATE SKIP LOCKED
        ), files AS (DELETE FROM document_files WHERE document_id IN (SELECT id FROM drafts)),
        versions AS (DELETE FROM document_versions WHERE document_id IN (SELECT id FROM drafts))
        DELETE FROM stored_documents WHERE id IN (SELECT id FROM drafts)
    """
    await uow.session.execute(text(statement), {"before": before})


async def merged(uow: Reading) -> list[tuple[UUID, UUID]]:
    """Who had documents and was joined with another, and with whom, in the order in which those are locked."""
    statement = """
        SELECT DISTINCT p.id, p.merged_into FROM persons p JOIN stored_documents d ON d.person_id = p.id
        WHERE p.merged_into IS NOT NULL ORDER BY 2, 1 LIMIT 20
    """
    return [(person, into) for person, into in await uow.session.execute(text(statement))]


async def secrets_sealed(uow: Writing, person_id: UUID) -> list[tuple[UUID, bytes]]:
    """File and sealed secret, of every file of somebody who was joined with another."""
    query = select(DocumentFile.id, DocumentFile.secret_sealed).where(DocumentFile.person_id == person_id)
    return [(file_id, sealed) for file_id, sealed in await uow.session.execute(query.with_for_update())]


async def hand_over(uow: Writing, from_person: UUID, to_person: UUID, sealed: dict[UUID, bytes]) -> None:
    """All of the first person's is the second's, the secrets as they were sealed for them."""
    for file_id, secret in sealed.items():
        moved = update(DocumentFile).where(DocumentFile.id == file_id)
        await uow.session.execute(moved.values(person_id=to_person, secret_sealed=secret))
    for model in (StoredDocument, DocumentShare):
        await uow.session.execute(update(model).where(model.person_id == from_person).values(person_id=to_person))


async def objects_of_rows(uow: Reading, *, needed: bool = False) -> set[str]:
    """Every object that a row refers to, and unless only what is needed is asked for, what is to be deleted."""
    statement = """
        SELECT content FROM document_files WHERE content IS NOT NULL
        UNION ALL SELECT preview FROM document_files WHERE preview IS NOT NULL
        UNION ALL SELECT object FROM upload_parts
        UNION ALL SELECT object FROM doomed_objects WHERE NOT :needed
    """
    return set((await uow.session.scalars(text(statement), {"needed": needed})).all())
