"""Who stands in for whom among the staff."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class DeputyRow(Base):
    """`deputy_id` acts for `account_id` until `until`; NULL: still. A row stays: what it forbade, it forbade."""

    __tablename__ = "deputies"
    __table_args__ = (
        CheckConstraint("account_id <> deputy_id", name="another"),
        CheckConstraint("until >= since", name="term"),
        Index("uq_deputies_now", "account_id", "deputy_id", unique=True, postgresql_where=text("until IS NULL")),
        Index("ix_deputies_deputy_id", "deputy_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    deputy_id: Mapped[UUID]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    named_by: Mapped[UUID]
