"""People join the line of a point: booked visitors when they arrive, walk-ins with or without a name."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from app.db.locks import lock_person
from app.db.unit_of_work import Reading, Writing
from app.domain.queue.hall_code import changes_at, periods_at, text_of
from app.domain.queue.policy import turn_of
from app.errors import InvalidInput
from app.models.bookings import Booking
from app.models.queue import Ticket
from services.audit.commands import record_change
from services.bookings.upkeep import place_of
from services.points.queries import minutes_of, point
from services.profiles.queries import person_of_migrant_id
from services.queue import repository
from services.queue.errors import HallCodeWrong, NotGivenHere
from services.visits.queries import local_day_at


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody comes for. `priority` is their own word, for the day, and without its kind."""

    service: str
    language: str | None = None
    priority: bool = False


async def add_walk_in(uow: Writing, point_id: UUID, wish: Wish, migrant_id: str | None = None) -> Ticket:
    """A clerk puts somebody in line; by name only if they want it, and give their Migrant ID. InvalidInput if it is
    nobody's.
    """
    person_id = None
    if migrant_id is not None:
        person_id = await _known_by(uow, migrant_id)
    return await _walk_in(uow, point_id, wish, person_id)


async def take_ticket(uow: Writing, point_id: UUID, wish: Wish, hall_code: str, *, named: bool) -> Ticket:
    """Somebody in the hall takes a ticket themselves, at its terminal or on their phone. `named`: it is to be seen on
    the phone of the person who is signed in. HallCodeWrong unless they can read the code on the screen.
    """
    await point(uow, point_id)
    if hall_code.strip().upper() not in {_code(uow, point_id, period) for period in periods_at(uow.now)}:
        raise HallCodeWrong
    person_id = uow.caller.person_id if named and uow.caller else None
    return await _walk_in(uow, point_id, wish, person_id)


async def _walk_in(uow: Writing, point_id: UUID, wish: Wish, person_id: UUID | None) -> Ticket:
    """NotGivenHere unless there are counters for it; AlreadyInLine, by a constraint."""
    if not await given(uow, point_id, wish.service, wish.language):
        raise NotGivenHere
    ticket_id = uuid4()
    if person_id is not None:
        await lock_person(uow, person_id)
        await record_change(uow, person_id, "ticket_taken", ticket=ticket_id)
    turn = turn_of(uow.region.queue, uow.now, priority=wish.priority)
    return await repository.add(
        uow,
        ticket_id,
        point_id,
        await local_day_at(uow, point_id),
        turn,
        service=wish.service,
        language=wish.language,
        priority=wish.priority,
        person_id=person_id,
    )


async def _known_by(uow: Reading, migrant_id: str) -> UUID:
    person_id = await person_of_migrant_id(uow, migrant_id)
    if person_id is None:
        raise InvalidInput(field="migrant_id")
    return person_id


async def add_arrived(uow: Writing, booking: Booking, language: str | None, *, priority: bool) -> Ticket:
    """A booked visitor who has just checked in; the person is locked. Nobody is turned away for a language."""
    if language is not None and not await given(uow, booking.point_id, booking.service, language):
        language = None
    booked_for = place_of(booking).starts_at
    return await repository.add(
        uow,
        uuid4(),
        booking.point_id,
        await local_day_at(uow, booking.point_id),
        turn_of(uow.region.queue, uow.now, booked_for, priority=priority),
        service=booking.service,
        language=language,
        priority=priority,
        person_id=booking.person_id,
        booking_id=booking.id,
        booked_for=booked_for,
    )


async def given(uow: Reading, point_id: UUID, service: str, language: str | None) -> bool:
    """Whether a counter in use gives the service, in the language asked for, if any.

    At a point without counters of its own, whether it has the service.
    """
    counters = [counter for counter in await repository.counters(uow, point_id) if not counter.retired]
    if not counters:
        return service in await minutes_of(uow, point_id) and language is None
    return any(service in c.services and (language is None or language in c.languages) for c in counters)


@dataclass(frozen=True, slots=True)
class HallCode:
    """`until` then the screen shows it; it is taken for as long again."""

    code: str
    until: datetime


async def hall_code(uow: Reading, point_id: UUID) -> HallCode:
    """What the screen in the hall shows now."""
    return HallCode(_code(uow, point_id, periods_at(uow.now)[0]), changes_at(uow.now))


def _code(uow: Reading, point_id: UUID, period: int) -> str:
    return text_of(uow.vault.mac("hall-code", f"{uow.region.code} {point_id} {period}".encode()))
