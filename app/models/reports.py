"""Reports that come by e-mail, and questions to the simulator. Nothing here is of any person but who works here."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class ReportSubscription(Base):
    """An operator's own: a report that comes to an address of theirs, once they have shown that it is theirs.

    `next_due` is empty until then, and from its end on. `tries`: wrong codes.
    """

    __tablename__ = "report_subscriptions"
    __table_args__ = (
        CheckConstraint("rhythm IN ('daily', 'weekly', 'monthly')", name="rhythm"),
        CheckConstraint("format IN ('pdf', 'xlsx')", name="format"),
        CheckConstraint("language IN ('ru', 'en')", name="language"),
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
        CheckConstraint("(next_due IS NOT NULL) = (confirmed_at IS NOT NULL AND ended_at IS NULL)", name="due"),
        Index("ix_report_subscriptions_due", "next_due", postgresql_where=text("next_due IS NOT NULL")),
        Index("ix_report_subscriptions_account", "account_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    address_sealed: Mapped[bytes]
    report: Mapped[str] = mapped_column(String(40))
    format: Mapped[str] = mapped_column(String(8))
    language: Mapped[str] = mapped_column(String(8))
    rhythm: Mapped[str] = mapped_column(String(10))
    hour: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    confirmed_at: Mapped[datetime | None]
    next_due: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ReportSending(Base):
    """One e-mail of a subscription: its code, or the report of a due time. One row for each, whoever plans it.

    A claim is a lease; what came of it is written with the answer. `id` is the message's own, in every try.
    """

    __tablename__ = "report_sendings"
    __table_args__ = (
        CheckConstraint("kind IN ('code', 'report')", name="kind"),
        CheckConstraint("status IN ('waiting', 'sending', 'accepted', 'failed', 'lapsed')", name="status"),
        CheckConstraint("(status = 'sending') = (leased_until IS NOT NULL)", name="lease"),
        Index(
            "ix_report_sendings_open",
            "try_at",
            postgresql_where=text("status IN ('waiting', 'sending')"),
        ),
    )

    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("report_subscriptions.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    try_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(60))


class WhatIf(Base):
    """A question of an operator to the simulator, what it was played with, and the answer.

    `world`: public plans and released figures, from which alone the answer is made. `progress`: of 100.
    """

    __tablename__ = "what_ifs"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'running', 'done', 'failed')", name="status"),
        CheckConstraint("(status = 'running') = (leased_until IS NOT NULL)", name="lease"),
        CheckConstraint("(status = 'done') = (answer IS NOT NULL)", name="answer"),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
        Index("ix_what_ifs_open", "asked_at", postgresql_where=text("status IN ('waiting', 'running')")),
        Index("ix_what_ifs_account", "asked_by", "asked_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    question: Mapped[dict[str, Any]] = mapped_column(JSONB)
    world: Mapped[dict[str, Any]] = mapped_column(JSONB)
    status: Mapped[str] = mapped_column(String(10))
    progress: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    leased_until: Mapped[datetime | None]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    ended_at: Mapped[datetime | None]


class ForecastRelease(Base):
    """A forecast of labour supply, made once for the weeks that begin on `starts_on`, and never changed.

    `lines`: [occupations, Monday, people, at least, at most]. `learned`: bounds from earlier forecasts' errors.
    """

    __tablename__ = "forecast_releases"

    starts_on: Mapped[date] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    learned: Mapped[bool]
    lines: Mapped[list[Any]] = mapped_column(JSONB)
