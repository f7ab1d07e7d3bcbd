"""What a person is to be told, what was told, and its way to each of their devices."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    String,
    Time,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.domain.reminders.delivery import OPEN, DeliveryStatus
from app.domain.reminders.diff import ReminderStatus
from app.domain.reminders.preferences import OUTSIDE


def _listed(values: Any) -> str:
    return ", ".join(f"'{value}'" for value in sorted(values))


class ReminderPlan(Base):
    """One row a person: the lock behind which they are planned and told, and when they are planned next without
    anything having happened.

    `book` is the version of the law that it was planned by. `papers`: last days of documents, by the digest of the
    sealed bytes, so that nothing is unsealed twice. `told_too`: guardians, who are told of their wards.
    """

    __tablename__ = "reminder_plans"
    __table_args__ = (Index("ix_reminder_plans_replan_at", "replan_at"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    replan_at: Mapped[datetime]
    book: Mapped[str | None] = mapped_column(String(40))
    papers: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    told_too: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid(as_uuid=True)), server_default=text("'{}'"))


class ReminderRow(Base):
    """One thing to tell, or told. Unique in person, subject, kind and due time, so nothing redelivered doubles it.

    `about`, `days` and `matter` as in `app.domain.reminders.planning`; `more` is what events bring along. Reminders
    that were told as one message share `message_id`.
    """

    __tablename__ = "reminders"
    __table_args__ = (
        UniqueConstraint("person_id", "subject", "subject_id", "kind", "due_at"),
        CheckConstraint(f"status IN ({_listed(ReminderStatus)})", name="status"),
        CheckConstraint("(message_id IS NULL) = (told_at IS NULL)", name="told"),
        CheckConstraint("status NOT IN ('told', 'outdated') OR told_at IS NOT NULL", name="told_at"),
        Index("ix_reminders_due", "urgent", "due_at", postgresql_where=text("status = 'waiting'")),
        Index("ix_reminders_expires_at", "expires_at", postgresql_using="brin"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    subject: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(24))
    about: Mapped[datetime]
    days: Mapped[int] = mapped_column(SmallInteger)
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    matter: Mapped[str | None] = mapped_column(String(60))
    point_id: Mapped[UUID | None]
    more: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    urgent: Mapped[bool] = mapped_column(Boolean)
    planned: Mapped[bool] = mapped_column(Boolean)
    status: Mapped[str] = mapped_column(String(10), server_default=ReminderStatus.WAITING)
    message_id: Mapped[UUID | None]
    told_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]


class ReminderPreference(Base):
    """What a person chose of messages. `muted`: kind → channels."""

    __tablename__ = "reminder_preferences"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    quiet_begins: Mapped[time] = mapped_column(Time)
    quiet_ends: Mapped[time] = mapped_column(Time)
    zone: Mapped[str | None] = mapped_column(String(40))
    detail: Mapped[bool] = mapped_column(Boolean)
    sms: Mapped[bool] = mapped_column(Boolean)
    email: Mapped[bool] = mapped_column(Boolean)
    muted: Mapped[dict[str, list[str]]] = mapped_column(JSONB)


class PushAddress(Base):
    """Where a device is reached by push: its FCM registration token or installation id, sealed.

    One address is one device's: who signs in on a phone after somebody else takes it over.
    """

    __tablename__ = "push_addresses"
    __table_args__ = (CheckConstraint("kind IN ('installation', 'token')", name="kind"),)

    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    value_index: Mapped[bytes] = mapped_column(unique=True)
    value_sealed: Mapped[bytes]
    language: Mapped[str] = mapped_column(String(12))
    changed_at: Mapped[datetime]


class Delivery(Base):
    """The way of a message to one device, or to one person's number or address: `target_id`.

    While it is `sending`, `available_at` is the end of the lease; before, when it is to be tried. `unknown`: how often
    a carrier may have got it and no answer was written: then it went out again with the same id.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("message_id", "channel", "target_id"),
        CheckConstraint(f"channel IN ({_listed(OUTSIDE)})", name="channel"),
        CheckConstraint(f"status IN ({_listed(DeliveryStatus)})", name="status"),
        Index("ix_deliveries_due", "available_at", postgresql_where=text(f"status IN ({_listed(OPEN)})")),
        Index("ix_deliveries_created_at", "created_at", postgresql_using="brin"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    message_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    channel: Mapped[str] = mapped_column(String(8))
    target_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    available_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    unknown: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    answered_at: Mapped[datetime | None]
    reference: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(String(60))
    received_at: Mapped[datetime | None]
