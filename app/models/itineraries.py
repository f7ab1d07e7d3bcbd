"""Itineraries: what somebody booked together for a whole pathway, and what they are offered when it no longer holds."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.domain.routing.standing import ItineraryStatus, OfferStatus


def _among(statuses: type[ItineraryStatus] | type[OfferStatus]) -> str:
    return "status IN ({})".format(", ".join(f"'{status}'" for status in statuses))


class Itinerary(Base):
    """`person_id` asked for it; its visits are bookings that bear its id, of everybody in `itinerary_people`.

    `terms_sealed`: how they want to go (hours, languages, limits), never from where. `completes_on`: the day on which
    the last visit was to be. The worker looks at it again when a log of its people has grown, on a new day after
    `looked_on`, and with another book of rules; while one does, `leased_until` keeps others away.
    """

    __tablename__ = "itineraries"
    __table_args__ = (
        CheckConstraint(_among(ItineraryStatus), name="status"),
        CheckConstraint("(status = 'standing') = (decided_at IS NULL)", name="decided_at"),
        Index("uq_itineraries_standing", "person_id", unique=True, postgresql_where=text("status = 'standing'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    status: Mapped[str] = mapped_column(String(12))
    terms_sealed: Mapped[bytes]
    completes_on: Mapped[date | None]
    book_version: Mapped[str] = mapped_column(String(40))
    looked_on: Mapped[date]
    leased_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]


class ItineraryPerson(Base):
    """Who goes. `seen_seq`: how long their log was when the itinerary was last looked at."""

    __tablename__ = "itinerary_people"
    __table_args__ = (Index("ix_itinerary_people_person", "person_id"),)

    itinerary_id: Mapped[UUID] = mapped_column(ForeignKey("itineraries.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    seen_seq: Mapped[int] = mapped_column(BigInteger)


class ItineraryOffer(Base):
    """What an itinerary could become now, and `why` it has to become something else. One is open at a time."""

    __tablename__ = "itinerary_offers"
    __table_args__ = (
        CheckConstraint(_among(OfferStatus), name="status"),
        CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided_at"),
        Index("uq_itinerary_offers_open", "itinerary_id", unique=True, postgresql_where=text("status = 'open'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    itinerary_id: Mapped[UUID] = mapped_column(ForeignKey("itineraries.id"))
    status: Mapped[str] = mapped_column(String(12))
    why: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    plan: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
