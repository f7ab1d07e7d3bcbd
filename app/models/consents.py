"""The consent ledger: one row for each thing that happened to a consent, never changed afterwards."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, FetchedValue, Index, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.domain.consents.status import ConsentStatus


class ConsentEvent(Base):
    """The record of ISO/IEC TS 27560:2023, one row a status. The terms repeat on each row: they never change.

    `scope`: a document's kind or a vacancy, for purposes that have one. `delegate_id` is the account of the guardian
    who said it; `channel` where each status was said; `reason` why a consent ended that nobody withdrew.
    """

    __tablename__ = "consent_events"
    __table_args__ = (
        CheckConstraint("status IN ({})".format(", ".join(f"'{s}'" for s in ConsentStatus)), name="status"),
        CheckConstraint("octet_length(notice_sha256) = 32", name="notice_hash"),
        CheckConstraint("expression IN ('guardian', 'tap', 'witnessed')", name="expression"),
        CheckConstraint("expression <> 'guardian' OR delegate_id IS NOT NULL", name="delegate"),
        CheckConstraint("expression <> 'witnessed' OR witness_id IS NOT NULL", name="witness"),
        CheckConstraint("expires_at IS NOT NULL", name="expiry"),
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
    scope: Mapped[str | None] = mapped_column(String(40))
    witness_id: Mapped[UUID | None]
    reason: Mapped[str | None] = mapped_column(String(20))


class ConsentNotice(Base):
    """The very text that was shown, kept for as long as the ledger has its hash."""

    __tablename__ = "consent_notices"
    __table_args__ = (CheckConstraint("sha256 = sha256(convert_to(shown, 'UTF8'))", name="hash"),)

    sha256: Mapped[bytes] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(12))
    shown: Mapped[str] = mapped_column(Text)
    first_shown_at: Mapped[datetime]


class ConsentState(Base):
    """Where a person's newest consent for a purpose and scope stands; `scope` is empty where there is none.

    Written by the ledger's trigger alone. A use locks it, so that no use goes on past a withdrawal.
    """

    __tablename__ = "consent_states"
    __table_args__ = (
        Index("uq_consent_states_consent_id", "consent_id", unique=True),
        Index(
            "ix_consent_states_open",
            "expires_at",
            postgresql_where=text("status IN ('given', 'renewed', 'requested')"),
        ),
    )

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(60), primary_key=True)
    scope: Mapped[str] = mapped_column(String(40), primary_key=True)
    consent_id: Mapped[UUID]
    seq: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(String(12))
    since: Mapped[datetime]
    expires_at: Mapped[datetime]
