"""The consent ledger: one row for each thing that happened to a consent, never changed afterwards."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, FetchedValue, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.domain.consents.status import ConsentStatus


class ConsentEvent(Base):
    """The record of ISO/IEC TS 27560:2023, one row a status. The terms repeat on each row: they never change."""

    __tablename__ = "consent_events"
    __table_args__ = (
        CheckConstraint("status IN ({})".format(", ".join(f"'{s}'" for s in ConsentStatus)), name="status"),
        CheckConstraint("octet_length(notice_sha256) = 32", name="notice_hash"),
    )

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, FetchedValue(), primary_key=True, autoincrement=False)
    consent_id: Mapped[UUID] = mapped_column(index=True)
    at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(12))
    schema_version: Mapped[str] = mapped_column(String(20))
    controller: Mapped[str] = mapped_column(String(200))
    controller_contact: Mapped[str] = mapped_column(String(200))
    recipients: Mapped[list[str]] = mapped_column(ARRAY(String(200)))
    purpose: Mapped[str] = mapped_column(String(60))
    data_categories: Mapped[list[str]] = mapped_column(ARRAY(String(60)))
    operations: Mapped[list[str]] = mapped_column(ARRAY(String(60)))
    legal_basis: Mapped[str] = mapped_column(String(200))
    notice_id: Mapped[str] = mapped_column(String(60))
    notice_version: Mapped[str] = mapped_column(String(20))
    notice_language: Mapped[str] = mapped_column(String(12))
    notice_sha256: Mapped[bytes]
    jurisdiction: Mapped[str] = mapped_column(String(10))
    channel: Mapped[str] = mapped_column(String(20))
    expression: Mapped[str] = mapped_column(String(12))
    delegate_id: Mapped[UUID | None]
    expires_at: Mapped[datetime | None]
    retention: Mapped[str] = mapped_column(String(60))
    previous: Mapped[bytes]
    digest: Mapped[bytes]
