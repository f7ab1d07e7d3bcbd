"""A queue's state as each of those who watch it is shown it."""

from datetime import datetime, timedelta
from uuid import UUID

from fastapi import Response

from app.domain.queue.state import CounterState, QueueState, TicketState
from app.domain.queue.status import AT_COUNTER, TicketStatus
from app.domain.visits.outcomes import outcomes_of
from app.models.points import Point
from app.models.queue import Ticket
from routers.deps import WritingUow
from routers.points.schemas import local, point_brief
from routers.queue.schemas import (
    BoardCall,
    BoardCounter,
    BoardOut,
    CalledTicket,
    OwnTicketOut,
    QueueCounter,
    QueueOut,
    QueueTicket,
    name_in,
)
from routers.visits.schemas import AllowedOutcome
from services.points.queries import point
from services.queue.calls import Called


def queue_out(state: QueueState, zone: str, language: str, account_id: UUID, undo_for: timedelta) -> QueueOut:
    """For a clerk or the manager of the point."""
    return QueueOut(
        version=state.version,
        counters=[_counter_out(counter, zone, language, account_id) for counter in state.counters],
        tickets=[_ticket_out(ticket, zone, undo_for) for ticket in state.tickets],
    )


def _counter_out(counter: CounterState, zone: str, language: str, account_id: UUID) -> QueueCounter:
    return QueueCounter(
        id=counter.id,
        code=counter.code,
        name=name_in(language, counter.name),
        services=sorted(counter.services),
        languages=sorted(counter.languages),
        own=counter.staff_id == account_id,
        opened_at=_local(counter.opened_at, zone),
    )


def _ticket_out(ticket: TicketState, zone: str, undo_for: timedelta) -> QueueTicket:
    return QueueTicket(
        id=ticket.id,
        number=ticket.number,
        version=ticket.version,
        status=ticket.status,
        service=ticket.service,
        language=ticket.language,
        booked_for=_local(ticket.booked_for, zone),
        priority=ticket.priority,
        counter_id=ticket.counter_id,
        calls=ticket.calls,
        joined_at=local(ticket.joined_at, zone),
        called_at=_local(ticket.called_at, zone),
        serving_at=_local(ticket.serving_at, zone),
        undo_until=_local(ticket.undo_until(undo_for), zone),
    )


def called_out(called: Called, zone: str, undo_for: timedelta) -> CalledTicket:
    """For the clerk who calls, with the name if there is one."""
    ticket, card = called.ticket, called.card
    allowed = outcomes_of(ticket.service) if ticket.booking_id else ()
    return CalledTicket(
        id=ticket.id,
        number=ticket.number,
        version=ticket.version,
        status=TicketStatus(ticket.status),
        service=ticket.service,
        language=ticket.language,
        booked_for=_local(ticket.booked_for, zone),
        priority=ticket.priority,
        counter_id=ticket.counter_id,
        calls=ticket.calls,
        joined_at=local(ticket.joined_at, zone),
        called_at=_local(ticket.called_at, zone),
        serving_at=_local(ticket.serving_at, zone),
        undo_until=local(ticket.changed_at + undo_for, zone) if ticket.before else None,
        migrant_id=card.migrant_id if card else None,
        name=card.name if card else None,
        cyrillic_name=card.cyrillic_name if card else None,
        allowed=[AllowedOutcome(outcome=o.kind, expires_on=o.expires_on) for o in allowed],
    )


def board_out(state: QueueState, language: str) -> BoardOut:
    """For everybody in the hall: numbers and counters."""
    calls = sorted(state.at_counters, key=lambda ticket: ticket.called_at or ticket.joined_at, reverse=True)
    return BoardOut(
        version=state.version,
        calls=[BoardCall(number=t.number, counter=state.code_of(t.counter_id), status=t.status) for t in calls],
        waiting=sorted(ticket.number for ticket in state.tickets if ticket.status is TicketStatus.WAITING),
        counters=[BoardCounter(code=c.code, name=name_in(language, c.name), open=c.open) for c in state.counters],
    )


def own_out(ticket: Ticket, state: QueueState, at: Point, language: str, now: datetime) -> OwnTicketOut:
    """For the phone of who waits. What moves is the state's; `ticket` stands for one that left it a while ago."""
    seen = state.ticket(ticket.id)
    status = seen.status if seen else TicketStatus(ticket.status)
    counter_id = seen.counter_id if seen else ticket.counter_id
    return OwnTicketOut(
        id=ticket.id,
        number=ticket.number,
        day=ticket.day,
        version=seen.version if seen else ticket.version,
        status=status,
        point=point_brief(at, language),
        service=seen.service if seen else ticket.service,
        language=seen.language if seen else ticket.language,
        booked_for=_local(ticket.booked_for, at.zone),
        priority=seen.priority if seen else ticket.priority,
        ahead=state.ahead_of(ticket.id, now),
        counter=state.code_of(counter_id) if status in AT_COUNTER else None,
        calls=seen.calls if seen else ticket.calls,
        joined_at=local(ticket.joined_at, at.zone),
        called_at=_local(seen.called_at if seen else ticket.called_at, at.zone),
    )


def _local(instant: datetime | None, zone: str) -> datetime | None:
    return instant and local(instant, zone)


async def tagged(called: Called, uow: WritingUow, response: Response) -> CalledTicket:
    """The same, with the version that goes into `If-Match`."""
    response.headers["ETag"] = f'"{called.ticket.version}"'
    zone = (await point(uow, called.ticket.point_id)).zone
    return called_out(called, zone, uow.region.queue.undo_for)
