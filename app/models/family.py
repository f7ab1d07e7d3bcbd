"""Who acts for whom, and who belongs together."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.domain.profiles.family import Relation


class FamilyLink(Base):
    """`person_id` asked; `other_id` is the ward, or the relative who keeps an account of their own.

    It begins when the other has confirmed it, at once for a child who was registered by it, and ends for good.
    """

    __tablename__ = "family_links"
    __table_args__ = (
        CheckConstraint("relation IN ({})".format(", ".join(f"'{r}'" for r in Relation)), name="relation"),
        CheckConstraint("person_id <> other_id", name="two_persons"),
        Index("uq_family_links_pair", "person_id", "other_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_family_links_other", "other_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    relation: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
