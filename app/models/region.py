"""What is told of the region: cells of ten people or more, as they were told, for good. Nothing personal is here."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, Identity, Index, SmallInteger, String
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.domain.figures.periods import Family


class FigureRelease(Base):
    """The cells of a period as they were told: [[what is known of the cell, count], …]; none when all were too few.

    `seq` is the order of telling. A row is never changed and never taken away: what was told twice could be subtracted.
    """

    __tablename__ = "figure_releases"
    __table_args__ = (
        CheckConstraint("family IN ({})".format(", ".join(f"'{f}'" for f in sorted(Family))), name="family"),
        CheckConstraint("release BETWEEN 0 AND 2", name="release"),
        CheckConstraint("starts_on < ends_on", name="days"),
        Index("uq_figure_releases_seq", "seq", unique=True),
    )

    family: Mapped[str] = mapped_column(String(20), primary_key=True)
    starts_on: Mapped[date] = mapped_column(Date, primary_key=True)
    release: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    ends_on: Mapped[date] = mapped_column(Date)
    told_at: Mapped[datetime]
    book_version: Mapped[str] = mapped_column(String(40))
    cells: Mapped[list[Any]] = mapped_column(JSONB)
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))


class RegionBaseline(Base):
    """A figure of a year before, by which the region measures itself, as the operator states it. The newest counts."""

    __tablename__ = "region_baselines"
    __table_args__ = (Index("ix_region_baselines_kpi", "kpi", "set_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kpi: Mapped[str] = mapped_column(String(40))
    year: Mapped[int] = mapped_column(SmallInteger)
    value: Mapped[float] = mapped_column(DOUBLE_PRECISION)
    source: Mapped[str] = mapped_column(String(200))
    set_by: Mapped[UUID]
    set_at: Mapped[datetime]
