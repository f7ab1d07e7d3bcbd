"""What people say of their visits, and what they complain of."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.domain.feedback.complaints import ComplaintKind, ComplaintStatus


class Rating(Base):
    """One for each visit, by who was there; the comment is sealed with their key."""

    __tablename__ = "ratings"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        CheckConstraint("(comment_sealed IS NULL) = (language IS NULL)", name="comment"),
        Index("ix_ratings_person_id", "person_id"),
        Index("ix_ratings_point_id", "point_id", "given_at"),
    )

    booking_id: Mapped[UUID] = mapped_column(ForeignKey("bookings.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    point_id: Mapped[UUID] = mapped_column(ForeignKey("points.id"))
    stars: Mapped[int] = mapped_column(SmallInteger)
    comment_sealed: Mapped[bytes | None]
    language: Mapped[str | None] = mapped_column(String(12))
    given_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class RatingMonth(Base):
    """What is told of a point's month, counted once: `month` is its first day, `people` ten at least."""

    __tablename__ = "rating_months"
    __table_args__ = (
        CheckConstraint("people >= 10", name="people"),
        CheckConstraint("extract(day FROM month) = 1", name="month"),
    )

    point_id: Mapped[UUID] = mapped_column(ForeignKey("points.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    people: Mapped[int] = mapped_column(Integer)
    mean: Mapped[Decimal] = mapped_column(Numeric(2, 1))


class ComplaintYear(Base):
    """The last number of a year."""

    __tablename__ = "complaint_years"

    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(Integer)


class Complaint(Base):
    """Texts are sealed with the person's key. `answer_by`: the last day, by the region; `law`: which says so."""

    __tablename__ = "complaints"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint(
            "status IN ({})".format(", ".join(f"'{s}'" for s in ComplaintStatus)),
            name="status",
        ),
        CheckConstraint("kind IN ({})".format(", ".join(f"'{k}'" for k in ComplaintKind)), name="kind"),
        CheckConstraint(
            "(status = 'answered') = (answered_at IS NOT NULL) AND (answered_at IS NULL) = (answer_sealed IS NULL)"
            " AND (answered_at IS NULL) = (answer_language IS NULL)",
            name="answered",
        ),
        CheckConstraint("booking_id IS NULL OR point_id IS NOT NULL", name="visit"),
        Index("ix_complaints_person_id", "person_id", "received_at"),
        Index("ix_complaints_open", "answer_by", "id", postgresql_where=text("status <> 'answered'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(14))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    kind: Mapped[str] = mapped_column(String(20))
    matter: Mapped[str] = mapped_column(String(20))
    point_id: Mapped[UUID | None] = mapped_column(ForeignKey("points.id"))
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id"))
    text_sealed: Mapped[bytes]
    language: Mapped[str] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(12))
    received_at: Mapped[datetime]
    answer_by: Mapped[date]
    law: Mapped[str] = mapped_column(String(200))
    taken_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer_sealed: Mapped[bytes | None]
    answer_language: Mapped[str | None] = mapped_column(String(12))
