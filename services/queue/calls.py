"""A counter calls whose turn it is: decided by the policy, done by compare-and-swap."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.identity.caller import Caller
from app.domain.queue import policy
from app.domain.queue.policy import Ahead, next_to_call
from app.domain.queue.status import MOVES, Move, TicketStatus
from app.errors import NotFound, TryAgain
from app.models.queue import Counter, Ticket
from services.audit.access import recall_uses
from services.bookings.queries import expected_starts
from services.points.queries import minutes_of
from services.profiles.queries import VisitorCard, visitor_card
from services.queue import repository
from services.queue.counters import own_counter
from services.queue.errors import CounterBusy
from services.queue.notices import tell_moved

_RACES = 100
"""Each lost race means that somebody else called somebody."""
_NAMED = frozenset({TicketStatus.CALLED, TicketStatus.SERVING, TicketStatus.SKIPPED})


@dataclass(frozen=True, slots=True)
class Called:
    """A ticket as the clerk has it who called: with who it is, if the visitor gave a name."""

    ticket: Ticket
    card: VisitorCard | None


async def call_next(uow: Writing, clerk: Caller, counter_id: UUID) -> Called | None:
    """Calls whose turn it is to the clerk's counter; None when nobody may be called to it now.

    CounterClosed unless the clerk stands there; CounterBusy while somebody is there or called to it.
    """
    counter = await own_counter(uow, clerk, counter_id)
    number = await repository.number_at(uow, counter.id)
    if number is not None:
        raise CounterBusy(number=number)
    for _ in range(_RACES):
        seen = {c.ticket.id: c for c in await repository.waiting(uow, counter.point_id)}
        chosen = await _chosen(uow, counter, [c.ticket for c in seen.values()])
        if chosen is None:
            return None
        ticket = await _called(uow, counter, seen[chosen.id])
        if ticket is not None:
            await tell_moved(uow, ticket, others=any(other.named for other in seen.values()))
            return Called(ticket, await _card(uow, ticket))
    raise TryAgain(retry_after=1)


async def _called(uow: Writing, counter: Counter, seen: repository.Candidate) -> Ticket | None:
    """None when somebody else was faster."""
    sources, called = MOVES[Move.CALL]
    values = {"status": called, "counter_id": counter.id, "calls": Ticket.calls + 1, "called_at": uow.now}
    return await repository.move(
        uow, counter.point_id, UUID(str(seen.ticket.id)), seen.version, sources, undoable=Move.CALL, **values
    )


async def _chosen(uow: Reading, counter: Counter, waiting: list[policy.Ticket]) -> policy.Ticket | None:
    at = policy.Counter(counter.id, frozenset(counter.services), frozenset(counter.languages))
    first = next_to_call(waiting, at, uow.now)
    if first is None or first.turn.due <= uow.now:
        return first  # nobody asks how long the gap is when somebody due waits
    return next_to_call(waiting, at, uow.now, await _ahead(uow, counter))


async def _ahead(uow: Reading, counter: Counter) -> Ahead:
    """What the gap before the next booked visitors is measured by."""
    takes = {name: timedelta(minutes=m) for name, m in (await minutes_of(uow, counter.point_id)).items()}
    services = set(counter.services)
    longest = max((takes[name] for name in services & takes.keys()), default=timedelta(0))
    starts = await expected_starts(uow, counter.point_id, services, uow.now, uow.now + longest)
    others = [
        other
        for other in await repository.counters(uow, counter.point_id)
        if other.id != counter.id and other.staff_id is not None and services & set(other.services)
    ]
    return Ahead(starts, len(others), takes, uow.region.queue.delay)


async def called_ticket(uow: Writing, clerk: Caller, ticket_id: UUID) -> Called:
    """A ticket of the clerk's point; with the name once it was called, and the person's log says so."""
    ticket = await repository.at_point(uow, clerk.point, ticket_id)
    if ticket is None:
        raise NotFound
    return await as_called(uow, ticket)


async def as_called(uow: Writing, ticket: Ticket) -> Called:
    """The same after a move. Looks of one clerk within an hour are told once."""
    return Called(ticket, await _card(uow, ticket, again=True) if ticket.status in _NAMED else None)


async def _card(uow: Writing, ticket: Ticket, *, again: bool = False) -> VisitorCard | None:
    if ticket.person_id is None:
        return None
    person_id = await repository.person_of(uow, ticket_id=ticket.id)
    if person_id is None:
        return None
    if again:
        await recall_uses(uow, [person_id], Purpose.QUEUE_CALL)
    return await visitor_card(uow, person_id, Purpose.QUEUE_CALL)
