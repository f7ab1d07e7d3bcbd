"""A person's commands: places are held, confirmed, moved and given back.

Each reads what it needs in one statement, decides, and leaves its changes (`Deciding`). The database decides who was
first (`capacity_days`' CHECK) and that nobody is in two places (the exclusion constraint). What the worker and
a point's staff do to bookings stands in `services.bookings.upkeep`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from app.db.changes import Changes
from app.db.driver import Changed
from app.db.gather import Part
from app.db.unit_of_work import Deciding, Explain
from app.domain.audit.purpose import Purpose
from app.domain.bookings.booking import Booked
from app.domain.bookings.limits import changes_left, to_come
from app.domain.bookings.status import BookingStatus
from app.domain.pathways.pathway import Step
from app.domain.points.places import Place, Stretch
from app.errors import AppError, NotFound
from services.audit.commands import change_entry
from services.audit.queries import log_position
from services.bookings import repository
from services.bookings.errors import (
    ElsewhereThen,
    HoldGone,
    NotCancellable,
    NotMovable,
    StepBooked,
    TooEarly,
    TooLate,
    TooManyChanges,
    TooManyOpen,
    WrongService,
)
from services.pathways.queries import events_part, pathway_from, step_in, takable
from services.points.errors import NoSuchPlace
from services.points.queries import directory_version, place_taken, stretch_at
from services.profiles.queries import facts_part


@dataclass(frozen=True, slots=True)
class Wanted:
    """A place that somebody asks for: for which step, which service, where and when."""

    step: str
    service: str
    point_id: UUID
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Ground:
    """What a decision about one person's visits stands on, all of one moment.

    `position` is the length of their log. `own` holds their holds and visits to come, and what changed lately.
    `step` and `stretch` are those of the place asked for, if one is.
    """

    person_id: UUID
    position: int
    own: Sequence[Booked]
    step: Step | None = None
    stretch: Stretch | None = None

    def find(self, booking_id: UUID) -> Booked:
        """NotFound also for what is somebody else's."""
        for booking in self.own:
            if booking.id == booking_id:
                return booking
        raise NotFound

    def hold_of(self, step: str) -> Booked | None:
        """The hold of the step, even one that has run out while no worker came."""
        return next((b for b in self.own if b.step == step and b.status is BookingStatus.HELD), None)


async def hold(uow: Deciding, person_id: UUID, wanted: Wanted) -> Booked:
    """Keeps a place for the region's few minutes. The person's earlier hold for the step is given back for it.

    The same place again is the same hold, with the time it had: nobody keeps a place by asking again and again.
    """
    ground = await _ground(uow, person_id, wanted=wanted)
    place = _place(uow, ground, wanted)
    before = ground.hold_of(wanted.step)
    if before and before.holds_at(uow.now) and (before.point_id, before.place) == (wanted.point_id, place):
        return before
    return await _take(uow, ground, wanted, place, held_until=uow.now + uow.region.hold_for)


async def book(uow: Deciding, person_id: UUID, wanted: Wanted) -> Booked:
    """Hold and confirmation in one: for whoever knows the place they want."""
    ground = await _ground(uow, person_id, wanted=wanted)
    return await _take(uow, ground, wanted, _place(uow, ground, wanted), held_until=None)


async def _take(uow: Deciding, ground: Ground, wanted: Wanted, place: Place, *, held_until: datetime | None) -> Booked:
    before = ground.hold_of(wanted.step)
    others = [booking for booking in ground.own if booking is not before]
    if to_come(others, uow.now) >= uow.region.limits.to_come:
        raise TooManyOpen(limit=uow.region.limits.to_come)
    _may_change(uow, ground, wanted.step)
    if any(other.live and other.step == wanted.step for other in others):
        raise StepBooked
    _nowhere_else(place, others)
    if before is None and ground.stretch and ground.stretch.left < 1:
        await uow.driver.release()
        raise await place_taken(uow, wanted.service, wanted.point_id, place)
    booked = Booked(
        id=uuid4(),
        person_id=ground.person_id,
        step=wanted.step,
        service=wanted.service,
        point_id=wanted.point_id,
        place=place,
        status=BookingStatus.HELD if held_until else BookingStatus.CONFIRMED,
        held_until=held_until,
        created_at=uow.now,
        changed_at=uow.now,
    )
    changes = Changes(people={ground.person_id: ground.position})
    if before is not None:
        repository.put(changes, before.ended(BookingStatus.RELEASED, uow.now))
        repository.give_back(changes, before.place)
    repository.take(changes, place)
    repository.add(changes, booked)
    what = "booking_confirmed" if booked.live else "place_held"
    changes.entries.append(change_entry(uow, ground.person_id, what, booking=booked.id))
    uow.leave(changes, _explain(uow, booked))
    return booked


