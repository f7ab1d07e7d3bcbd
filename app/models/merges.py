"""Two accounts that gave one document: whose it is, and whether they are one person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.domain.profiles.merging import MergeStatus


class MergeCase(Base):
    """`claimant_id` gave a document that is `holder_id`'s already.

    `code` is on the claimant's phone: whoever accepts has it before them, and a clerk finds the case by it.
    """

    __tablename__ = "merge_cases"
    __table_args__ = (
        CheckConstraint("status IN ({})".format(", ".join(f"'{s}'" for s in MergeStatus)), name="status"),
        CheckConstraint("octet_length(number_index) = 32", name="number_index"),
        CheckConstraint("(status = 'pending') = (decided_at IS NULL)", name="decided_at"),
        Index(
            "uq_merge_cases_pending",
            "claimant_id",
            "number_index",
            unique=True,
            postgresql_where=text("status = 'pending'"),
        ),
        Index("ix_merge_cases_holder", "holder_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(14), unique=True)
    claimant_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    holder_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    number_index: Mapped[bytes]
    status: Mapped[str] = mapped_column(String(12))
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
