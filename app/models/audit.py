"""The append-only ledgers' common part, and the log of who used a person's data.

`seq`, `previous` and `digest` are filled in by the database (`migrations/sql`), which also refuses UPDATE,
DELETE and TRUNCATE to the application's role.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, FetchedValue, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.domain.audit.hiding import HidingGround


class ChainHead(Base):
    """The newest link of each person's chain in each ledger: the lock that keeps the chain single-file.

    `sealed_seq`: how far it is sealed; `planned_seq`: how far the person's reminders take it into account.
    """

    __tablename__ = "chain_heads"

    ledger: Mapped[str] = mapped_column(String(20), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[bytes]
    sealed_seq: Mapped[int] = mapped_column(BigInteger, server_default="0")
    planned_seq: Mapped[int] = mapped_column(BigInteger, server_default="0")

    __table_args__ = (
        Index("ix_chain_heads_unsealed", "ledger", "person_id", postgresql_where=text("seq > sealed_seq")),
        Index("ix_chain_heads_unplanned", "person_id", postgresql_where=text("seq > planned_seq")),
    )


class AuditEntry(Base):
    """One use or change of a person's data: that it happened and why, never the data.

    No foreign key to `persons`: the log outlives what it speaks of.
    """

    __tablename__ = "audit_entries"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, FetchedValue(), primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(60))
    purpose: Mapped[str | None] = mapped_column(String(60))
    ground: Mapped[str | None] = mapped_column(String(200))
    actor_role: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[UUID | None]
    receiver: Mapped[str | None] = mapped_column(String(200))
    subject: Mapped[dict[str, str]] = mapped_column(JSONB)
    previous: Mapped[bytes]
    digest: Mapped[bytes]
    system: Mapped[str | None] = mapped_column(String(60))


class UseHiding(Base):
    """An order that uses of somebody's data for a purpose are not shown to them until a day. `ordered_by`: the account.

    No foreign key to `persons`: what it speaks of, the log, has none either.
    """

    __tablename__ = "use_hidings"
    __table_args__ = (
        CheckConstraint("ground IN ({})".format(", ".join(f"'{g}'" for g in sorted(HidingGround))), name="ground"),
        CheckConstraint(
            "since < until AND until > ordered_at AND until <= ordered_at + interval '366 days'", name="term"
        ),
        Index("ix_use_hidings_person_id", "person_id", "until"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    purpose: Mapped[str] = mapped_column(String(60))
    receiver: Mapped[str | None] = mapped_column(String(200))
    ground: Mapped[str] = mapped_column(String(40))
    since: Mapped[datetime]
    until: Mapped[datetime]
    ordered_at: Mapped[datetime]
    ordered_by: Mapped[UUID]


class ChainSeal(Base):
    """The worker's signature over every head that moved since the seal before: backdating one chain breaks it."""

    __tablename__ = "chain_seals"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    sealed_at: Mapped[datetime]
    heads: Mapped[list[list[str]]] = mapped_column(JSONB)
    mac: Mapped[bytes]
