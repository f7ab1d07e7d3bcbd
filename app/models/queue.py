"""The live queue: counters, tickets, their numbers, and how far each point's queue has moved."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Date, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.domain.queue.status import AT_COUNTER, LIVE, TicketStatus


def _one_of(statuses: frozenset[TicketStatus]) -> str:
    return "status IN ({})".format(", ".join(f"'{status}'" for status in sorted(statuses)))


class Counter(Base):
    """A counter of a point: the services it gives, the languages spoken there, and who stands at it while it is open.

    One that was given up is `retired`: its tickets stay.
    """

    __tablename__ = "counters"
    __table_args__ = (
        CheckConstraint("(staff_id IS NULL) = (opened_at IS NULL)", name="open"),
        CheckConstraint("NOT retired OR staff_id IS NULL", name="retired"),
        Index("uq_counters_point_id_code", "point_id", "code", unique=True),
        # Nobody stands at two counters.
        Index("uq_counters_staff", "staff_id", unique=True, postgresql_where=text("staff_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    point_id: Mapped[UUID] = mapped_column(ForeignKey("points.id"))
    code: Mapped[str] = mapped_column(String(10))
    name: Mapped[dict[str, str]] = mapped_column(JSONB)
    services: Mapped[list[str]] = mapped_column(ARRAY(String(40)))
    languages: Mapped[list[str]] = mapped_column(ARRAY(String(12)))
    retired: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    opened_at: Mapped[datetime | None]


class Ticket(Base):
    """A place in the line of a point's local day. `person_id` and `booking_id` are dropped some days later, `priority`
    at the end of the day; what stays is anonymous, and is what service times are measured by.

    `turn_at` and `due_from`: its turn, as app/domain/queue/policy.py works it out. `booked_for`: the booked time.
    `counter_id`: who called it; while it waits, the only counter that may. `called_at`: by the call that stands;
    `calls`: how often it was called. `serving_at` to `finished_at` is the service itself, of a ticket that was
    `finished`. `before`: what the last move changed, for it to be taken back. `version` counts moves.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        CheckConstraint(_one_of(frozenset(TicketStatus)), name="status"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("status NOT IN ('called', 'serving') OR counter_id IS NOT NULL", name="counter"),
        CheckConstraint("booking_id IS NULL OR person_id IS NOT NULL", name="booking"),
        Index("uq_tickets_number", "point_id", "day", "number", unique=True),
        # A counter has one visitor at a time: of two calls from it one is refused.
        Index("uq_tickets_at_counter", "counter_id", unique=True, postgresql_where=text(_one_of(AT_COUNTER))),
        Index("ix_tickets_changed", "point_id", "changed_at"),
        Index("ix_tickets_priority", "day", postgresql_where=text("priority")),
        Index("uq_tickets_booking", "booking_id", unique=True, postgresql_where=text(_one_of(LIVE))),
        Index(
            "uq_tickets_walk_in",
            "person_id",
            "point_id",
            unique=True,
            postgresql_where=text(f"booking_id IS NULL AND {_one_of(LIVE)}"),
        ),
        Index("ix_tickets_live", "point_id", "day", postgresql_where=text(_one_of(LIVE))),
        Index("ix_tickets_person", "person_id", "joined_at", postgresql_where=text("person_id IS NOT NULL")),
        Index(
            "ix_tickets_measured", "point_id", "service", "finished_at", postgresql_where=text("status = 'finished'")
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    point_id: Mapped[UUID] = mapped_column(ForeignKey("points.id"))
    day: Mapped[date] = mapped_column(Date)
    number: Mapped[int]
    service: Mapped[str] = mapped_column(String(40))
    language: Mapped[str | None] = mapped_column(String(12))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id"))
    booked_for: Mapped[datetime | None]
    priority: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    turn_at: Mapped[datetime]
    due_from: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(12))
    counter_id: Mapped[UUID | None] = mapped_column(ForeignKey("counters.id"))
    calls: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    joined_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    serving_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(server_default="1")
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class TicketDay(Base):
    """The last number given at a point on a local day. Counted on in the transaction of the ticket itself."""

    __tablename__ = "ticket_days"

    point_id: Mapped[UUID] = mapped_column(ForeignKey("points.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    last_number: Mapped[int]


class QueueState(Base):
    """How often a point's queue has moved: counted on by triggers when a move commits, which tell who listens.

    Whoever reads a state and its version in one statement has exactly the moves up to it.
    """

    __tablename__ = "queue_states"

    point_id: Mapped[UUID] = mapped_column(ForeignKey("points.id"), primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
