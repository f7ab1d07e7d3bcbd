"""What a person does with their documents: begin one, add a version, confirm its zone, show it, delete it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from app.db.locks import lock_person
from app.db.unit_of_work import Writing
from app.domain.audit.purpose import Purpose
from app.domain.documents.kinds import ZONED, PaperKind, identity_of
from app.domain.documents.limits import MOST_DOCUMENTS, MOST_VERSIONS
from app.domain.profiles.documents import DocumentKind, Paper
from app.domain.profiles.mrz import Zone
from app.errors import InvalidInput, NotFound
from app.models.documents import StoredDocument
from services.audit.commands import record_change
from services.bookings.queries import own_booking
from services.documents import repository
from services.documents.errors import DocumentNotReady, TooManyStored, VisitNotAhead
from services.outbox.commands import emit
from services.profiles.documents import put_document, read_zone

STORED, REMOVED = "documents.stored", "documents.removed"
EVENT_LIVES = timedelta(days=30)
_OWN = Purpose.OWN_ACCESS


@dataclass(frozen=True, slots=True)
class Terms:
    """How many files a version has, and the dates that the paper bears."""

    pages: int
    issued_on: date | None = None
    expires_on: date | None = None


async def begin(uow: Writing, person_id: UUID, kind: PaperKind, terms: Terms) -> UUID:
    """A document whose files are still to come."""
    _check(terms)
    await lock_person(uow, person_id)
    if len(await repository.documents(uow, person_id, _OWN)) >= MOST_DOCUMENTS:
        raise TooManyStored(limit=MOST_DOCUMENTS)
    document_id = uuid4()
    await repository.add_document(uow, document_id, person_id, kind)
    await repository.add_version(uow, document_id, 1, terms.pages, terms.issued_on, terms.expires_on)
    return document_id


async def add_version(uow: Writing, person_id: UUID, document_id: UUID, terms: Terms) -> int:
    """The paper was renewed. What was there counts until the new version is complete; an unfinished one gives way."""
    _check(terms)
    await _locked(uow, person_id, document_id)
    versions = await repository.versions(uow, person_id, [document_id], _OWN)
    if len(versions) >= MOST_VERSIONS:
        raise TooManyStored(limit=MOST_VERSIONS)
    number = versions[-1].version + 1
    await repository.add_version(uow, document_id, number, terms.pages, terms.issued_on, terms.expires_on)
    return number


async def read_lines(uow: Writing, person_id: UUID, document_id: UUID, mrz: str) -> tuple[DocumentKind, Zone]:
    """What the zone's lines say, that the phone read from the paper: for the person to compare. InvalidZone."""
    document = await _locked(uow, person_id, document_id)
    if PaperKind(document.kind) not in ZONED:
        raise InvalidInput(field="mrz")
    kind = identity_of(mrz.strip()[:1].upper())
    return kind, read_zone(mrz, kind)


async def confirm_lines(uow: Writing, person_id: UUID, document_id: UUID, mrz: str) -> tuple[DocumentKind, Zone]:
    """The person says that they are right: they become the person's identity document, and the copy its scan."""
    kind, zone = await read_lines(uow, person_id, document_id, mrz)
    identity_document_id = await put_document(uow, person_id, kind, Paper(), mrz)
    await repository.set_identity(uow, document_id, identity_document_id)
    await record_change(uow, person_id, "document_linked", document=document_id, identity=identity_document_id)
    return kind, zone


async def share(uow: Writing, person_id: UUID, document_id: UUID, booking_id: UUID) -> None:
    """Shows the document to the point of a visit, until the visit is over or the person takes it back."""
    document = await _locked(uow, person_id, document_id)
    booking = await own_booking(uow, person_id, booking_id)
    if not booking.live:
        raise VisitNotAhead
    if document.version is None:
        raise DocumentNotReady
    if await repository.add_share(uow, document_id, booking_id, person_id, booking.point_id):
        point_id = booking.point_id
        await record_change(uow, person_id, "document_shared", document=document_id, booking=booking_id, point=point_id)


async def take_back(uow: Writing, person_id: UUID, document_id: UUID, booking_id: UUID) -> None:
    await _locked(uow, person_id, document_id)
    if await repository.delete_share(uow, person_id, document_id, booking_id):
        await record_change(uow, person_id, "document_unshared", document=document_id, booking=booking_id)


async def remove(uow: Writing, person_id: UUID, document_id: UUID) -> None:
    """All versions and files. Their keys are gone with the rows, the sealed bytes a moment later."""
    await _locked(uow, person_id, document_id)
    await _remove(uow, person_id, document_id)


async def remove_all(uow: Writing, person_id: UUID) -> int:
    """For whoever deletes an account; returns how many documents there were."""
    await lock_person(uow, person_id, gone_too=True)
    found = await repository.documents(uow, person_id, _OWN)
    for document in found:
        await _remove(uow, person_id, document.id)
    return len(found)


async def told(uow: Writing, topic: str, person_id: UUID, document_id: UUID, version: int | None, kind: str) -> None:
    """The event for whoever mirrors documents."""
    payload: dict[str, Any] = {"person_id": str(person_id), "document_id": str(document_id)}
    payload |= {"version": version, "kind": kind}
    if topic == STORED:
        await emit(uow, STORED, payload, expires_at=uow.now + EVENT_LIVES)
    else:
        await emit(uow, REMOVED, payload, expires_at=uow.now + EVENT_LIVES)


async def _remove(uow: Writing, person_id: UUID, document_id: UUID) -> None:
    document = await repository.document(uow, person_id, document_id, _OWN)
    if document is None:
        raise NotFound
    await repository.delete_files(uow, await repository.files(uow, person_id, _OWN, [document_id]))
    await repository.delete_document(uow, document_id)
    if document.version is not None:
        await told(uow, REMOVED, person_id, document_id, document.version, document.kind)
    await record_change(uow, person_id, "document_removed", document=document_id, kind=document.kind)


async def _locked(uow: Writing, person_id: UUID, document_id: UUID) -> StoredDocument:
    await lock_person(uow, person_id)
    document = await repository.document(uow, person_id, document_id, _OWN)
    if document is None:
        raise NotFound
    return document


def _check(terms: Terms) -> None:
    if terms.issued_on and terms.expires_on and terms.issued_on > terms.expires_on:
        raise InvalidInput(field="expires_on")
