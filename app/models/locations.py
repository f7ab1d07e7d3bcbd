"""Where a person was, sealed with their key."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class LocationPerson(Base):
    """One row a person: what they chose, and the latest that is known.

    `resolution`: of H3; null is exact. What was taken up to `deleted_until` is refused. `latest_sealed`: a cell.
    `news`: `registry` has to be told of it; `told_at`: when that sample was taken which it was told of last.
    """

    __tablename__ = "location_people"
    __table_args__ = (
        CheckConstraint("resolution BETWEEN 4 AND 10", name="resolution"),
        CheckConstraint("keep_days BETWEEN 1 AND 30", name="keep_days"),
        CheckConstraint("(latest_at IS NULL) = (latest_sealed IS NULL)", name="latest"),
        Index("ix_location_people_news", "person_id", postgresql_where=text("news")),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    resolution: Mapped[int | None] = mapped_column(SmallInteger)
    keep_days: Mapped[int] = mapped_column(SmallInteger)
    deleted_until: Mapped[datetime | None]
    latest_at: Mapped[datetime | None]
    latest_sealed: Mapped[bytes | None]
    told_at: Mapped[datetime | None]
    news: Mapped[bool] = mapped_column(Boolean, server_default=text("'false'"))


class LocationBatch(Base):
    """What came in one batch of one day (UTC), sealed as a whole: `services.locations.sealing`.

    Partitioned by month; the worker makes months ahead and drops those of which nothing may be kept.
    """

    __tablename__ = "location_batches"
    __table_args__ = (
        CheckConstraint("samples > 0 AND first_at <= last_at", name="samples"),
        {"postgresql_partition_by": "RANGE (day)"},
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    samples: Mapped[int] = mapped_column(Integer)
    sealed: Mapped[bytes]
