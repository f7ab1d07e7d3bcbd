"""A hold or a booking, and what may become of it. Every change makes a new one; nothing here knows a database."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.domain.bookings.status import LIVE, BookingStatus
from app.domain.points.places import Place


@dataclass(frozen=True, slots=True)
class Booked:
    """`version` counts changes, as the database does; `moved_at`: when its person rescheduled it. Times are UTC.

    `group_id` is shared by visits that a family booked together, `itinerary_id` by those of one itinerary.
    A hold with an `offer_id` keeps a place that is offered to the person.
    """

    id: UUID
    person_id: UUID
    step: str
    service: str
    point_id: UUID
    place: Place
    status: BookingStatus
    held_until: datetime | None
    created_at: datetime
    changed_at: datetime
    version: int = 1
    moved_at: tuple[datetime, ...] = ()
    group_id: UUID | None = None
    itinerary_id: UUID | None = None
    offer_id: UUID | None = None

    @property
    def live(self) -> bool:
        """A visit that is still to be, or under way."""
        return self.status in LIVE

    def holds_at(self, now: datetime) -> bool:
        """Whether it is a hold that has not run out: one that has may still wait for a worker to end it."""
        return self.status is BookingStatus.HELD and self.held_until is not None and now < self.held_until

    def overlaps(self, place: Place) -> bool:
        return self.place.starts_at < place.ends_at and place.starts_at < self.place.ends_at

    def ended(self, status: BookingStatus, now: datetime) -> "Booked":
        """In another status, and no longer a hold."""
        return replace(self, status=status, held_until=None, changed_at=now)

    def moved(self, point_id: UUID, place: Place, now: datetime) -> "Booked":
        """The same booking at another time or point."""
        return replace(self, point_id=point_id, place=place, changed_at=now, moved_at=(*self.moved_at, now))
