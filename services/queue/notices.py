"""The phones of those who wait with a name are told: that they are called, that it will be soon, that it is over."""

from datetime import timedelta

from app.db.unit_of_work import Writing
from app.models.queue import Ticket
from services.outbox.commands import emit

QUEUE_MOVED = "queue.moved"
_OF_USE = timedelta(minutes=10)


async def tell_moved(uow: Writing, ticket: Ticket, *, others: bool = False) -> None:
    """Queues an event of a ticket that was called, or is called no longer. Of one that is nobody's only if `others`
    who have a name wait behind it. Whose they are is not in it: who carries it out looks at the queue as it is then.
    """
    if ticket.person_id is None and not others:
        return
    payload = {
        "point": str(ticket.point_id),
        "ticket": str(ticket.id),
        "calls": ticket.calls,
        "at": uow.now.isoformat(),
    }
    await emit(uow, QUEUE_MOVED, payload, expires_at=uow.now + _OF_USE)
