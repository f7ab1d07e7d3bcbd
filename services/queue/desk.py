"""Visits whose tickets follow: who checks in joins the line, and who is done with leaves it.

A clerk may say the same word of a visit here, by `services.visits`, or of its ticket, by `moves`: either way both are
changed together. The ticket is locked before the visit's commands, which write logs.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.db.locks import lock_person
from app.db.unit_of_work import Writing
from app.domain.bookings.status import BookingStatus
from app.domain.identity.caller import Caller
from app.domain.pathways.events import EventKind
from app.domain.queue.status import AT_COUNTER, LIVE, Move, TicketStatus
from app.models.queue import Ticket
from services.queue import repository
from services.queue.line import add_arrived
from services.queue.moves import restore
from services.queue.notices import tell_moved
from services.visits import check_in, commands
from services.visits.queries import Visit


@dataclass(frozen=True, slots=True)
class Arrived:
    visit: Visit
    ticket: Ticket


async def check_in_by_pass(
    uow: Writing, clerk: Caller, pass_text: str, language: str | None, *, priority: bool
) -> Arrived:
    """By the QR pass; `services.visits.check_in` says what can be wrong with it. The visitor is in line."""
    return await _arrived(uow, await check_in.check_in_by_pass(uow, clerk, pass_text), language, priority=priority)


async def check_in_by_id(
    uow: Writing, clerk: Caller, migrant_id: str, language: str | None, *, priority: bool
) -> Arrived:
    """By Migrant ID and passport. The visitor is in line."""
    return await _arrived(uow, await check_in.check_in_by_id(uow, clerk, migrant_id), language, priority=priority)


async def _arrived(uow: Writing, visit: Visit, language: str | None, *, priority: bool) -> Arrived:
    return Arrived(visit, await add_arrived(uow, visit.booking, language, priority=priority))


async def finish(
    uow: Writing, clerk: Caller, booking_id: UUID, version: int, outcome: EventKind, expires_on: date | None
) -> Visit:
    """Says how a visit went; its ticket is finished, wherever it stood."""
    ticket = await _locked_ticket(uow, clerk, booking_id)
    visit = await commands.finish(uow, clerk, booking_id, version, outcome, expires_on)
    if ticket is not None and ticket.status in LIVE:
        done = {"status": TicketStatus.FINISHED, "finished_at": uow.now}
        await repository.move(uow, clerk.point, ticket.id, ticket.version, LIVE, undoable=Move.FINISH, **done)
        await tell_moved(uow, ticket)
    return visit


async def undo(uow: Writing, clerk: Caller, booking_id: UUID, version: int) -> Visit:
    """Takes back the last word about a visit. Without an arrival there is no ticket; without an outcome it goes on."""
    ticket = await _locked_ticket(uow, clerk, booking_id)
    visit = await commands.undo(uow, clerk, booking_id, version)
    arrived = visit.booking.status == BookingStatus.ARRIVED
    if ticket is not None and ticket.status in LIVE and not arrived:
        await repository.move(
            uow, clerk.point, ticket.id, ticket.version, LIVE, status=TicketStatus.CLOSED, before=None
        )
    elif ticket is not None and arrived and ticket.before and ticket.before["move"] == Move.FINISH:
        # At its counter may be somebody else by now: then it waits aside, for a clerk to put it back in line.
        counter_id = UUID(ticket.before["counter_id"]) if ticket.before["status"] in AT_COUNTER else None
        taken = counter_id is not None and await repository.number_at(uow, counter_id) is not None
        restore(uow, ticket)
        if taken:
            ticket.status = TicketStatus.SKIPPED
        await uow.session.flush()
    return visit


async def _locked_ticket(uow: Writing, clerk: Caller, booking_id: UUID) -> Ticket | None:
    """The newest ticket of a visit, locked after its person."""
    person_id = await repository.person_of(uow, booking_id=booking_id)
    if person_id is None:
        return None
    await lock_person(uow, person_id)
    return await repository.locked_of_booking(uow, clerk.point, booking_id)
