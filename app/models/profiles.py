"""The Migrant ID profile: identity documents (sealed) and entries."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.domain.pathways.rules import EntryPurpose


class Profile(Base):
    """`citizenship` is the code of the document in force (ICAO 9303 part 3 §5); the pathway depends on it."""

    __tablename__ = "profiles"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    migrant_id: Mapped[str] = mapped_column(String(14), unique=True)
    citizenship: Mapped[str | None] = mapped_column(String(3))
    created_at: Mapped[datetime]


class IdentityDocument(Base):
    """A passport as its zone tells it: the fields sealed together, its number found by blind index only.

    The index covers issuer and number, so one passport is one person.
    """

    __tablename__ = "identity_documents"
    __table_args__ = (
        CheckConstraint("octet_length(number_index) = 32", name="number_index"),
        Index("uq_identity_documents_current", "person_id", unique=True, postgresql_where=text("current")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    number_index: Mapped[bytes] = mapped_column(unique=True)
    fields_sealed: Mapped[bytes]
    current: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime]


class Entry(Base):
    """One crossing of the border. The one given last anchors the pathway's deadlines."""

    __tablename__ = "entries"
    __table_args__ = (
        CheckConstraint("purpose IN ({})".format(", ".join(f"'{p}'" for p in EntryPurpose)), name="purpose"),
        Index("uq_entries_person_id_number", "person_id", "number", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    entered_on: Mapped[date]
    purpose: Mapped[str] = mapped_column(String(20))
    visa: Mapped[bool]
    created_at: Mapped[datetime]
