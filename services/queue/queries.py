"""Reads of queues: a point's state, which names nobody, and a person's own tickets."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.db.unit_of_work import Reading
from app.domain.audit.purpose import Purpose
from app.domain.queue.state import QueueState
from app.errors import NotFound
from app.models.queue import Counter, Ticket
from services.points.queries import point
from services.queue import repository

_SHOWN = timedelta(days=1)
"""A person sees tickets of that long ago."""


async def queue_state(uow: Reading, point_id: UUID) -> QueueState:
    """The point's queue as it is now: numbers and states. Who waits is not read."""
    return await repository.state(uow, point_id)


async def board_of(uow: Reading, point_id: UUID) -> QueueState:
    """The same for the hall. NotFound when there is no such point."""
    await point(uow, point_id)
    return await repository.state(uow, point_id)


async def counters_of(uow: Reading, point_id: UUID) -> Sequence[Counter]:
    """All counters of a point, those that were given up too, by code."""
    await point(uow, point_id)
    return await repository.counters(uow, point_id)


@dataclass(frozen=True, slots=True)
class OwnTicket:
    """A person's ticket, and the queue that it stands in."""

    ticket: Ticket
    state: QueueState


async def points_at_work(uow: Reading) -> Sequence[UUID]:
    """Points at which a counter is open."""
    return await repository.points_at_work(uow)


async def people_who_wait(uow: Reading, tickets: Collection[UUID]) -> dict[UUID, UUID]:
    """For what they are told and nobody else: whose these tickets are, of those that are somebody's."""
    return await repository.people_of(uow, tickets)


async def own_tickets(uow: Reading, person_id: UUID) -> list[OwnTicket]:
    """The person's tickets of today, newest first."""
    tickets = await repository.of_person(uow, person_id, Purpose.OWN_ACCESS, since=uow.now - _SHOWN)
    states = {point_id: await repository.state(uow, point_id) for point_id in {t.point_id for t in tickets}}
    return [OwnTicket(ticket, states[ticket.point_id]) for ticket in tickets]


async def own_ticket(uow: Reading, person_id: UUID, ticket_id: UUID) -> Ticket:
    """NotFound also when it is somebody else's."""
    found = await repository.of_person(uow, person_id, Purpose.OWN_ACCESS, since=uow.now, ticket_id=ticket_id)
    if not found:
        raise NotFound
    return found[0]


async def ticket_faults(uow: Reading) -> list[str]:
    """Where the numbers of a day are not 1, 2, 3 … in words; empty when they are."""
    return [
        f"point {point_id}, {day}: {made} tickets, the greatest number is {greatest}, the last one given {last}"
        for point_id, day, made, greatest, last in await repository.faults(uow)
    ]
