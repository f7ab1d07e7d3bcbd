"""Who is to be offered another place, and what they were offered. Whose it is, their booking says."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.domain.offers.terms import Cause, EntryStatus, OfferStatus


def _among(column: str, values: type[Cause] | type[EntryStatus] | type[OfferStatus]) -> str:
    return "{} IN ({})".format(column, ", ".join(f"'{value}'" for value in values))


class WaitlistEntry(Base):
    """Another place is sought for a booking that stood at `point_id` and `starts_at`: once it does not, no more.

    `points`, `earliest` and `latest` are the bounds that the person gave, from near which place is not kept.
    `deadline`: of the step, when they asked. `expected_at`: when a point that is behind will call them. `told_at`:
    since when their phones know that nothing was found at first.
    """

    __tablename__ = "waitlist"
    __table_args__ = (
        CheckConstraint(_among("cause", Cause), name="cause"),
        CheckConstraint(_among("status", EntryStatus), name="status"),
        CheckConstraint("(status = 'waiting') = (decided_at IS NULL)", name="decided_at"),
        Index("uq_waitlist_waiting", "booking_id", unique=True, postgresql_where=text("status = 'waiting'")),
        Index("ix_waitlist_booking", "booking_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("bookings.id"))
    service: Mapped[str] = mapped_column(String(40))
    cause: Mapped[str] = mapped_column(String(12))
    point_id: Mapped[UUID] = mapped_column(ForeignKey("points.id"))
    starts_at: Mapped[datetime]
    points: Mapped[list[UUID] | None] = mapped_column(ARRAY(Base.type_annotation_map[UUID]))
    earliest: Mapped[datetime | None]
    latest: Mapped[datetime | None]
    deadline: Mapped[date | None] = mapped_column(Date)
    expected_at: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(String(12))
    decided_at: Mapped[datetime | None]


class Offer(Base):
    """One or two places for somebody on the waitlist, each kept by a hold that bears the offer's id."""

    __tablename__ = "offers"
    __table_args__ = (
        CheckConstraint(_among("status", OfferStatus), name="status"),
        CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided_at"),
        Index("uq_offers_open", "entry_id", unique=True, postgresql_where=text("status = 'open'")),
        Index("ix_offers_entry", "entry_id"),
        Index("ix_offers_untold", "created_at", postgresql_where=text("told_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("waitlist.id"))
    status: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
