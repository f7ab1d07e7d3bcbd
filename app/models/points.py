"""Service points, their pools of counters, the services they give, what differs on some days, and the ledger."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Computed,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DOUBLE_PRECISION, JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base

_DAYS: Any = literal_column("daterange(first_day, last_day, '[]')")


class Point(Base):
    """A place with counters. `hours`: weekday (0 is Monday) → list of [opens, closes] in the point's own time.

    `features` make it accessible; `interpreters`: weekday → languages that an interpreter speaks there then.
    `directions` and `to_know` are texts by language; `contact`: phone, email and site, as far as it has them.
    """

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
    features: Mapped[list[str]] = mapped_column(ARRAY(String(20)), server_default="{}")
    interpreters: Mapped[dict[str, list[str]]] = mapped_column(JSONB, server_default="{}")
    directions: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    to_know: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    contact: Mapped[dict[str, str] | None] = mapped_column(JSONB)


class Service(Base):
    """What can be had in the region and what it is for, by language. `settling_in`: no step asks for it."""

    __tablename__ = "services"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[dict[str, str]] = mapped_column(JSONB)
    purpose: Mapped[dict[str, str]] = mapped_column(JSONB)
    settling_in: Mapped[bool] = mapped_column(Boolean)


class PointException(Base):
    """Days, first and last included, on which a point has other hours; closed when there are none. Why, in words."""

    __tablename__ = "point_exceptions"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        ExcludeConstraint(
            (literal_column("point_id"), "="), (_DAYS, "&&"), name="ex_point_exceptions_one_a_day", using="gist"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    point_id: Mapped[UUID] = mapped_column(ForeignKey("points.id"))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    hours: Mapped[list[list[str]]] = mapped_column(JSONB)
    reason: Mapped[dict[str, str]] = mapped_column(JSONB)


class Pool(Base):
    """Counters that do the same work: capacity belongs to them, not to a service.

    `counters` work on any day; `weekly_counters` (weekday → counters) on the weekdays that it names.
    Without counters it no longer works.
    """

    __tablename__ = "pools"
    __table_args__ = (CheckConstraint("counters >= 0", name="counters"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    point_id: Mapped[UUID] = mapped_column(ForeignKey("points.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    counters: Mapped[int] = mapped_column(SmallInteger)
    weekly_counters: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}")


class PoolException(Base):
    """Days, first and last included, on which a pool has another number of counters."""

    __tablename__ = "pool_exceptions"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("counters >= 0", name="counters"),
        ExcludeConstraint(
            (literal_column("pool_id"), "="), (_DAYS, "&&"), name="ex_pool_exceptions_one_a_day", using="gist"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pools.id"))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
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


class DirectoryVersion(Base):
    """One row, moved on by triggers with every change of a point or a service: what is kept in memory is checked
    against it.
    """

    __tablename__ = "directory_version"
    __table_args__ = (CheckConstraint("only_row", name="only_row"),)

    only_row: Mapped[bool] = mapped_column(Boolean, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)


class CapacityDay(Base):
    """One pool's ledger for one local day: counters open and taken, in ticks of 5 elapsed minutes from `starts_at`.

    Every row that takes a place changes `used` in the same transaction; the CHECK decides who was too late.
    `starts_at` is the local midnight and never moves, so a tick means the same instant for good (decision 0006).
    The grids of services begin at `opens_tick`. Where more is used than a later plan has, `planned` is that plan, and
    `capacity` keeps the places that are taken: a trigger closes each when it is given back.
    """

    __tablename__ = "capacity_days"
    __table_args__ = (
        CheckConstraint("capacity_holds(capacity, used)", name="within_capacity"),
        CheckConstraint("opens_tick >= 0", name="opens_tick"),
        CheckConstraint("planned IS NULL OR cardinality(planned) = cardinality(capacity)", name="planned"),
        Index("ix_capacity_days_beyond", "pool_id", "day", postgresql_where=text("planned IS NOT NULL")),
    )

    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pools.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    starts_at: Mapped[datetime]
    capacity: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    used: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    opens_tick: Mapped[int] = mapped_column(SmallInteger, server_default=text("'0'"))
    planned: Mapped[list[int] | None] = mapped_column(ARRAY(SmallInteger))
    longest_free: Mapped[int] = mapped_column(
        SmallInteger, Computed("longest_free_ticks(capacity, used, opens_tick)", persisted=True)
    )
