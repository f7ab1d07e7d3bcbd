"""What happened to a person's steps; the pathway itself is computed from it, never stored."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.domain.pathways.events import EvidenceKind


class StepEventRow(Base):
    """An outcome of a step with its source, and with what shows it: a visit is the evidence of one event only.

    `annulled_at`: when a clerk took it back as a mistake. It no longer counts and stays as history. `ordinal` is the
    order of recording, of what the same instant brought too. Medical results and biometrics are never here: *done*,
    *incomplete* or *come again*, and until when it is valid.
    """

    __tablename__ = "step_events"
    __table_args__ = (
        CheckConstraint("(evidence_kind IS NULL) = (evidence_id IS NULL)", name="evidence"),
        CheckConstraint(
            "evidence_kind IN ({})".format(", ".join(f"'{kind}'" for kind in sorted(EvidenceKind))),
            name="evidence_kind",
        ),
        Index("ix_step_events_person", "person_id", "recorded_at"),
        # One document may show several steps.
        Index(
            "uq_step_events_evidence",
            "evidence_id",
            unique=True,
            postgresql_where=text("evidence_kind IN ('booking', 'invitation') AND annulled_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    step: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    happened_on: Mapped[date]
    expires_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(20))
    evidence_kind: Mapped[str | None] = mapped_column(String(20))
    evidence_id: Mapped[UUID | None]
    recorded_at: Mapped[datetime]
    annulled_at: Mapped[datetime | None]
    ordinal: Mapped[int] = mapped_column(BigInteger, Identity(always=True))


class StepInvitation(Base):
    """A person asks their host to confirm a step: by a code that is found by blind index and lives some days.

    `number_sealed`: the number of the registration, if the host gave one.
    """

    __tablename__ = "step_invitations"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'answered', 'withdrawn')", name="status"),
        Index("uq_step_invitations_open", "person_id", "step", unique=True, postgresql_where=text("status = 'open'")),
        Index("ix_step_invitations_person", "person_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    step: Mapped[str] = mapped_column(String(40))
    code_index: Mapped[bytes] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    number_sealed: Mapped[bytes | None]
