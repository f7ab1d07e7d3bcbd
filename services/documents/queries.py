"""Reads of documents: the person's own, a desk's to which one is shown, the mirror's, and the doctor's."""

import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.bookings.status import LIVE
from app.domain.documents.states import FileState, state_of
from app.domain.identity.caller import Caller
from app.errors import NotFound
from app.models.documents import DocumentFile, DocumentShare, DocumentVersion, StoredDocument
from app.ports import ErasedError, Objects
from services.bookings.queries import booking_at, own_booking
from services.documents import repository
from services.documents.checking import place_of
from services.documents.errors import DocumentNotReady, NoPreview
from services.documents.sealing import open_content, secret_of

_OWN = Purpose.OWN_ACCESS


@dataclass(frozen=True, slots=True)
class VersionView:
    version: DocumentVersion
    files: list[DocumentFile]
    state: FileState


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document with its versions, oldest first, and to which visits it is shown."""

    document: StoredDocument
    versions: list[VersionView]
    shares: list[DocumentShare] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file to be sent: `body` opens it chunk by chunk."""

    kind: str
    page: int
    media_type: str
    size: int | None
    body: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class Mirrored:
    """What may be told of a document to who is allowed to know of it: never what it holds.

    `digest`: SHA-256 over the digests of its pages' clean content, in their order.
    """

    person_id: UUID
    kind: str
    version: int
    issued_on: date | None
    expires_on: date | None
    digest: str


async def own_documents(uow: Reading, person_id: UUID) -> list[DocumentView]:
    """Newest first."""
    found = await repository.documents(uow, person_id, _OWN)
    return await _views(uow, person_id, list(found), _OWN)


async def own_document(uow: Reading, person_id: UUID, document_id: UUID) -> DocumentView:
    document = await repository.document(uow, person_id, document_id, _OWN)
    if document is None:
        raise NotFound
    (view,) = await _views(uow, person_id, [document], _OWN)
    return view


async def own_file(
    uow: Reading,
    objects: Objects,
    person_id: UUID,
    document_id: UUID,
    page: int,
    version: int | None = None,
    *,
    preview: bool = False,
) -> Opened:
    """A page of the person's own document: of its newest complete version, or of the one named."""
    document = await repository.document(uow, person_id, document_id, _OWN)
    if document is None:
        raise NotFound
    return await _opened(uow, objects, document, version or document.version, page, _OWN, preview=preview)


async def shown_documents(uow: Writing, clerk: Caller, booking_id: UUID) -> list[DocumentView]:
    """What a visitor shows to the clerk's point for a visit that is not over; their log tells of the look."""
    person_id = await _visitor(uow, clerk, booking_id)
    purpose = Purpose.VISIT_DOCUMENT
    found = await repository.shared_with(uow, person_id, booking_id, clerk.point, purpose)
    return await _views(uow, person_id, list(found), purpose)


async def shown_file(
    uow: Writing,
    objects: Objects,
    clerk: Caller,
    booking_id: UUID,
    document_id: UUID,
    page: int,
    *,
    preview: bool = False,
) -> Opened:
    """A page of one of these. NotFound once the visit is over, or the person has taken it back."""
    person_id = await _visitor(uow, clerk, booking_id)
    purpose = Purpose.VISIT_DOCUMENT
    found = await repository.shared_with(uow, person_id, booking_id, clerk.point, purpose)
    document = next((one for one in found if one.id == document_id), None)
    if document is None:
        raise NotFound
    return await _opened(uow, objects, document, document.version, page, purpose, preview=preview)


async def for_mirror(uow: Writing, document_id: UUID, purpose: Purpose) -> Mirrored | None:
    """What the mirror tells of a document's newest version; None when it is gone, or not complete."""
    person_id = await repository.owner_of(uow, document_id)
    document = await repository.document(uow, person_id, document_id, purpose) if person_id else None
    if document is None or document.version is None or person_id is None:
        return None
    (view,) = await _views(uow, person_id, [document], purpose)
    shown = next(one for one in view.versions if one.version.version == document.version)
    digest = hashlib.sha256()
    try:
        for file in shown.files:
            digest.update((await secret_of(uow, file)).digest)
    except ErasedError:
        return None
    dates = shown.version.issued_on, shown.version.expires_on
    return Mirrored(person_id, document.kind, document.version, *dates, digest.hexdigest())


async def _visitor(uow: Writing, clerk: Caller, booking_id: UUID) -> UUID:
    booking = await booking_at(uow, booking_id, clerk.point, Purpose.VISIT_DOCUMENT)
    if booking is None or booking.status not in LIVE:
        raise NotFound
    return booking.person_id


async def _opened(
    uow: Reading,
    objects: Objects,
    document: StoredDocument,
    version: int | None,
    page: int,
    purpose: Purpose,
    *,
    preview: bool,
) -> Opened:
    files = await repository.files(uow, document.person_id, purpose, [document.id])
    ready = [file for file in files if file.state == FileState.READY]
    file = next((one for one in ready if (one.version, one.page) == (version, page)), None)
    if file is None and version is None:
        raise DocumentNotReady
    if file is None or file.content is None or file.media_type is None:
        raise NotFound
    if preview and file.preview is None:
        raise NoPreview
    try:
        key = (await secret_of(uow, file)).key
    except ErasedError:
        raise NotFound from None
    sealed = objects.stream(file.preview if preview and file.preview else file.content)
    body = open_content(key, place_of(file, preview=preview), sealed)
    media_type, size = ("image/jpeg", None) if preview else (file.media_type, file.size)
    return Opened(document.kind, page, media_type, size, body)


async def _views(
    uow: Reading, person_id: UUID, documents: list[StoredDocument], purpose: Purpose
) -> list[DocumentView]:
    ids = [document.id for document in documents]
    shares = await _shares(uow, person_id) if purpose is _OWN else {}
    files: defaultdict[tuple[UUID, int], list[DocumentFile]] = defaultdict(list)
    for file in await repository.files(uow, person_id, purpose, ids):
        files[file.document_id, file.version].append(file)
    versions: defaultdict[UUID, list[VersionView]] = defaultdict(list)
    for one in await repository.versions(uow, person_id, ids, purpose):
        sent: defaultdict[int, list[FileState]] = defaultdict(list)
        newest: dict[int, DocumentFile] = {}
        for file in files[one.document_id, one.version]:
            sent[file.page].append(FileState(file.state))
            newest[file.page] = file
        view = VersionView(one, list(newest.values()), state_of(sent, one.pages))
        versions[one.document_id].append(view)
    return [DocumentView(document, versions[document.id], shares.get(document.id, [])) for document in documents]


async def _shares(uow: Reading, person_id: UUID) -> dict[UUID, list[DocumentShare]]:
    """By document: those that still let a point see it."""
    found: defaultdict[UUID, list[DocumentShare]] = defaultdict(list)
    for share in await repository.shares(uow, person_id, _OWN):
        booking = await own_booking(uow, person_id, share.booking_id)
        if booking.live and booking.point_id == share.point_id:
            found[share.document_id].append(share)
    return found
