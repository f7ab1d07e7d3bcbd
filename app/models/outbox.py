"""Events on their way to an adapter, and answers kept so that a retried request is not done twice."""

from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class OutboxEvent(Base):
    """Written with the change it tells of. The payload is sealed, and dropped once delivered."""

    __tablename__ = "outbox_events"
    __table_args__ = (
        Index(
            "ix_outbox_events_due",
            "available_at",
            "id",
            postgresql_where=text("delivered_at IS NULL AND dead_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    topic: Mapped[str] = mapped_column(String(60))
    payload_sealed: Mapped[bytes | None]
    created_at: Mapped[datetime]
    available_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    delivered_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]


class KeptAnswer(Base):
    """The answer to a POST with an Idempotency-Key, sealed with that key: the database alone cannot open it."""

    __tablename__ = "kept_answers"
    __table_args__ = (Index("ix_kept_answers_expires_at", "expires_at"),)

    key_digest: Mapped[bytes] = mapped_column(primary_key=True)
    request_digest: Mapped[bytes]
    answer_sealed: Mapped[bytes | None]
    expires_at: Mapped[datetime]