async def confirm(uow: Deciding, person_id: UUID, hold_id: UUID) -> Booked:
    """Turns the person's live hold into a booking. HoldGone when it ended, NotFound when it is not theirs."""
    ground = await _ground(uow, person_id, booking_id=hold_id)
    held = ground.find(hold_id)
    if held.status is BookingStatus.CONFIRMED:
        return held  # a second tap: it is theirs already
    if not held.holds_at(uow.now):
        raise HoldGone
    _nowhere_else(held.place, [booking for booking in ground.own if booking is not held])
    confirmed = held.ended(BookingStatus.CONFIRMED, uow.now)
    changes = Changes(people={person_id: ground.position})
    repository.put(changes, confirmed)
    changes.entries.append(change_entry(uow, person_id, "booking_confirmed", booking=held.id))
    uow.leave(changes, _explain(uow, held))
    return confirmed


async def reschedule(uow: Deciding, person_id: UUID, booking_id: UUID, point_id: UUID, starts_at: datetime) -> Booked:
    """Moves a visit that is still to be, in one swap: the old place is given back only if the new one is had.

    The booking stays the same one, so that a pass or a calendar entry made from it still holds.
    """
    booking = (await _ground(uow, person_id, booking_id=booking_id)).find(booking_id)
    wanted = Wanted(booking.step, booking.service, point_id, starts_at)
    ground = await _ground(uow, person_id, booking_id=booking_id, wanted=wanted)
    booking = ground.find(booking_id)
    if booking.status is not BookingStatus.CONFIRMED or booking.place.starts_at <= uow.now:
        raise NotMovable
    place = _place(uow, ground, wanted)
    if (booking.point_id, booking.place) == (point_id, place):
        return booking
    _may_change(uow, ground, booking.step)
    _nowhere_else(place, [other for other in ground.own if other is not booking])
    moved = booking.moved(point_id, place, uow.now)
    changes = Changes(people={person_id: ground.position})
    repository.put(changes, moved)
    repository.give_back(changes, booking.place)
    repository.take(changes, place)
    changes.entries.append(change_entry(uow, person_id, "booking_moved", booking=booking.id))
    uow.leave(changes, _explain(uow, moved))
    return moved


async def cancel(uow: Deciding, person_id: UUID, booking_id: UUID) -> Booked:
    """Gives a hold or a booking back before it begins. Twice is the same as once; NotCancellable afterwards."""
    ground = await _ground(uow, person_id, booking_id=booking_id)
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
    uow.leave(changes, _explain(uow, booking))
    return after


async def _ground(
    uow: Deciding, person_id: UUID, *, booking_id: UUID | None = None, wanted: Wanted | None = None
) -> Ground:
    purpose = Purpose.OWN_ACCESS
    position = log_position(person_id)
    since = uow.now - uow.region.limits.changes_within
    own = await repository.own_part(uow, person_id, purpose, since, booking_id)
    directory = directory_version(uow)
    parts: list[Part[Any]] = [position, own, directory]
    if wanted is None:
        found = await uow.gather(*parts)
        _ = found[directory]
        return Ground(person_id, found[position], found[own])
    facts, events = await facts_part(uow, person_id, purpose), await events_part(uow, person_id, purpose)
    stretch = stretch_at(wanted.point_id, wanted.service, wanted.starts_at)
    found = await uow.gather(*parts, facts, events, stretch)
    _ = found[directory]
    step = step_in(pathway_from(uow, found[facts], found[events]), wanted.step)
    return Ground(person_id, found[position], found[own], step, found[stretch])


def _place(uow: Deciding, ground: Ground, wanted: Wanted) -> Place:
    """The place asked for, if a visit there makes sense: whatever stands against it is raised."""
    if ground.step is None:
        raise LookupError("the ground was read for no place")
    step = takable(ground.step)
    if step.rule.service is None or step.rule.service != wanted.service:
        raise WrongService
    place = ground.stretch.place(wanted.starts_at) if ground.stretch else None
    if place is None or place.starts_at < uow.now:
        raise NoSuchPlace
    if place.starts_at < uow.now + uow.region.limits.lead:
        raise TooLate(minutes=int(uow.region.limits.lead.total_seconds() // 60))
    if step.not_before is not None and place.day < step.not_before:
        raise TooEarly(not_before=step.not_before.isoformat())
    return place


def _may_change(uow: Deciding, ground: Ground, step: str) -> None:
    limits = uow.region.limits
    if changes_left(limits, ground.own, step, uow.now) < 1:
        raise TooManyChanges(limit=limits.changes, hours=int(limits.changes_within.total_seconds() // 3600))


def _nowhere_else(place: Place, others: Sequence[Booked]) -> None:
    if any(other.live and other.overlaps(place) for other in others):
        raise ElsewhereThen


def _explain(uow: Deciding, booking: Booked) -> Explain:
    """What the database's refusal means to the one who asked for this booking's place."""

    async def explain(constraint: str) -> AppError | None:
        if constraint == "ck_capacity_days_within_capacity":
            return await place_taken(uow, booking.service, booking.point_id, booking.place)
        if constraint in {"uq_bookings_held_step", "uq_bookings_live_step"}:
            raise Changed  # another of the person's own phones was faster: look again
        return None

    return explain
