"""How a visit goes on after its beginning: when it may be called missed, and what a clerk may take back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.bookings.status import BookingStatus

BEFORE = {
    BookingStatus.ARRIVED: BookingStatus.CONFIRMED,
    BookingStatus.COMPLETED: BookingStatus.ARRIVED,
    BookingStatus.MISSED: BookingStatus.CONFIRMED,
}
"""What the status was before a clerk's last word, by the status it gave."""


@dataclass(frozen=True, slots=True)
class VisitTerms:
    """`grace`: a visitor is waited for so long after the booked time. `undo_for`: so long a word can be taken back.

    `days_back`: how far back a desk may read its days. `said_within`: so long after the day of a visit its clerk may
    still say how it went, be there a weekend between.
    """

    grace: timedelta = timedelta(minutes=15)
    undo_for: timedelta = timedelta(minutes=10)
    days_back: int = 31
    said_within: timedelta = timedelta(days=3)

    def missed_from(self, starts_at: datetime) -> datetime:
        """From when on a visitor who is not there may be marked as absent."""
        return starts_at + self.grace

    def undo_until(self, status: BookingStatus, changed_at: datetime) -> datetime | None:
        """Until when the last word about a visit can be taken back; None if there is none to take back."""
        return changed_at + self.undo_for if status in BEFORE else None
