"""What is mirrored to the regional registry: a sequence a person, erasures and receipts, dead letters, alarms."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, SmallInteger, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.domain.registry.mirror import ACTS, MirrorStatus

_ACTS = ", ".join(f"'{act}'" for act in ACTS)
_STATUSES = ", ".join(f"'{status.value}'" for status in MirrorStatus)
_OPEN = "status IN ('queued', 'sent')"


class MirrorPerson(Base):
    """One row a person whose data was ever mirrored: the lock behind which their sequence grows and is sent.

    `subject` is the pseudonym by which the registry knows them. `due_at`: when there is something to send, if there
    is. `lease` is the worker's that has the person, until `leased_until`.
    """

    __tablename__ = "mirror_people"
    __table_args__ = (Index("ix_mirror_people_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    subject: Mapped[UUID] = mapped_column(unique=True)
    last_seq: Mapped[int] = mapped_column(BigInteger, server_default="0")
    due_at: Mapped[datetime | None]
    lease: Mapped[UUID | None]
    leased_until: Mapped[datetime | None]
    compared_at: Mapped[datetime | None] = mapped_column(index=True)


class MirrorEvent(Base):
    """One number of one person's sequence. It never disappears: what is cancelled becomes a tombstone in its place.

    The content is sealed with the person's key, and dropped once it is replaced, erased or rejected. `digest` is of
    the body as it goes over the wire.
    """

    __tablename__ = "mirror_events"
    __table_args__ = (
        CheckConstraint(f"act IN ({_ACTS})", name="act"),
        CheckConstraint(f"status IN ({_STATUSES})", name="status"),
        CheckConstraint("seq >= 1", name="seq"),
        CheckConstraint(
            "content_sealed IS NULL OR act LIKE '%.put.%'",
            name="content",
        ),
        Index("ix_mirror_events_open", "person_id", "seq", postgresql_where=text(_OPEN)),
        Index("ix_mirror_events_received", "answered_at", postgresql_where=text("status = 'received'")),
        Index("ix_mirror_events_consent_id", "consent_id", postgresql_where=text("consent_id IS NOT NULL")),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("mirror_people.person_id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(unique=True)
    act: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40), server_default="")
    key: Mapped[str] = mapped_column(String(80), server_default="")
    purpose: Mapped[str] = mapped_column(String(60), server_default="")
    scope: Mapped[str] = mapped_column(String(60), server_default="")
    ground: Mapped[str] = mapped_column(String(200), server_default="")
    consent_id: Mapped[UUID | None]
    content_sealed: Mapped[bytes | None]
    digest: Mapped[bytes]
    supersedes: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(String(60), server_default="")
    status: Mapped[str] = mapped_column(String(10), server_default=MirrorStatus.QUEUED)
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    created_at: Mapped[datetime]
    available_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]


class MirrorErasure(Base):
    """A demand that the registry erases what it has under one consent, and the receipt that says that it did."""

    __tablename__ = "mirror_erasures"
    __table_args__ = (
        CheckConstraint("(receipt IS NULL) = (receipt_at IS NULL)", name="receipt"),
        Index("ix_mirror_erasures_open", "asked_at", postgresql_where=text("receipt IS NULL")),
        Index("ix_mirror_erasures_person_id", "person_id"),
    )

    consent_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("mirror_people.person_id"))
    purpose: Mapped[str] = mapped_column(String(60))
    scope: Mapped[str] = mapped_column(String(60))
    asked_at: Mapped[datetime]
    due_by: Mapped[datetime]
    escalated_at: Mapped[datetime | None]
    receipt: Mapped[str | None] = mapped_column(Text)
    receipt_at: Mapped[datetime | None]


class MirrorDeadLetter(Base):
    """What the registry will not take as it is, kept for a person to look at and put back. It has left the sequence."""

    __tablename__ = "mirror_dead_letters"
    __table_args__ = (Index("ix_mirror_dead_letters_person_id", "person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("mirror_people.person_id"))
    seq: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(String(60))
    scope: Mapped[str] = mapped_column(String(60))
    consent_id: Mapped[UUID | None]
    content_sealed: Mapped[bytes | None]
    reason: Mapped[str] = mapped_column(String(60))
    died_at: Mapped[datetime]


class MirrorAlarm(Base):
    """What no honest registry does, and what waits too long: for the operator, who says when it is settled."""

    __tablename__ = "mirror_alarms"
    __table_args__ = (Index("ix_mirror_alarms_open", "id", postgresql_where=text("settled_at IS NULL")),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime]
    code: Mapped[str] = mapped_column(String(60))
    event_id: Mapped[UUID | None]
    settled_at: Mapped[datetime | None]


class MirrorRead(Base):
    """A use at the registry that stands in its person's log: by its name there, so that it stands there once."""

    __tablename__ = "mirror_reads"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    heard_at: Mapped[datetime]


class MirrorKey(Base):
    """What Manzil signs with towards the registry. The next one is published days before it signs."""

    __tablename__ = "mirror_keys"

    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    public_jwk: Mapped[dict[str, Any]] = mapped_column(JSONB)
    private_sealed: Mapped[bytes]
    signs_from: Mapped[datetime]
