"""Companies, their vacancies, work profiles, and the cards by which the two meet."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class Company(Base):
    """Once approved it is an organisation of the same id. `name` by language; `contact_sealed`: whom to write to."""

    __tablename__ = "companies"
    __table_args__ = (
        CheckConstraint("number_kind IN ('bin', 'inn')", name="number_kind"),
        CheckConstraint("status IN ('applied', 'approved', 'refused', 'suspended')", name="status"),
        CheckConstraint("(status = 'applied') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("status NOT IN ('refused', 'suspended') OR reason IS NOT NULL", name="reason"),
        Index(
            "uq_companies_number", "number_kind", "number", unique=True, postgresql_where=text("status <> 'refused'")
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number_kind: Mapped[str] = mapped_column(String(3))
    number: Mapped[str] = mapped_column(String(12))
    name: Mapped[dict[str, str]] = mapped_column(JSONB)
    contact_sealed: Mapped[bytes]
    status: Mapped[str] = mapped_column(String(10))
    applied_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    reason: Mapped[str | None] = mapped_column(String(500))


class VacancyRow(Base):
    """`posting`: schema.org JobPosting terms, as `services.employers.postings` writes them. `version` counts changes;
    `changed_at` is when processes last had to look at it again.
    """

    __tablename__ = "vacancies"
    __table_args__ = (
        CheckConstraint("status IN ('closed', 'draft', 'published')", name="status"),
        CheckConstraint("status <> 'published' OR published_at IS NOT NULL", name="published"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        Index("ix_vacancies_company_id", "company_id", "created_at"),
        Index("ix_vacancies_published", "valid_through", postgresql_where=text("status = 'published'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id"))
    status: Mapped[str] = mapped_column(String(10))
    posting: Mapped[dict[str, Any]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    valid_through: Mapped[date] = mapped_column(Date)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class WorkProfileRow(Base):
    """What a person says of their work, sealed with their key, and from when until when they may work here.

    `visible`: whether they were to be found when this was last looked at; each use looks at the consent itself.
    `names_work`: for the occupations that their permit names. `log_seq`: how long their log was when that was reckoned.
    `changed_in`: the transaction that last changed what matters to matching, which the database writes.
    """

    __tablename__ = "work_profiles"
    __table_args__ = (
        CheckConstraint("sure BETWEEN 0 AND 100", name="sure"),
        Index("ix_work_profiles_changed_in", "changed_in"),
        Index("ix_work_profiles_visible", "person_id", postgresql_where=text("visible")),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    sealed: Mapped[bytes]
    changed_at: Mapped[datetime]
    visible: Mapped[bool] = mapped_column(Boolean)
    allowed_from: Mapped[date | None] = mapped_column(Date)
    allowed_until: Mapped[date | None] = mapped_column(Date)
    sure: Mapped[int] = mapped_column(SmallInteger)
    names_work: Mapped[bool] = mapped_column(Boolean)
    log_seq: Mapped[int] = mapped_column(BigInteger)
    reckoned_on: Mapped[date] = mapped_column(Date)
    changed_in: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class VacancyCard(Base):
    """A person in one vacancy's list, and the employer's request for their contacts, if there is one.

    The id is drawn at random: cards of one person in two vacancies cannot be told to be of one.
    """

    __tablename__ = "vacancy_cards"
    __table_args__ = (
        UniqueConstraint("vacancy_id", "person_id"),
        CheckConstraint("status IN ('accepted', 'asked', 'declined', 'ended', 'shown')", name="status"),
        CheckConstraint(
            "(status = 'shown') = (asked_at IS NULL) AND (asked_at IS NULL) = (expires_at IS NULL)", name="asked"
        ),
        CheckConstraint("status NOT IN ('accepted', 'declined') OR answered_at IS NOT NULL", name="answered"),
        Index("ix_vacancy_cards_waiting", "expires_at", postgresql_where=text("status = 'asked'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    vacancy_id: Mapped[UUID] = mapped_column(ForeignKey("vacancies.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), index=True)
    shown_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(10))
    asked_at: Mapped[datetime | None]
    asked_by: Mapped[UUID | None]
    expires_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
