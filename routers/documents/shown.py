"""What visitors show to the point that they come to. Each look is in the visitor's log."""

from uuid import UUID

from fastapi import APIRouter

from app.domain.documents.sniffing import FileType
from app.errors import NotFound
from routers.deps import Clerk, Run, WritingUow
from routers.documents.content import FileResponse, file_response, sent
from routers.documents.schemas import ShownDocumentList, shown_out
from routers.idempotency import KeepingRoute
from routers.problems import problems
from services.documents import queries
from services.documents.errors import NoPreview

router = APIRouter(prefix="/v1/visits/{booking_id}/documents", tags=["documents"], route_class=KeepingRoute)


@router.get("", responses=problems(NotFound))
async def shown_documents(booking_id: UUID, uow: WritingUow, caller: Clerk) -> ShownDocumentList:
    """The documents that the visitor shows for this visit, while it is not over."""
    found = await queries.shown_documents(uow, caller, booking_id)
    return ShownDocumentList(items=[shown_out(view) for view in found])


@router.get(
    "/{document_id}/files/{page}",
    response_class=FileResponse,
    responses={**problems(NotFound), **sent(FileType.JPEG, FileType.PDF)},
)
async def shown_file(
    booking_id: UUID, document_id: UUID, page: int, uow: WritingUow, run: Run, caller: Clerk
) -> FileResponse:
    """A page of one of them."""
    return file_response(await queries.shown_file(uow, run.objects, caller, booking_id, document_id, page))


@router.get(
    "/{document_id}/files/{page}/preview",
    response_class=FileResponse,
    responses={**problems(NotFound, NoPreview), **sent(FileType.JPEG)},
)
async def shown_preview(
    booking_id: UUID, document_id: UUID, page: int, uow: WritingUow, run: Run, caller: Clerk
) -> FileResponse:
    """A small picture of it, where there is one."""
    opened = await queries.shown_file(uow, run.objects, caller, booking_id, document_id, page, preview=True)
    return file_response(opened)
