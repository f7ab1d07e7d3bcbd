"""How a file of a document is sent: opened while it goes, never to be run or kept by a browser."""

from typing import Any

from fastapi.responses import StreamingResponse

from app.domain.documents.sniffing import FileType
from services.documents.queries import Opened

_ENDINGS = {FileType.JPEG.value: "jpg", FileType.PDF.value: "pdf"}


class FileResponse(StreamingResponse):
    """A picture or a PDF."""

    media_type = "application/octet-stream"


def sent(*types: FileType) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that sends one."""
    binary = {"schema": {"type": "string", "contentEncoding": "binary"}}
    return {200: {"description": "The file.", "content": {each.value: binary for each in types}}}


def file_response(opened: Opened) -> FileResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{opened.kind}-{opened.page}.{_ENDINGS[opened.media_type]}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if opened.size is not None:
        headers["Content-Length"] = str(opened.size)
    return FileResponse(opened.body, media_type=opened.media_type, headers=headers)
