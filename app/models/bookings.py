"""Holds and bookings: one row from the first tap to the end of the visit."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.domain.bookings.status import LIVE, BookingStatus

_LIVE = "status IN ({})".format(", ".join(f"'{status}'" for status in sorted(LIVE)))


class Booking(Base):
    """A place taken by a person for a step. `first_tick` and `ticks` say which ticks of the ledger it uses.

    `group_id` is shared by visits that a family booked together, `itinerary_id` by those of one itinerary.
    A hold with an `offer_id` keeps a place that is offered to the person.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["pool_id", "day"],
            ["capacity_days.pool_id", "capacity_days.day"],
            name="fk_bookings_capacity_day",
        ),
        CheckConstraint("status IN ({})".format(", ".join(f"'{s}'" for s in BookingStatus)), name="status"),
        CheckConstraint("NOT isempty(during)", name="during"),
        CheckConstraint("first_tick >= 0 AND ticks > 0", name="ticks"),
        CheckConstraint("(status = 'held') = (held_until IS NOT NULL)", name="held_until"),
        # A person is never in two places. Not over holds, or one's own hold would block moving a visit.
        ExcludeConstraint(
            (literal_column("person_id"), "="),
            (literal_column("during"), "&&"),
            name="ex_bookings_one_place",
            using="gist",
            where=text(_LIVE),
        ),
        Index(
            "uq_bookings_held_step",
            "person_id",
            "step",
            unique=True,
            postgresql_where=text("status = 'held' AND offer_id IS NULL"),
        ),
        Index("uq_bookings_live_step", "person_id", "step", unique=True, postgresql_where=text(_LIVE)),
        Index("ix_bookings_arrived_day", "day", postgresql_where=text("status = 'arrived'")),
        Index("ix_bookings_confirmed_day", "day", postgresql_where=text("status = 'confirmed'")),
        Index("ix_bookings_held_until", "held_until", postgresql_where=text("status = 'held'")),
        Index("ix_bookings_offer", "offer_id", postgresql_where=text("offer_id IS NOT NULL")),
        Index("ix_bookings_person", "person_id", "created_at", "id"),
        Index("ix_bookings_pool_day", "pool_id", "day"),
        Index("ix_bookings_point_day", "point_id", "day"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    step: Mapped[str] = mapped_column(String(40))
    service: Mapped[str] = mapped_column(String(40))
    point_id: Mapped[UUID] = mapped_column(ForeignKey("points.id"))
    pool_id: Mapped[UUID]
    day: Mapped[date]
    first_tick: Mapped[int] = mapped_column(SmallInteger)
    ticks: Mapped[int] = mapped_column(SmallInteger)
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    status: Mapped[str] = mapped_column(String(12))
    held_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(server_default="1")
    moved_at: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)), server_default=text("'{}'"))
    group_id: Mapped[UUID | None]
    itinerary_id: Mapped[UUID | None] = mapped_column(ForeignKey("itineraries.id"))
    offer_id: Mapped[UUID | None] = mapped_column(ForeignKey("offers.id", use_alter=True))
