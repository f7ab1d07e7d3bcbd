"""What a decision about a person's visits stands on, and what may stand against a place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from app.db.changes import Changes
from app.db.driver import Changed
from app.db.gather import Part
from app.db.unit_of_work import Deciding, Explain, Reading
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
from services.points.queries import directory_version, place_taken, settling_in, stretch_at
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
    `stretch` is that of the place asked for, if one is, and `step` what it is for: None for help that no step asks for.
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


async def ground_parts(
    uow: Reading, person_id: UUID, itinerary_id: UUID | None = None
) -> tuple[Part[int], Part[list[Booked]]]:
    """How long the person's log is, and their visits as `Ground` has them, with those of an itinerary if one is named:
    to be read along with other parts.
    """
    since = uow.now - uow.region.limits.changes_within
    own = await repository.own_part(uow, person_id, Purpose.OWN_ACCESS, since, None, itinerary_id)
    return log_position(person_id), own


async def ground_of(
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
    help_there = settling_in(wanted.service)
    found = await uow.gather(*parts, facts, events, stretch, help_there)
    _ = found[directory]
    step = None
    if wanted.step != wanted.service or not found[help_there]:
        step = step_in(pathway_from(uow, found[facts], found[events]), wanted.step)
    return Ground(person_id, found[position], found[own], step, found[stretch])


def place_for(uow: Deciding, ground: Ground, wanted: Wanted) -> Place:
    """The place asked for, if a visit there makes sense: whatever stands against it is raised."""
    step = step_for(ground, wanted)
    place = ground.stretch.place(wanted.starts_at) if ground.stretch else None
    return in_time(uow, step, place)


def step_for(ground: Ground, wanted: Wanted) -> Step | None:
    """The step, if it is done by a visit for that service and can be taken now; None for help that no step asks for."""
    if ground.step is None:
        return None
    step = takable(ground.step)
    if step.rule.service is None or step.rule.service != wanted.service:
        raise WrongService
    return step


def in_time(uow: Deciding, step: Step | None, place: Place | None) -> Place:
    """The place, if there is one, and it is neither too soon to reach nor too early for the step."""
    if place is None or place.starts_at < uow.now:
        raise NoSuchPlace
    if place.starts_at < uow.now + uow.region.limits.lead:
        raise TooLate(minutes=int(uow.region.limits.lead.total_seconds() // 60))
    if step and step.not_before is not None and place.day < step.not_before:
        raise TooEarly(not_before=step.not_before.isoformat())
    return place


def can_move(uow: Reading, own: Sequence[Booked], booking: Booked) -> bool:
    """Whether it is a visit still to be that has not been moved too often."""
    to_be = booking.status is BookingStatus.CONFIRMED and booking.place.starts_at > uow.now
    return to_be and changes_left(uow.region.limits, own, booking.step, uow.now) > 0


def may_change(uow: Deciding, ground: Ground, step: str) -> None:
    limits = uow.region.limits
    if changes_left(limits, ground.own, step, uow.now) < 1:
        raise TooManyChanges(limit=limits.changes, hours=int(limits.changes_within.total_seconds() // 3600))


def nowhere_else(place: Place, others: Sequence[Booked]) -> None:
    if any(other.live and other.overlaps(place) for other in others):
        raise ElsewhereThen


def explain_to(uow: Deciding, booking: Booked, people: int = 1) -> Explain:
    """What the database's refusal means to the one who asked for this booking's place, or a family's first."""

    async def explain(constraint: str) -> AppError | None:
        if constraint == "ck_capacity_days_within_capacity":
            return await place_taken(uow, booking.service, booking.point_id, booking.place, people)
        if constraint in {"uq_bookings_held_step", "uq_bookings_live_step"}:
            raise Changed  # another of the person's own phones was faster: look again
        return None

    return explain


def take(
    uow: Deciding,
    changes: Changes,
    ground: Ground,
    wanted: Wanted,
    place: Place,
    *,
    held_until: datetime | None = None,
    group_id: UUID | None = None,
    itinerary_id: UUID | None = None,
) -> Booked:
    """Adds to `changes` that the person has the place. Their earlier hold for the step is given back for it."""
    before = ground.hold_of(wanted.step)
    others = [booking for booking in ground.own if booking is not before]
    if to_come(others, uow.now) >= uow.region.limits.to_come:
        raise TooManyOpen(limit=uow.region.limits.to_come)
    may_change(uow, ground, wanted.step)
    if any(other.live and other.step == wanted.step for other in others):
        raise StepBooked
    nowhere_else(place, others)
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
        group_id=group_id,
        itinerary_id=itinerary_id,
    )
    if before is not None:
        repository.put(changes, before.ended(BookingStatus.RELEASED, uow.now))
        repository.give_back(changes, before.place)
    repository.take(changes, place)
    repository.add(changes, booked)
    what = "booking_confirmed" if booked.live else "place_held"
    changes.entries.append(change_entry(uow, ground.person_id, what, booking=booked.id))
    return booked


def move(
    uow: Deciding,
    changes: Changes,
    ground: Ground,
    booking: Booked,
    point_id: UUID,
    place: Place,
    *,
    itinerary_id: UUID | None = None,
) -> Booked:
    """Adds to `changes` that a visit which is still to be stands there instead, in one swap of places.

    Whether it then overlaps another visit of the person is the caller's to see: that one may move too.
    """
    if booking.status is not BookingStatus.CONFIRMED or booking.place.starts_at <= uow.now:
        raise NotMovable
    may_change(uow, ground, booking.step)
    moved = replace(booking.moved(point_id, place, uow.now), itinerary_id=itinerary_id or booking.itinerary_id)
    repository.put(changes, moved)
    repository.give_back(changes, booking.place)
    repository.take(changes, place)
    changes.entries.append(change_entry(uow, ground.person_id, "booking_moved", booking=booking.id))
    return moved


def adopt(changes: Changes, booking: Booked, itinerary_id: UUID) -> Booked:
    """Adds to `changes` that a visit stays as it is and belongs to an itinerary from now on."""
    adopted = replace(booking, itinerary_id=itinerary_id)
    repository.put(changes, adopted)
    return adopted
