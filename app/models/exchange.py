"""Agreements between agencies, what is passed on by them, and lawful requests beyond them."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.domain.exchange.limits import AlarmKind
from app.domain.exchange.requests import RequestGround
from app.domain.exchange.terms import BY_REQUEST_ONLY, AgencyKind, Datum, People, Way


def _listed(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in sorted(values))


class Agency(Base):
    """What an organisation of the kind *agency* is to the exchange. `system`: where files go. `points`: its own."""

    __tablename__ = "agencies"
    __table_args__ = (CheckConstraint(f"kind IN ({_listed(AgencyKind)})", name="kind"),)

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    system: Mapped[str] = mapped_column(String(60))
    points: Mapped[list[UUID]] = mapped_column(ARRAY(Base.type_annotation_map[UUID]))


class AgreementRow(Base):
    """One agreement with an agency, whatever its wording is."""

    __tablename__ = "agreements"
    __table_args__ = (CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agencies.organisation_id"), index=True)
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None]


class AgreementVersion(Base):
    """One wording. The application may say who approved it, and change nothing else."""

    __tablename__ = "agreement_versions"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint(
            f"cardinality(fields) > 0 AND fields <@ ARRAY[{_listed(set(Datum) - BY_REQUEST_ONLY)}]::varchar[]",
            name="fields",
        ),
        CheckConstraint(f"people IN ({_listed(People)})", name="people"),
        CheckConstraint("basis IN ('consent', 'law') AND (basis = 'consent') = (people = 'consented')", name="basis"),
        CheckConstraint(
            f"cardinality(ways) > 0 AND ways <@ ARRAY[{_listed(Way)}]::varchar[]"
            " AND ('feed' = ANY (ways)) = (every_hours IS NOT NULL)",
            name="ways",
        ),
        CheckConstraint(
            "valid_from < valid_to AND retention_days > 0 AND (every_hours IS NULL OR every_hours > 0)", name="term"
        ),
        CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL) AND approved_by <> proposed_by", name="two_people"
        ),
    )

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreements.id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    fields: Mapped[list[str]] = mapped_column(ARRAY(String(20)))
    people: Mapped[str] = mapped_column(String(20))
    codes: Mapped[list[str]] = mapped_column(ARRAY(String(40)))
    steps: Mapped[list[str]] = mapped_column(ARRAY(String(40)))
    purpose: Mapped[str] = mapped_column(String(40))
    basis: Mapped[str] = mapped_column(String(10))
    citation: Mapped[str] = mapped_column(String(200))
    ways: Mapped[list[str]] = mapped_column(ARRAY(String(10)))
    every_hours: Mapped[int | None] = mapped_column(SmallInteger)
    retention_days: Mapped[int] = mapped_column(SmallInteger)
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime]
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime]
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None]


class ExchangeUse(Base):
    """What was asked for and what came of it, never of whom. `reason_sealed`: what the officer said it was for; it
    ends with the person, where it is of one, and in any case by the region's term.
    """

    __tablename__ = "exchange_uses"
    __table_args__ = (
        CheckConstraint("way IN ('feed', 'list', 'request', 'search')", name="way"),
        CheckConstraint("outcome IN ('answered', 'nothing', 'refused')", name="outcome"),
        CheckConstraint("(outcome = 'refused') = (code IS NOT NULL)", name="code"),
        CheckConstraint("people >= 0 AND (outcome = 'answered') = (people > 0)", name="people"),
        Index("ix_exchange_uses_account_id", "account_id", "at"),
        Index("ix_exchange_uses_agency_id", "agency_id", "at"),
        Index("ix_exchange_uses_reasons", "at", postgresql_where=text("reason_sealed IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    way: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[UUID | None]
    agency_id: Mapped[UUID]
    agreement_id: Mapped[UUID | None]
    number: Mapped[int | None] = mapped_column(SmallInteger)
    outcome: Mapped[str] = mapped_column(String(10))
    code: Mapped[str | None] = mapped_column(String(40))
    people: Mapped[int] = mapped_column(Integer)
    reason_sealed: Mapped[bytes | None]


class ExchangeAlarm(Base):
    """Somebody went through the numbers: the account looks up nothing until an operator has settled it."""

    __tablename__ = "exchange_alarms"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_listed(AlarmKind)})", name="kind"),
        CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name="settled"),
        Index("uq_exchange_alarms_open", "account_id", unique=True, postgresql_where=text("settled_at IS NULL")),
        Index("ix_exchange_alarms_account_id", "account_id", "settled_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[UUID]
    agency_id: Mapped[UUID]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None]


class ExchangeFeed(Base):
    """How far the files of an agreement are: the run under way, by which version, whom it came to, and its files."""

    __tablename__ = "exchange_feeds"
    __table_args__ = (CheckConstraint("(run_id IS NULL) = (number IS NULL)", name="run"),)

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreements.id"), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(index=True)
    run_id: Mapped[UUID | None]
    number: Mapped[int | None] = mapped_column(SmallInteger)
    last_person: Mapped[UUID | None]
    files: Mapped[int] = mapped_column(Integer)


class ExchangeFile(Base):
    """One batch of a feed. `manifest` is signed and names nobody."""

    __tablename__ = "exchange_files"
    __table_args__ = (
        ForeignKeyConstraint(
            ["agreement_id", "number"],
            ["agreement_versions.agreement_id", "agreement_versions.number"],
            name="fk_exchange_files_version",
        ),
        UniqueConstraint("run_id", "ordinal"),
        Index("ix_exchange_files_agreement_id", "agreement_id", "made_at"),
        Index("ix_exchange_files_delete_at", "delete_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    agreement_id: Mapped[UUID]
    number: Mapped[int] = mapped_column(SmallInteger)
    run_id: Mapped[UUID]
    ordinal: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[datetime]
    delete_at: Mapped[datetime]
    manifest: Mapped[str] = mapped_column(Text)
    fetched_at: Mapped[datetime | None]


class ExchangeItem(Base):
    """What a file holds of one person, sealed with their key."""

    __tablename__ = "exchange_items"

    file_id: Mapped[UUID] = mapped_column(ForeignKey("exchange_files.id", ondelete="CASCADE"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), index=True)
    sealed: Mapped[bytes]


class LawfulRequest(Base):
    """Asked by one, passed by another. `subject_sealed`: the Migrant ID it is about, until it is over."""

    __tablename__ = "lawful_requests"
    __table_args__ = (
        CheckConstraint(f"ground IN ({_listed(RequestGround)})", name="ground"),
        CheckConstraint(
            f"cardinality(categories) > 0 AND categories <@ ARRAY[{_listed(Datum)}]::varchar[]", name="categories"
        ),
        CheckConstraint("first_day <= last_day", name="period"),
        CheckConstraint("(hide_ground IS NULL) = (hide_until IS NULL)", name="hidden"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL) AND approved_by <> asked_by", name="two_people"),
        CheckConstraint(
            "(declined_by IS NULL) = (declined_at IS NULL) AND (declined_at IS NULL OR approved_at IS NULL)",
            name="declined",
        ),
        Index("ix_lawful_requests_agency_id", "agency_id", "asked_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agencies.organisation_id"))
    ground: Mapped[str] = mapped_column(String(30))
    case_number: Mapped[str] = mapped_column(String(80))
    categories: Mapped[list[str]] = mapped_column(ARRAY(String(20)))
    first_day: Mapped[date]
    last_day: Mapped[date]
    subject_sealed: Mapped[bytes | None]
    hide_ground: Mapped[str | None] = mapped_column(String(40))
    hide_until: Mapped[datetime | None]
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime]
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None]
    declined_by: Mapped[UUID | None]
    declined_at: Mapped[datetime | None]
