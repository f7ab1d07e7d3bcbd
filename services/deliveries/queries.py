"""Reads of what was sent."""

from collections.abc import Sequence
from uuid import UUID

from app.db.unit_of_work import Reading
from app.models.reminders import Delivery
from services.deliveries import repository


async def ways_of(uow: Reading, message_id: UUID) -> Sequence[Delivery]:
    """The ways that a message took outside the app. Whose it is was seen to already."""
    return await repository.of_messages(uow, [message_id])
