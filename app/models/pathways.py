"""What happened to a person's steps; the pathway itself is computed from it, never stored."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class StepEventRow(Base):
    """An outcome of a step with its source. `evidence_id` is the booking or document that shows it.

    `annulled_at`: when it was taken back as a mistake. It no longer counts and stays as history.
    Medical results and biometrics are never here: *done*, *incomplete* or *come again*, and until when it is valid.
    """

    __tablename__ = "step_events"
    __table_args__ = (
        Index("ix_step_events_person", "person_id", "recorded_at"),
        Index(
            "uq_step_events_evidence",
            "evidence_id",
            unique=True,
            postgresql_where=text("evidence_id IS NOT NULL AND annulled_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    step: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    happened_on: Mapped[date]
    expires_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(20))
    evidence_id: Mapped[UUID | None]
    recorded_at: Mapped[datetime]
    annulled_at: Mapped[datetime | None]
