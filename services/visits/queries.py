"""Visits as the staff of their point see them. Every look leaves its entry, so these need a writing unit of work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.bookings.status import BookingStatus
from app.domain.identity.caller import Caller
from app.domain.pathways.events import EventKind
from app.domain.points.calendar import local_day
from app.errors import InvalidInput
from app.models.bookings import Booking
from services.bookings.queries import bookings_at
from services.pathways.queries import outcomes_of
from services.points.queries import point
from services.profiles.queries import VisitorCard, visitor_card


@dataclass(frozen=True, slots=True)
class Visit:
    """A booking at the clerk's point, with the card of who comes. Never why, nor any other step of theirs.

    `outcome` is there once it was said; until `undo_until` the last word can be taken back.
    """

    booking: Booking
    card: VisitorCard | None
    outcome: EventKind | None
    undo_until: datetime | None


async def visit_of(uow: Writing, booking: Booking, purpose: Purpose) -> Visit:
    (visit,) = await _visits(uow, [booking], purpose)
    return visit


async def visits_of_day(
    uow: Writing, clerk: Caller, day: date | None, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[Visit]:
    """The visits of a day (today) at the clerk's point, earliest first, with names.

    Each visitor's log tells that the list was read: once for all looks of the same clerk within an hour, since a desk
    asks every few seconds. InvalidInput for a day too far from today.
    """
    today = await local_day_at(uow, clerk.point)
    on = day or today
    terms = uow.region.visits
    if not -terms.days_back <= (on - today) / timedelta(days=1) <= uow.region.calendar_days:
        raise InvalidInput(field="day")
    bookings = await bookings_at(uow, clerk.point, on, Purpose.VISIT_LIST, after=after, limit=limit)
    return await _visits(uow, bookings, Purpose.VISIT_LIST)


async def local_day_at(uow: Reading, point_id: UUID) -> date:
    return local_day(ZoneInfo((await point(uow, point_id)).zone), uow.now)


async def _visits(uow: Writing, bookings: Sequence[Booking], purpose: Purpose) -> list[Visit]:
    ended = {b.id: b.person_id for b in bookings if b.status == BookingStatus.COMPLETED}
    said = await outcomes_of(uow, ended, purpose)
    terms = uow.region.visits
    return [
        Visit(
            booking=booking,
            card=await visitor_card(uow, booking.person_id, purpose),
            outcome=said.get(booking.id),
            undo_until=terms.undo_until(BookingStatus(booking.status), booking.changed_at),
        )
        for booking in bookings
    ]
