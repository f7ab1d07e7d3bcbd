"""Orders to keep uses of somebody's data from them, who is named by their Migrant ID."""

from uuid import UUID

from app.db.locks import lock_person
from app.db.unit_of_work import Writing
from app.domain.audit.hiding import Order
from app.domain.identity.caller import Caller
from app.errors import NotFound
from services.audit.commands import hide_uses
from services.profiles.queries import person_of_migrant_id


async def hide(uow: Writing, operator: Caller, migrant_id: str, order: Order) -> UUID:
    """As `services.audit.commands.hide_uses`. NotFound for an ID that nobody has."""
    person_id = await person_of_migrant_id(uow, migrant_id)
    if person_id is None:
        raise NotFound
    await lock_person(uow, person_id)
    return await hide_uses(uow, operator, person_id, order)
