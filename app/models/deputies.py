"""Who stands in for whom among the staff, and what was done with their accounts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.domain.identity.staff import StaffAction

_ACTIONS = ", ".join(f"'{action}'" for action in sorted(StaffAction))


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


class StaffEntry(Base):
    """One link of what was done with accounts of staff. `by_id` NULL: the person themselves, or the server's shell."""

    __tablename__ = "staff_log"
    __table_args__ = (
        CheckConstraint(f"action IN ({_ACTIONS})", name="action"),
        Index("ix_staff_log_at", "at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    account_id: Mapped[UUID]
    action: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[UUID | None]
