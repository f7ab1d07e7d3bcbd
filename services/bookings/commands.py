"""Places are held, confirmed and given back. Each command: lock the person, change the ledger, write the booking.

The database decides who was first (`capacity_days`' CHECK) and that nobody is in two places (the exclusion
constraint); `app.handlers` turns either into its error.
"""

from datetime import datetime
from uuid import UUID, uuid4

from app.db.locks import lock_person
from app.db.unit_of_work import Writing
from app.domain.audit.purpose import Purpose
from app.domain.bookings.status import BookingStatus
from app.domain.points.places import Place
from app.errors import NotFound
from app.models.bookings import Booking
from services.audit.commands import record_change
from services.bookings import repository
from services.bookings.errors import HoldGone, NotCancellable, StepBooked, TooEarly, WrongService
from services.pathways.queries import pathway_of, step_in, takable
from services.points.commands import change_use
from services.points.queries import place_at


async def hold(
    uow: Writing, person_id: UUID, *, step: str, service: str, point_id: UUID, starts_at: datetime
) -> Booking:
    """Keeps a place for the region's few minutes. The person's earlier hold for the step is given back for it."""
    return await _take(
        uow, person_id, step, service, point_id, starts_at, BookingStatus.HELD, uow.now + uow.region.hold_for
    )


async def book(
    uow: Writing, person_id: UUID, *, step: str, service: str, point_id: UUID, starts_at: datetime
) -> Booking:
    """Hold and confirmation in one: for whoever knows the place they want."""
    booking = await _take(uow, person_id, step, service, point_id, starts_at, BookingStatus.CONFIRMED, None)
    await record_change(uow, person_id, "booking_confirmed", booking=booking.id)
    return booking


async def _take(
    uow: Writing,
    person_id: UUID,
    step: str,
    service: str,
    point_id: UUID,
    starts_at: datetime,
    status: BookingStatus,
    held_until: datetime | None,
) -> Booking:
    await lock_person(uow, person_id)
    wanted = takable(step_in(await pathway_of(uow, person_id), step))
    if wanted.rule.service is None or wanted.rule.service != service:
        raise WrongService
    if await repository.live_of_step(uow, person_id, step, Purpose.OWN_ACCESS):
        raise StepBooked
    place = await place_at(uow, point_id, service, starts_at)
    if wanted.not_before is not None and place.day < wanted.not_before:
        raise TooEarly(not_before=wanted.not_before.isoformat())
    changes = [(place, +1)]
    before = await repository.hold_of_step(uow, person_id, step, Purpose.OWN_ACCESS)
    if before is not None:
        repository.set_status(uow, before, BookingStatus.RELEASED)
        changes.append((place_of(before), -1))
    await change_use(uow, changes)
    booking = repository.add(
        uow,
        id=uuid4(),
        person_id=person_id,
        step=step,
        service=service,
        point_id=point_id,
        place=place,
        status=status,
        held_until=held_until,
    )
    # The hold given back leaves its unique index before the new one enters it.
    await uow.session.flush()
    return booking


async def confirm(uow: Writing, person_id: UUID, hold_id: UUID) -> Booking:
    """Turns the person's live hold into a booking. HoldGone when it ended, NotFound when it is not theirs."""
    await lock_person(uow, person_id)
    booking = await _own(uow, person_id, hold_id)
    if booking.status == BookingStatus.CONFIRMED:
        return booking  # a second tap: it is theirs already
    held = booking.status == BookingStatus.HELD and booking.held_until and booking.held_until > uow.now
    if not held:
        raise HoldGone
    repository.set_status(uow, booking, BookingStatus.CONFIRMED)
    await uow.session.flush()
    await record_change(uow, person_id, "booking_confirmed", booking=booking.id)
    return booking


async def cancel(uow: Writing, person_id: UUID, booking_id: UUID) -> Booking:
    """Gives a hold or a booking back before it begins. Twice is the same as once; NotCancellable afterwards."""
    await lock_person(uow, person_id)
    booking = await _own(uow, person_id, booking_id)
    if booking.status in {BookingStatus.CANCELLED, BookingStatus.RELEASED, BookingStatus.EXPIRED}:
        return booking
    place = place_of(booking)
    if booking.status == BookingStatus.HELD:
        after = BookingStatus.RELEASED
    elif booking.status == BookingStatus.CONFIRMED and place.starts_at > uow.now:
        after = BookingStatus.CANCELLED
    else:
        raise NotCancellable
    await change_use(uow, [(place, -1)])
    repository.set_status(uow, booking, after)
    await uow.session.flush()
    if after is BookingStatus.CANCELLED:
        await record_change(uow, person_id, "booking_cancelled", booking=booking.id)
    return booking


async def expire_holds(uow: Writing, *, limit: int = 200) -> int:
    """Gives back what nobody confirmed in time; returns how many. Any number of workers may call it."""
    expired = await repository.claim_expired(uow, limit)
    for booking in expired:
        repository.set_status(uow, booking, BookingStatus.EXPIRED)
    await change_use(uow, [(place_of(booking), -1) for booking in expired])
    return len(expired)


async def end_missed(uow: Writing, *, limit: int = 200) -> int:
    """Ends visits whose local day is over and to which nobody came, so that the step can be booked again."""
    ended = 0
    for booking_id, person_id in await repository.past_confirmed(uow, limit):
        await lock_person(uow, person_id)
        booking = await repository.still_confirmed(uow, booking_id)
        if booking is not None:
            repository.set_status(uow, booking, BookingStatus.MISSED)
            await uow.session.flush()
            await record_change(uow, person_id, "visit_missed", booking=booking_id)
            ended += 1
    return ended


async def arrive(uow: Writing, booking: Booking) -> None:
    """The visitor is at the point. For `visits`, which has checked whose booking it is, where and when."""
    repository.set_status(uow, booking, BookingStatus.ARRIVED)
    await uow.session.flush()


async def complete(uow: Writing, booking: Booking) -> None:
    """The visit is over. Its place stays taken: the counter was used."""
    repository.set_status(uow, booking, BookingStatus.COMPLETED)
    await uow.session.flush()


def place_of(booking: Booking) -> Place:
    """The ledger's place that a booking uses."""
    starts_at = booking.during.lower
    if starts_at is None:
        raise ValueError("a booking has a beginning")
    return Place(booking.pool_id, booking.day, booking.first_tick, booking.ticks, starts_at)


async def _own(uow: Writing, person_id: UUID, booking_id: UUID) -> Booking:
    booking = await repository.own(uow, person_id, booking_id, Purpose.OWN_ACCESS, lock=True)
    if booking is None:
        raise NotFound
    return booking
