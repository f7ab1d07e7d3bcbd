"""The Migrant ID profile: documents and what a person says of themselves (sealed), entries."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.domain.pathways.rules import EntryPurpose
from app.domain.profiles.documents import IDENTIFYING, DocumentKind, DocumentStatus


def _listed_in_order(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _listed(values: Iterable[str]) -> str:
    return _listed_in_order(sorted(values))


class Profile(Base):
    """`citizenship` is the code of the document in force (ICAO 9303 part 3 §5); the pathway depends on it.

    The parts of the birth date are as the person stated them, each perhaps unknown. They are in clear, as citizenship
    is, because age limits bind whenever a visit is booked, which leaves no time to unseal. `languages`: most wanted
    first.
    """

    __tablename__ = "profiles"
    __table_args__ = (CheckConstraint("birth_month BETWEEN 1 AND 12 AND birth_day BETWEEN 1 AND 31", name="birth"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    migrant_id: Mapped[str] = mapped_column(String(14), unique=True)
    citizenship: Mapped[str | None] = mapped_column(String(3))
    created_at: Mapped[datetime]
    birth_year: Mapped[int | None] = mapped_column(SmallInteger)
    birth_month: Mapped[int | None] = mapped_column(SmallInteger)
    birth_day: Mapped[int | None] = mapped_column(SmallInteger)
    languages: Mapped[list[str]] = mapped_column(ARRAY(String(12)), server_default=text("'{}'"))


class IdentityDocument(Base):
    """A document: what it says sealed as one, its number found by blind index only.

    The index covers kind, issuer and number, so one passport is one person. A row is one version of what was read;
    an earlier one stays, *replaced*.
    """

    __tablename__ = "identity_documents"
    __table_args__ = (
        CheckConstraint("octet_length(number_index) = 32", name="number_index"),
        CheckConstraint(f"kind IN ({_listed(DocumentKind)})", name="kind"),
        CheckConstraint(f"status IN ({_listed(DocumentStatus)})", name="status"),
        CheckConstraint("NOT current OR status = 'valid'", name="current"),
        CheckConstraint(f"kind NOT IN ({_listed(IDENTIFYING)}) OR number_index IS NOT NULL", name="identified"),
        Index("uq_identity_documents_current", "person_id", unique=True, postgresql_where=text("current")),
        Index(
            "uq_identity_documents_number_index",
            "number_index",
            unique=True,
            postgresql_where=text(f"kind IN ({_listed(IDENTIFYING)}) AND status IN ('ended', 'valid')"),
        ),
        Index("ix_identity_documents_number_index", "number_index"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    number_index: Mapped[bytes | None]
    fields_sealed: Mapped[bytes]
    current: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(10), server_default="valid")
    changed_at: Mapped[datetime | None]


class Detail(Base):
    """What a person says of themselves, of one kind: a name variant, a number, a way to reach them. Sealed.

    `value_index` finds equal numbers of others, which is shown and never refused: authorities make mistakes. An
    earlier value stays with the time it was replaced.
    """

    __tablename__ = "details"
    __table_args__ = (
        Index("uq_details_kind", "person_id", "kind", unique=True, postgresql_where=text("replaced_at IS NULL")),
        Index("ix_details_value_index", "value_index", postgresql_where=text("value_index IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    kind: Mapped[str] = mapped_column(String(20))
    value_sealed: Mapped[bytes]
    value_index: Mapped[bytes | None]
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("identity_documents.id"))
    created_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


class Entry(Base):
    """One crossing of the border. The one given last anchors the pathway's deadlines.

    A row is one version of what was said of it; an earlier one stays, with the time it was replaced. `crossing_sealed`
    holds where it was and the number of the migration card.
    """

    __tablename__ = "entries"
    __table_args__ = (
        CheckConstraint(f"purpose IN ({_listed_in_order(EntryPurpose)})", name="purpose"),
        CheckConstraint("left_on >= entered_on", name="left_on"),
        CheckConstraint("stay_days > 0", name="stay_days"),
        Index(
            "uq_entries_person_id_number",
            "person_id",
            "number",
            unique=True,
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    entered_on: Mapped[date]
    purpose: Mapped[str] = mapped_column(String(20))
    visa: Mapped[bool]
    created_at: Mapped[datetime]
    stay_days: Mapped[int | None] = mapped_column(SmallInteger)
    left_on: Mapped[date | None]
    crossing_sealed: Mapped[bytes | None]
    replaced_at: Mapped[datetime | None]
