"""Bookings as rows: those of the database, and those of what a decision changes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.db.changes import Changes
from app.domain.bookings.booking import Booked
from app.domain.bookings.status import BookingStatus
from app.domain.points.places import Place
from app.models.bookings import Booking

COLUMNS = """
    id, person_id, step, service, point_id, pool_id, day, first_tick, ticks, lower(during) AS starts_at,
    status, held_until, created_at, changed_at, version, moved_at, group_id, itinerary_id, offer_id
"""
"""What `from_json` reads of a booking."""


def from_json(row: dict[str, Any]) -> Booked:
    """A row with `COLUMNS`, as JSON shows it."""
    moment = datetime.fromisoformat
    day = date.fromisoformat(row["day"])
    return Booked(
        id=UUID(row["id"]),
        person_id=UUID(row["person_id"]),
        step=row["step"],
        service=row["service"],
        point_id=UUID(row["point_id"]),
        place=Place(UUID(row["pool_id"]), day, row["first_tick"], row["ticks"], moment(row["starts_at"])),
        status=BookingStatus(row["status"]),
        held_until=moment(row["held_until"]) if row["held_until"] else None,
        created_at=moment(row["created_at"]),
        changed_at=moment(row["changed_at"]),
        version=row["version"],
        moved_at=tuple(moment(at) for at in row["moved_at"]),
        group_id=UUID(row["group_id"]) if row["group_id"] else None,
        itinerary_id=UUID(row["itinerary_id"]) if row["itinerary_id"] else None,
        offer_id=UUID(row["offer_id"]) if row["offer_id"] else None,
    )


def booked(row: Booking) -> Booked:
    """A row as the rules take it."""
    starts_at = row.during.lower
    if starts_at is None:
        raise ValueError("a booking has a beginning")
    return Booked(
        id=row.id,
        person_id=row.person_id,
        step=row.step,
        service=row.service,
        point_id=row.point_id,
        place=Place(row.pool_id, row.day, row.first_tick, row.ticks, starts_at),
        status=BookingStatus(row.status),
        held_until=row.held_until,
        created_at=row.created_at,
        changed_at=row.changed_at,
        version=row.version,
        moved_at=tuple(row.moved_at),
        group_id=row.group_id,
        itinerary_id=row.itinerary_id,
        offer_id=row.offer_id,
    )


def _row(booking: Booked) -> dict[str, Any]:
    place = booking.place
    return {
        "id": booking.id,
        "person_id": booking.person_id,
        "step": booking.step,
        "service": booking.service,
        "point_id": booking.point_id,
        "pool_id": place.pool_id,
        "day": place.day,
        "first_tick": place.first_tick,
        "ticks": place.ticks,
        "during": f"[{place.starts_at.isoformat()},{place.ends_at.isoformat()})",
        "status": booking.status,
        "held_until": booking.held_until,
        "created_at": booking.created_at,
        "changed_at": booking.changed_at,
        "version": booking.version,
        "moved_at": booking.moved_at,
        "group_id": booking.group_id,
        "itinerary_id": booking.itinerary_id,
        "offer_id": booking.offer_id,
    }


def put(changes: Changes, booking: Booked) -> None:
    """The booking as it is to be, at the version it was read at."""
    changes.changed.append(_row(booking))


def add(changes: Changes, booking: Booked) -> None:
    changes.added.append(_row(booking))


def take(changes: Changes, place: Place) -> None:
    changes.ledger.append(_use(place, +1))


def give_back(changes: Changes, place: Place) -> None:
    changes.ledger.append(_use(place, -1))


def _use(place: Place, change: int) -> dict[str, Any]:
    return {
        "pool_id": place.pool_id,
        "day": place.day,
        "first_tick": place.first_tick,
        "ticks": place.ticks,
        "change": change,
    }
