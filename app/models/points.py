"""Service points, their pools of counters, the services they give, and the capacity ledger."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, SmallInteger, String
from sqlalchemy.dialects.postgresql import ARRAY, DOUBLE_PRECISION, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class Point(Base):
    """A place with counters. `hours`: weekday (0 is Monday) → list of [opens, closes] in the point's own time."""

    __tablename__ = "points"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[dict[str, str]] = mapped_column(JSONB)
    municipality: Mapped[dict[str, str]] = mapped_column(JSONB)
    lat: Mapped[float] = mapped_column(DOUBLE_PRECISION)
    lon: Mapped[float] = mapped_column(DOUBLE_PRECISION)
    zone: Mapped[str] = mapped_column(String(40))
    languages: Mapped[list[str]] = mapped_column(ARRAY(String(12)))
    step_free: Mapped[bool] = mapped_column(Boolean)
    hours: Mapped[dict[str, Any]] = mapped_column(JSONB)
    open_on_holidays: Mapped[bool] = mapped_column(Boolean)


class Pool(Base):
    """Counters that do the same work: capacity belongs to them, not to a service."""

    __tablename__ = "pools"
    __table_args__ = (CheckConstraint("counters > 0", name="counters"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    point_id: Mapped[UUID] = mapped_column(ForeignKey("points.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    counters: Mapped[int] = mapped_column(SmallInteger)


class PointService(Base):
    """A service at a point: which pool gives it, how long it takes, on which grid of minutes it starts."""

    __tablename__ = "point_services"
    __table_args__ = (
        CheckConstraint("minutes > 0 AND minutes % 5 = 0 AND every > 0 AND every % 5 = 0", name="ticks"),
        Index("ix_point_services_service", "service"),
    )

    point_id: Mapped[UUID] = mapped_column(ForeignKey("points.id"), primary_key=True)
    service: Mapped[str] = mapped_column(String(40), primary_key=True)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pools.id"))
    minutes: Mapped[int] = mapped_column(SmallInteger)
    every: Mapped[int] = mapped_column(SmallInteger)


class CapacityDay(Base):
    """One pool's ledger for one local day: counters open and taken, in ticks of 5 elapsed minutes from `starts_at`.

    Every row that takes a place changes `used` in the same transaction; the CHECK decides who was too late.
    """

    __tablename__ = "capacity_days"
    __table_args__ = (CheckConstraint("capacity_holds(capacity, used)", name="within_capacity"),)

    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pools.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    starts_at: Mapped[datetime]
    capacity: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    used: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
