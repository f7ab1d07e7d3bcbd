"""The outbox for a command that holds its person's lock and writes on the driver (`Deciding.hold`)."""

import json
from datetime import datetime

from app.db.unit_of_work import Deciding
from services.outbox import repository
from services.outbox.commands import Payload


async def emit(uow: Deciding, topic: str, payload: Payload, *, expires_at: datetime) -> None:
    """Queues one event, as `services.outbox.commands.emit` does."""
    sealed = uow.vault.seal_system("outbox_events", json.dumps(payload).encode())
    await repository.add_held(uow, topic, sealed, expires_at)
