"""Copies of the person's papers. Their files come by `/v1/me/uploads`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, status

from app.domain.documents.sniffing import FileType
from app.errors import NotFound
from routers.deps import Migrant, ReadingUow, Run, WritingUow
from routers.documents.content import FileResponse, file_response, sent
from routers.documents.schemas import (
    LinesIn,
    LinesOut,
    ShareIn,
    StoredDocumentIn,
    StoredDocumentList,
    StoredDocumentOut,
    VersionIn,
    document_out,
)
from routers.idempotency import KeepingRoute
from routers.language import own_language_of
from routers.problems import problems
from routers.profiles.schemas import zone_out
from services.documents import commands, queries
from services.documents.errors import DocumentNotReady, NoPreview, TooManyStored, VisitNotAhead
from services.profiles.errors import DocumentKnown, InvalidZone, TooManyDocuments, TooManyGuesses

router = APIRouter(prefix="/v1/me/stored-documents", tags=["documents"], route_class=KeepingRoute)
Page = Annotated[int, Query(ge=1, le=1000)]


@router.get("", responses=problems())
async def stored_documents(request: Request, uow: ReadingUow, caller: Migrant) -> StoredDocumentList:
    """The person's documents, newest first, with how far each file is and why one was refused."""
    language = own_language_of(request)
    found = await queries.own_documents(uow, caller.person)
    return StoredDocumentList(items=[document_out(view, language) for view in found])


@router.post("", status_code=status.HTTP_201_CREATED, responses=problems(TooManyStored))
async def begin_document(
    body: StoredDocumentIn, request: Request, uow: WritingUow, caller: Migrant
) -> StoredDocumentOut:
    """Begins a document; the file of each of its pages is uploaded then."""
    document_id = await commands.begin(uow, caller.person, body.kind, body.terms)
    return await _document(request, uow, caller.person, document_id)


@router.get("/{document_id}", responses=problems(NotFound))
async def stored_document(document_id: UUID, request: Request, uow: ReadingUow, caller: Migrant) -> StoredDocumentOut:
    """One of them."""
    return await _document(request, uow, caller.person, document_id)


@router.delete("/{document_id}", status_code=204, responses=problems(NotFound))
async def remove_document(document_id: UUID, uow: WritingUow, caller: Migrant) -> None:
    """Deletes a document with all its versions. Who mirrors it is told."""
    await commands.remove(uow, caller.person, document_id)


@router.post(
    "/{document_id}/versions", status_code=status.HTTP_201_CREATED, responses=problems(NotFound, TooManyStored)
)
async def add_version(
    document_id: UUID, body: VersionIn, request: Request, uow: WritingUow, caller: Migrant
) -> StoredDocumentOut:
    """Begins a new version of a paper that was renewed. The one before counts until this one is complete."""
    await commands.add_version(uow, caller.person, document_id, body.terms)
    return await _document(request, uow, caller.person, document_id)


@router.post(
    "/{document_id}/zone",
    responses=problems(NotFound, InvalidZone, DocumentKnown, TooManyGuesses, TooManyDocuments),
)
async def tell_zone(document_id: UUID, body: LinesIn, uow: WritingUow, caller: Migrant) -> LinesOut:
    """What the zone's lines say, for the person to compare; once they confirm it, it is their identity document.

    The phone reads the lines from the picture, or the person types them: nothing here reads pictures.
    """
    act = commands.confirm_lines if body.confirmed else commands.read_lines
    kind, zone = await act(uow, caller.person, document_id, body.mrz)
    return LinesOut(kind=kind, zone=zone_out(zone), confirmed=body.confirmed)


@router.post("/{document_id}/shares", responses=problems(NotFound, VisitNotAhead, DocumentNotReady))
async def share_document(
    document_id: UUID, body: ShareIn, request: Request, uow: WritingUow, caller: Migrant
) -> StoredDocumentOut:
    """Shows the document to the point of one visit, until the visit is over. Each look there is in the person's log."""
    await commands.share(uow, caller.person, document_id, body.booking_id)
    return await _document(request, uow, caller.person, document_id)


@router.delete("/{document_id}/shares/{booking_id}", status_code=204, responses=problems(NotFound))
async def take_share_back(document_id: UUID, booking_id: UUID, uow: WritingUow, caller: Migrant) -> None:
    """The point is shown it no more."""
    await commands.take_back(uow, caller.person, document_id, booking_id)


@router.get(
    "/{document_id}/files/{page}",
    response_class=FileResponse,
    responses={**problems(NotFound, DocumentNotReady), **sent(FileType.JPEG, FileType.PDF)},
)
async def own_file(
    document_id: UUID, page: int, uow: ReadingUow, run: Run, caller: Migrant, version: Page | None = None
) -> FileResponse:
    """A page's file: of the newest complete version, or of the one that is named."""
    return file_response(await queries.own_file(uow, run.objects, caller.person, document_id, page, version))


@router.get(
    "/{document_id}/files/{page}/preview",
    response_class=FileResponse,
    responses={**problems(NotFound, DocumentNotReady, NoPreview), **sent(FileType.JPEG)},
)
async def own_preview(
    document_id: UUID, page: int, uow: ReadingUow, run: Run, caller: Migrant, version: Page | None = None
) -> FileResponse:
    """A small picture of it, where there is one: of pictures, and of PDFs whose page is one."""
    opened = await queries.own_file(uow, run.objects, caller.person, document_id, page, version, preview=True)
    return file_response(opened)


async def _document(request: Request, uow: ReadingUow, person_id: UUID, document_id: UUID) -> StoredDocumentOut:
    return document_out(await queries.own_document(uow, person_id, document_id), own_language_of(request))
