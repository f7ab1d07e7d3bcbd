"""A person's commands: places are held, confirmed, moved and given back.

Each reads what it needs in one statement, decides, and leaves its changes (`Deciding`). The database decides who was
first (`capacity_days`' CHECK) and that nobody is in two places (the exclusion constraint). What the worker and
a point's staff do to bookings stands in `services.bookings.upkeep`, families in `services.bookings.families`.
"""

from datetime import datetime
from uuid import UUID

from app.db.changes import Changes
from app.db.unit_of_work import Deciding
from app.domain.bookings.booking import Booked
from app.domain.bookings.status import BookingStatus
from app.domain.points.places import Place
from services.audit.commands import change_entry
from services.bookings import repository
from services.bookings.errors import HoldGone, NotCancellable, NotMovable, StepBooked
from services.bookings.ground import (
    Ground,
    Wanted,
    explain_to,
    ground_of,
    move,
    nowhere_else,
    place_for,
    take,
)
from services.points.queries import place_taken

__all__ = ["Wanted", "book", "cancel", "confirm", "hold", "reschedule"]


async def hold(uow: Deciding, person_id: UUID, wanted: Wanted) -> Booked:
    """Keeps a place for the region's few minutes. The person's earlier hold for the step is given back for it.

    The same place again is the same hold, with the time it had: nobody keeps a place by asking again and again.
    """
    ground = await ground_of(uow, person_id, wanted=wanted)
    place = place_for(uow, ground, wanted)
    before = ground.hold_of(wanted.step)
    if before and before.holds_at(uow.now) and (before.point_id, before.place) == (wanted.point_id, place):
        return before
    return await _take(uow, ground, wanted, place, held_until=uow.now + uow.region.hold_for)


async def book(uow: Deciding, person_id: UUID, wanted: Wanted) -> Booked:
    """Hold and confirmation in one: for whoever knows the place they want."""
    ground = await ground_of(uow, person_id, wanted=wanted)
    return await _take(uow, ground, wanted, place_for(uow, ground, wanted), held_until=None)


async def _take(uow: Deciding, ground: Ground, wanted: Wanted, place: Place, *, held_until: datetime | None) -> Booked:
    changes = Changes(people={ground.person_id: ground.position})
    booked = take(uow, changes, ground, wanted, place, held_until=held_until)
    if ground.hold_of(wanted.step) is None and ground.stretch and ground.stretch.left < 1:
        await uow.driver.release()
        raise await place_taken(uow, wanted.service, wanted.point_id, place)
    uow.leave(changes, explain_to(uow, booked))
    return booked


async def confirm(uow: Deciding, person_id: UUID, hold_id: UUID) -> Booked:
    """Turns the person's live hold into a booking. HoldGone when it ended, NotFound when it is not theirs."""
    ground = await ground_of(uow, person_id, booking_id=hold_id)
    held = ground.find(hold_id)
    if held.status is BookingStatus.CONFIRMED:
        return held  # a second tap: it is theirs already
    if not held.holds_at(uow.now):
        raise HoldGone
    others = [booking for booking in ground.own if booking is not held]
    if any(other.live and other.step == held.step for other in others):
        raise StepBooked  # an absence was taken back meanwhile
    nowhere_else(held.place, others)
    confirmed = held.ended(BookingStatus.CONFIRMED, uow.now)
    changes = Changes(people={person_id: ground.position})
    repository.put(changes, confirmed)
    changes.entries.append(change_entry(uow, person_id, "booking_confirmed", booking=held.id))
    uow.leave(changes, explain_to(uow, held))
    return confirmed


async def reschedule(uow: Deciding, person_id: UUID, booking_id: UUID, point_id: UUID, starts_at: datetime) -> Booked:
    """Moves a visit that is still to be, in one swap: the old place is given back only if the new one is had.

    The booking stays the same one, so that a pass or a calendar entry made from it still holds.
    """
    booking = (await ground_of(uow, person_id, booking_id=booking_id)).find(booking_id)
    wanted = Wanted(booking.step, booking.service, point_id, starts_at)
    ground = await ground_of(uow, person_id, booking_id=booking_id, wanted=wanted)
    booking = ground.find(booking_id)
    if booking.status is not BookingStatus.CONFIRMED or booking.place.starts_at <= uow.now:
        raise NotMovable
    place = place_for(uow, ground, wanted)
    if (booking.point_id, booking.place) == (point_id, place):
        return booking
    nowhere_else(place, [other for other in ground.own if other is not booking])
    changes = Changes(people={person_id: ground.position})
    moved = move(uow, changes, ground, booking, point_id, place)
    uow.leave(changes, explain_to(uow, moved))
    return moved


async def cancel(uow: Deciding, person_id: UUID, booking_id: UUID) -> Booked:
    """Gives a hold or a booking back before it begins. Twice is the same as once; NotCancellable afterwards."""
    ground = await ground_of(uow, person_id, booking_id=booking_id)
    booking = ground.find(booking_id)
    if booking.status in {BookingStatus.CANCELLED, BookingStatus.RELEASED, BookingStatus.EXPIRED}:
        return booking
    changes = Changes(people={person_id: ground.position})
    if booking.status is BookingStatus.HELD:
        after, what = booking.ended(BookingStatus.RELEASED, uow.now), "hold_released"
    elif booking.status is BookingStatus.CONFIRMED and booking.place.starts_at > uow.now:
        after, what = booking.ended(BookingStatus.CANCELLED, uow.now), "booking_cancelled"
    else:
        raise NotCancellable
    changes.entries.append(change_entry(uow, person_id, what, booking=booking.id))
    repository.put(changes, after)
    repository.give_back(changes, booking.place)
    uow.leave(changes, explain_to(uow, booking))
    return after
