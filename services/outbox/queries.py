"""Reads of the outbox, for `doctor`."""

from datetime import timedelta

from app.db.unit_of_work import Reading
from services.outbox import repository

PATIENCE = timedelta(minutes=1)


async def late_events(uow: Reading) -> list[str]:
    """In words: events that wait longer than a worker would let them."""
    late = await repository.count_waiting(uow, uow.now - PATIENCE)
    return [f"{late} events have waited for more than a minute: is a worker running?"] if late else []
