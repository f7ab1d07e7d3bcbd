"""Resumable uploads by tus 1.0 (https://tus.io/protocols/resumable-upload), with creation, termination, checksum and
expiration.

A file is a page of a version of a document that was begun before: `Upload-Metadata` bears `document`, and if they are
not 1 `version` and `page`. `POST` makes it, `PATCH` sends what comes next, `HEAD` tells how much is here after the net
was gone, `DELETE` gives it up.
"""

from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import datetime
from email.utils import format_datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request, Response, status
from starlette.requests import ClientDisconnect

from app.domain.documents import tus
from app.domain.documents.limits import MOST_BYTES
from app.errors import InvalidInput, NotFound
from routers.deps import Anyone, Migrant, ReadingUow, Region, Run, WritingUow
from routers.documents.schemas import UploadOut
from routers.idempotency import KeepingRoute, told_by_headers
from routers.problems import problems
from services.documents import uploads
from services.documents.errors import (
    ChecksumWrong,
    ContentTypeWrong,
    FileTooLarge,
    OffsetWrong,
    PageTaken,
    StorageFull,
    TooManyUploads,
    TusVersionWrong,
    UploadFinished,
)
from services.documents.uploads import Upload


class TusRoute(KeepingRoute):
    """Says on every answer, errors too, which version of the protocol it is."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def speaking(request: Request) -> Response:
            request.state.headers = {"Tus-Resumable": tus.VERSION, "Tus-Version": tus.VERSION}
            return await handle(request)

        return speaking


router = APIRouter(prefix=tus.PATH, tags=["documents"], route_class=TusRoute)


async def tus_version(
    tus_resumable: Annotated[str | None, Header(max_length=20, description=tus.VERSION)] = None,
) -> None:
    if tus_resumable != tus.VERSION:
        raise TusVersionWrong


Speaks = Depends(tus_version)
Said = Annotated[str | None, Header(max_length=2000)]
_FOUND = {"description": "Where it stands is in `Upload-Offset`, `Upload-Length` and `Upload-Expires`."}


@router.options(
    "", status_code=204, response_class=Response, dependencies=[Anyone], responses=problems(signed_in=False)
)
async def upload_terms() -> Response:
    """What is taken, and how."""
    headers = {"Tus-Extension": ",".join(tus.EXTENSIONS), "Tus-Max-Size": str(MOST_BYTES)}
    headers["Tus-Checksum-Algorithm"] = ",".join(tus.ALGORITHMS)
    return Response(status_code=status.HTTP_204_NO_CONTENT, headers=headers)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=problems(TusVersionWrong, NotFound, FileTooLarge, PageTaken, TooManyUploads, StorageFull),
)
@told_by_headers("upload-length", "upload-metadata")
async def start_upload(
    caller: Migrant,
    _speaks: Annotated[None, Speaks],
    uow: WritingUow,
    response: Response,
    upload_length: Annotated[Said, Header(description="In bytes.")] = None,
    upload_metadata: Annotated[
        Said, Header(description="`document`, `version`, `page`, each with its value in Base64.")
    ] = None,
) -> UploadOut:
    """Makes room for a page's file. Its parts go to where `Location` says."""
    length = _number("Upload-Length", upload_length)
    if length == 0:
        raise InvalidInput(field="Upload-Length")
    try:
        target = tus.target(upload_metadata)
    except tus.TusError as error:
        raise InvalidInput(field=error.header) from None
    made = await uploads.start(uow, caller.person, target, length)
    location = f"{tus.PATH}/{made.id}"
    response.headers.update({"Location": location, **_expires(made.expires_at)})
    return UploadOut(id=made.id, location=location, offset=made.offset, length=made.length, expires_at=made.expires_at)


@router.head("/{upload_id}", response_class=Response, responses={200: _FOUND, **problems(TusVersionWrong, NotFound)})
async def upload_state(upload_id: UUID, caller: Migrant, _speaks: Annotated[None, Speaks], uow: ReadingUow) -> Response:
    """How much of the file is here."""
    return _standing(await uploads.own_upload(uow, caller.person, upload_id), status.HTTP_200_OK)


@router.patch(
    "/{upload_id}",
    status_code=204,
    response_class=Response,
    responses=problems(
        TusVersionWrong, NotFound, ContentTypeWrong, OffsetWrong, ChecksumWrong, FileTooLarge, TooManyUploads
    ),
    openapi_extra={
        "requestBody": {"content": {tus.CONTENT_TYPE: {"schema": {"type": "string", "contentEncoding": "binary"}}}}
    },
)
async def send_part(
    upload_id: UUID,
    request: Request,
    caller: Migrant,
    _speaks: Annotated[None, Speaks],
    run: Run,
    region: Region,
    upload_offset: Annotated[Said, Header(description="Up to where the file is here.")] = None,
    upload_checksum: Annotated[Said, Header(description="`sha256` or `sha1`, and the digest in Base64.")] = None,
) -> Response:
    """Sends what comes next. However it ends, what has come is kept; with a checksum, all of it or nothing."""
    if request.headers.get("content-type", "").strip().lower() != tus.CONTENT_TYPE:
        raise ContentTypeWrong
    try:
        checksum = tus.checksum(upload_checksum)
    except tus.TusError as error:
        raise InvalidInput(field=error.header) from None
    declared = request.headers.get("content-length")
    standing = await uploads.receive(
        run.database,
        region,
        caller,
        run.objects,
        upload_id,
        _number("Upload-Offset", upload_offset),
        _pieces(request),
        declared=int(declared) if declared and declared.isdigit() else None,
        checksum=checksum,
    )
    return _standing(standing, status.HTTP_204_NO_CONTENT)


@router.delete(
    "/{upload_id}",
    status_code=204,
    response_class=Response,
    responses=problems(TusVersionWrong, NotFound, UploadFinished),
)
async def end_upload(upload_id: UUID, caller: Migrant, _speaks: Annotated[None, Speaks], uow: WritingUow) -> Response:
    """Gives a file up, with all that has come of it."""
    await uploads.terminate(uow, caller.person, upload_id)
    return Response(status_code=status.HTTP_204_NO_CONTENT)


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes; it ends where the phone's net does."""
    try:
        async for piece in request.stream():
            yield piece
    except ClientDisconnect:
        return


def _standing(upload: Upload, code: int) -> Response:
    headers = {"Upload-Offset": str(upload.offset), "Upload-Length": str(upload.length), **_expires(upload.expires_at)}
    return Response(status_code=code, headers=headers)


def _expires(at: datetime | None) -> dict[str, str]:
    return {"Upload-Expires": format_datetime(at, usegmt=True)} if at else {}


def _number(header: str, text: str | None) -> int:
    try:
        return tus.number(header, text)
    except tus.TusError:
        raise InvalidInput(field=header) from None
