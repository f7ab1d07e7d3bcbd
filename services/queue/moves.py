"""What is done with a ticket after it was called. Each move names the version that was seen; the last can be undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from app.db.locks import lock_person
from app.db.unit_of_work import Writing
from app.domain.audit.purpose import Purpose
from app.domain.identity.caller import Caller
from app.domain.pathways.events import EventKind
from app.domain.queue.policy import Turn, behind, turn_of
from app.domain.queue.status import AT_COUNTER, MOVES, Move, TicketStatus
from app.errors import InvalidInput, NotFound
from app.models.bookings import Booking
from app.models.queue import Ticket
from services.bookings.queries import booking_at
from services.queue import repository
from services.queue.calls import Called, as_called
from services.queue.errors import (
    CounterBusy,
    MoveNotPossible,
    NotCalledEnough,
    NotGivenHere,
    OutcomeNeeded,
    TicketChanged,
)
from services.queue.line import given
from services.queue.notices import tell_moved
from services.visits import commands as visits
from services.visits.errors import NothingToUndo, UndoTooLate

_PURPOSE = Purpose.VISIT_OUTCOME
_GONE = frozenset({Move.NO_SHOW, Move.LEAVE})


@dataclass(frozen=True, slots=True)
class Seen:
    """A ticket of a point at the version that somebody has seen."""

    point_id: UUID
    ticket_id: UUID
    version: int


async def recall(uow: Writing, seen: Seen) -> Called:
    """The number is called once more. What can be undone stays the call itself."""
    return await as_called(uow, await _moved(uow, seen, Move.RECALL, {"calls": Ticket.calls + 1}, undoable=False))


async def serve(uow: Writing, seen: Seen) -> Called:
    """The visitor is at the counter: the service begins."""
    return await as_called(uow, await _moved(uow, seen, Move.SERVE, {"serving_at": uow.now}))


async def skip(uow: Writing, seen: Seen) -> Called:
    """Nobody came: the counter is free, and the ticket waits aside until they turn up."""
    return await as_called(uow, await _moved(uow, seen, Move.SKIP))


async def back(uow: Writing, seen: Seen) -> Called:
    """They turned up, or are not ready: in line again, behind the next few."""
    ticket = await _at(uow, seen)
    others = [c.ticket for c in await repository.waiting(uow, seen.point_id) if c.ticket.service == ticket.service]
    turn = behind(Turn(ticket.turn_at, ticket.due_from), others, uow.region.queue.behind, uow.now)
    again = {"counter_id": None, "called_at": None, "serving_at": None}
    return await as_called(uow, await _moved(uow, seen, Move.BACK, again | {"turn_at": turn.at, "due_from": turn.due}))


async def transfer(uow: Writing, seen: Seen, service: str | None, counter_id: UUID | None) -> Called:
    """To another service, or to one counter, or both, with the turn one has. NotGivenHere; NotFound for a counter.

    A language that is not spoken where they go no longer keeps them from being called.
    """
    if service is None and counter_id is None:
        raise InvalidInput(field="service")
    counter = await repository.locked_counter(uow, seen.point_id, counter_id) if counter_id else None
    if counter_id is not None and counter is None:
        raise NotFound
    ticket = await _at(uow, seen)
    wanted = service or ticket.service
    if counter is None:
        possible = await given(uow, seen.point_id, wanted, None)
        spoken = await given(uow, seen.point_id, wanted, ticket.language)
    else:
        possible, spoken = wanted in counter.services, ticket.language in counter.languages
    if not possible:
        raise NotGivenHere
    values = {"service": wanted, "language": ticket.language if spoken else None, "counter_id": counter_id}
    again = {"calls": 0, "called_at": None, "serving_at": None}
    return await as_called(uow, await _moved(uow, seen, Move.TRANSFER, values | again))


async def finish(uow: Writing, seen: Seen, outcome: EventKind | None, expires_on: date | None) -> Called:
    """The service is over. Of a booked visit it is said how it went, as on its own: the pathway moves with it."""
    await _lock_person(uow, seen)
    ticket = await _moved(uow, seen, Move.FINISH, {"finished_at": uow.now})
    booking = await _booking(uow, ticket, _PURPOSE)
    if (booking is None) != (outcome is None):
        raise OutcomeNeeded
    if booking is not None and outcome is not None:
        await visits.finish(uow, _clerk(uow), booking.id, booking.version, outcome, expires_on)
    return Called(ticket, None)


async def no_show(uow: Writing, seen: Seen) -> Called:
    """Called again and again, and nobody came: NotCalledEnough before. A booked step can be booked again."""
    calls = uow.region.queue.calls
    if (await _at(uow, seen)).calls < calls:
        raise NotCalledEnough(calls=calls)
    return Called(await _gone(uow, seen, Move.NO_SHOW, _PURPOSE), None)


async def leave(uow: Writing, seen: Seen) -> Called:
    """The visitor tells a clerk that they go."""
    return Called(await _gone(uow, seen, Move.LEAVE, _PURPOSE), None)


async def leave_own(uow: Writing, seen: Seen) -> Ticket:
    """The visitor goes, by their own phone. For `own`, which has seen to it that the ticket is theirs."""
    return await _gone(uow, seen, Move.LEAVE, Purpose.OWN_ACCESS)


async def set_priority(uow: Writing, seen: Seen, *, priority: bool) -> Ticket:
    """Declared for the day, or taken back, while nobody has called the ticket yet: the turn is worked out anew."""
    ticket = await repository.locked(uow, seen.point_id, seen.ticket_id)
    _check(ticket, seen)
    if ticket is None or ticket.status != TicketStatus.WAITING or ticket.calls > 0:
        raise MoveNotPossible(ticket_status=ticket.status if ticket else None)
    if ticket.priority != priority:
        turn = turn_of(uow.region.queue, ticket.joined_at, ticket.booked_for, priority=priority)
        await repository.set_turn(uow, ticket, turn, priority=priority)
    return ticket


async def undo(uow: Writing, seen: Seen) -> Called:
    """Takes back the last move, whichever clerk of the point made it, within the terms' minutes.

    With it what it said of a booked visit. CounterBusy when the ticket was at a counter where now another is.
    """
    await _lock_person(uow, seen)
    ticket = await repository.locked(uow, seen.point_id, seen.ticket_id)
    ticket = _check(ticket, seen)
    terms = uow.region.queue
    if ticket.before is None:
        raise NothingToUndo
    if uow.now >= ticket.changed_at + terms.undo_for:
        raise UndoTooLate(minutes=int(terms.undo_for.total_seconds() // 60))
    last = Move(ticket.before["move"])
    if ticket.before["status"] in AT_COUNTER:
        number = await repository.number_at(uow, UUID(ticket.before["counter_id"]))
        if number is not None and number != ticket.number:
            raise CounterBusy(number=number)
    restore(uow, ticket)
    await uow.session.flush()
    await tell_moved(uow, ticket)
    if last in _GONE | {Move.FINISH}:
        booking = await _booking(uow, ticket, _PURPOSE)
        if booking is not None and last is Move.FINISH:
            await visits.undo(uow, _clerk(uow), booking.id, booking.version)
        elif booking is not None:
            await visits.resume(uow, booking, _PURPOSE)
    return await as_called(uow, ticket)


def restore(uow: Writing, ticket: Ticket) -> None:
    """The locked ticket as it was before its last move."""
    before: dict[str, Any] = ticket.before or {}
    for column in repository.KEPT:
        value = before[column.key]
        if isinstance(value, str) and column.type.python_type is datetime:
            value = datetime.fromisoformat(value)
        elif isinstance(value, str) and column.type.python_type is UUID:
            value = UUID(value)
        setattr(ticket, column.key, value)
    ticket.before, ticket.changed_at, ticket.version = None, uow.now, ticket.version + 1


async def _gone(uow: Writing, seen: Seen, move: Move, purpose: Purpose) -> Ticket:
    await _lock_person(uow, seen)
    ticket = await _moved(uow, seen, move)
    booking = await _booking(uow, ticket, purpose)
    if booking is not None:
        await visits.end_unanswered(uow, booking)
    return ticket


async def _booking(uow: Writing, ticket: Ticket, purpose: Purpose) -> Booking | None:
    """The booked visit of a ticket, locked."""
    return None if ticket.booking_id is None else await booking_at(uow, ticket.booking_id, ticket.point_id, purpose)


def _clerk(uow: Writing) -> Caller:
    """Whose word it is. LookupError for the system, which says none of a visit."""
    if uow.caller is None:
        raise LookupError("nobody is at the desk")
    return uow.caller


async def _lock_person(uow: Writing, seen: Seen) -> None:
    person_id = await repository.person_of(uow, ticket_id=seen.ticket_id)
    if person_id is not None:
        await lock_person(uow, person_id)


async def _at(uow: Writing, seen: Seen) -> Ticket:
    return _check(await repository.at_point(uow, seen.point_id, seen.ticket_id), seen)


def _check(ticket: Ticket | None, seen: Seen) -> Ticket:
    if ticket is None:
        raise NotFound
    if ticket.version != seen.version:
        raise TicketChanged(present={"status": ticket.status, "version": ticket.version})
    return ticket


async def _moved(
    uow: Writing, seen: Seen, move: Move, values: Mapping[str, Any] = MappingProxyType({}), *, undoable: bool = True
) -> Ticket:
    """The ticket after the move. NotFound, TicketChanged or MoveNotPossible, and nothing is changed."""
    sources, status = MOVES[move]
    ticket = await repository.move(
        uow,
        seen.point_id,
        seen.ticket_id,
        seen.version,
        sources,
        undoable=move if undoable else None,
        status=status,
        **values,
    )
    if ticket is None:
        raise MoveNotPossible(ticket_status=(await _at(uow, seen)).status)
    await tell_moved(uow, ticket)
    return ticket
