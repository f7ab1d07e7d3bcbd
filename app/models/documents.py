"""Copies of a person's papers: documents, their versions, the files of each, what of a file has come, who is shown it.

What a file holds lies sealed in the object store; its key is sealed here with the person's own.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.domain.documents.kinds import PaperKind
from app.domain.documents.refusals import Refusal
from app.domain.documents.states import KEPT, FileState


def _listed(values: object) -> str:
    return ", ".join(f"'{value}'" for value in sorted(values))  # type: ignore[call-overload]


class StoredDocument(Base):
    """`version`: the newest that is ready, None before the first. `identity_document_id`: the record of what its zone
    says, once the person has confirmed it.
    """

    __tablename__ = "stored_documents"
    __table_args__ = (CheckConstraint(f"kind IN ({_listed(PaperKind)})", name="kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    version: Mapped[int | None] = mapped_column(SmallInteger)
    identity_document_id: Mapped[UUID | None] = mapped_column(ForeignKey("identity_documents.id"))
    created_at: Mapped[datetime]


class DocumentVersion(Base):
    """`pages`: how many files it has, in order. The dates are those that the paper bears."""

    __tablename__ = "document_versions"
    __table_args__ = (
        CheckConstraint("pages > 0 AND version > 0", name="pages"),
        CheckConstraint("issued_on <= expires_on", name="dates"),
    )

    document_id: Mapped[UUID] = mapped_column(ForeignKey("stored_documents.id"), primary_key=True)
    version: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    pages: Mapped[int] = mapped_column(SmallInteger)
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    created_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]


class DocumentFile(Base):
    """A page's file, from the first byte that comes. `length` is claimed, `received` is stored, `size` the clean one's.

    `secret_sealed`: the key of its content and, once it is ready, the digest of it (SHA-256). `content` and `preview`
    name objects. `claimed_until`: the lease of whoever checks it.
    """

    __tablename__ = "document_files"
    __table_args__ = (
        ForeignKeyConstraint(
            ["document_id", "version"],
            ["document_versions.document_id", "document_versions.version"],
            name="fk_document_files_version",
        ),
        CheckConstraint(f"state IN ({_listed(FileState)})", name="state"),
        CheckConstraint("received BETWEEN 0 AND length AND length > 0", name="received"),
        CheckConstraint("(state = 'uploading') = (expires_at IS NOT NULL)", name="expires_at"),
        CheckConstraint("state = 'uploading' OR received = length", name="whole"),
        CheckConstraint("(state = 'ready') = (content IS NOT NULL)", name="content"),
        CheckConstraint(
            f"(state = 'refused') = (refusal IS NOT NULL) AND refusal IN ({_listed(Refusal)})", name="refusal"
        ),
        Index(
            "uq_document_files_page",
            "document_id",
            "version",
            "page",
            unique=True,
            postgresql_where=text(f"state IN ({_listed(KEPT)})"),
        ),
        Index("ix_document_files_checking", "claimed_until", postgresql_where=text("state = 'checking'")),
        Index("ix_document_files_expires_at", "expires_at", postgresql_where=text("state = 'uploading'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), index=True)
    document_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(SmallInteger)
    page: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(String(10))
    length: Mapped[int] = mapped_column(Integer)
    received: Mapped[int] = mapped_column(Integer, server_default="0")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    refusal: Mapped[str | None] = mapped_column(String(20))
    secret_sealed: Mapped[bytes]
    media_type: Mapped[str | None] = mapped_column(String(20))
    size: Mapped[int | None] = mapped_column(Integer)
    content: Mapped[str | None] = mapped_column(String(120))
    preview: Mapped[str | None] = mapped_column(String(120))


class UploadPart(Base):
    """What came of a file at once, sealed in an object of its own until the file is checked."""

    __tablename__ = "upload_parts"
    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    file_id: Mapped[UUID] = mapped_column(ForeignKey("document_files.id", ondelete="CASCADE"), primary_key=True)
    first: Mapped[int] = mapped_column(Integer, primary_key=True)
    size: Mapped[int] = mapped_column(Integer)
    object: Mapped[str] = mapped_column(String(120))


class DocumentShare(Base):
    """A document that the person shows to one point for one visit, until they take it back or the visit ends."""

    __tablename__ = "document_shares"
    __table_args__ = (Index("ix_document_shares_booking_id", "booking_id"),)

    document_id: Mapped[UUID] = mapped_column(ForeignKey("stored_documents.id", ondelete="CASCADE"), primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("bookings.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), index=True)
    point_id: Mapped[UUID] = mapped_column(ForeignKey("points.id"))
    created_at: Mapped[datetime]


class DoomedObject(Base):
    """An object that nothing refers to any more: to be deleted by a worker."""

    __tablename__ = "doomed_objects"
    __table_args__ = (Index("ix_doomed_objects_since", "since"),)

    object: Mapped[str] = mapped_column(String(120), primary_key=True)
    since: Mapped[datetime]
