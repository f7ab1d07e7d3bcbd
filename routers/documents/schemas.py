"""Wire types of documents."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.domain.documents.kinds import PaperKind
from app.domain.documents.limits import MOST_FILES
from app.domain.documents.refusals import WORDS, Refusal
from app.domain.documents.states import FileState
from app.domain.profiles.documents import DocumentKind
from app.domain.profiles.languages import Language
from app.locales.reading import written
from app.models.documents import DocumentFile
from routers.profiles.schemas import ZoneOut
from routers.schemas import In, Out
from services.documents.commands import Terms
from services.documents.queries import DocumentView, VersionView


class VersionIn(In):
    """`pages`: how many files it has, which are uploaded one by one. The dates are those that the paper bears."""

    pages: int = Field(1, ge=1, le=MOST_FILES)
    issued_on: date | None = None
    expires_on: date | None = None

    @property
    def terms(self) -> Terms:
        return Terms(self.pages, self.issued_on, self.expires_on)


class StoredDocumentIn(VersionIn):
    kind: PaperKind


class LinesIn(In):
    """The zone's lines as the phone read them, or as the person typed them. `confirmed`: they have compared them."""

    mrz: str = Field(min_length=1, max_length=200)
    confirmed: bool = False


class LinesOut(Out):
    """What the lines say. With `confirmed` it is the person's identity document now, and this copy its scan."""

    kind: DocumentKind
    zone: ZoneOut
    confirmed: bool


class ShareIn(In):
    booking_id: UUID


class UploadOut(Out):
    """A file on its way: `offset` of `length` bytes are here. `location` is where its parts go."""

    id: UUID
    location: str
    offset: int
    length: int
    expires_at: datetime | None


class RefusalOut(Out):
    """Why the file was not taken, in the caller's language."""

    code: Refusal
    text: str


class FileOut(Out):
    """`upload_id` is also where it was uploaded. `media_type` and `size` are those of the file as it is kept."""

    upload_id: UUID
    page: int
    state: FileState
    offset: int
    length: int
    expires_at: datetime | None
    media_type: Literal["image/jpeg", "application/pdf"] | None
    size: int | None
    preview: bool
    refusal: RefusalOut | None


class VersionOut(Out):
    """Complete when its `state` is *ready*; a page that was refused, or is missing, can be uploaded again."""

    version: int
    state: FileState
    pages: int
    issued_on: date | None
    expires_on: date | None
    created_at: datetime
    ready_at: datetime | None
    files: list[FileOut]


class ShareOut(Out):
    booking_id: UUID
    point_id: UUID
    since: datetime


class StoredDocumentOut(Out):
    """`version`: the newest complete one. `shares`: the visits for which a point is shown it now."""

    id: UUID
    kind: PaperKind
    version: int | None
    created_at: datetime
    identity_document_id: UUID | None
    versions: list[VersionOut]
    shares: list[ShareOut]


class StoredDocumentList(Out):
    items: list[StoredDocumentOut]


class ShownDocumentOut(Out):
    """A document as a point is shown it: its newest complete version."""

    id: UUID
    kind: PaperKind
    version: int
    pages: int
    issued_on: date | None
    expires_on: date | None


class ShownDocumentList(Out):
    items: list[ShownDocumentOut]


def document_out(view: DocumentView, language: Language) -> StoredDocumentOut:
    document = view.document
    return StoredDocumentOut(
        id=document.id,
        kind=PaperKind(document.kind),
        version=document.version,
        created_at=document.created_at,
        identity_document_id=document.identity_document_id,
        versions=[_version_out(one, language) for one in view.versions],
        shares=[ShareOut(booking_id=s.booking_id, point_id=s.point_id, since=s.created_at) for s in view.shares],
    )


def shown_out(view: DocumentView) -> ShownDocumentOut:
    shown = next(one.version for one in view.versions if one.version.version == view.document.version)
    return ShownDocumentOut(
        id=view.document.id,
        kind=PaperKind(view.document.kind),
        version=shown.version,
        pages=shown.pages,
        issued_on=shown.issued_on,
        expires_on=shown.expires_on,
    )


def _version_out(view: VersionView, language: Language) -> VersionOut:
    version = view.version
    return VersionOut(
        version=version.version,
        state=view.state,
        pages=version.pages,
        issued_on=version.issued_on,
        expires_on=version.expires_on,
        created_at=version.created_at,
        ready_at=version.ready_at,
        files=[_file_out(file, language) for file in view.files],
    )


def _file_out(file: DocumentFile, language: Language) -> FileOut:
    code = Refusal(file.refusal) if file.refusal else None
    return FileOut.model_validate(
        {
            "upload_id": file.id,
            "page": file.page,
            "state": file.state,
            "offset": file.received,
            "length": file.length,
            "expires_at": file.expires_at,
            "media_type": file.media_type,
            "size": file.size,
            "preview": file.preview is not None,
            "refusal": RefusalOut(code=code, text=written(WORDS[code], "refusal", language)) if code else None,
        }
    )
