"""The log of a person as it is shown to them. It stays: what was done with their data is not undone by deleting it."""

from uuid import UUID

from app.db.own import Own
from app.db.unit_of_work import Reading
from app.domain.audit.purpose import Purpose
from services.audit.access import account_for
from services.audit.queries import all_uses

TABLES = ("audit_entries",)
_SHOWN = ("at", "action", "purpose", "ground", "actor_role", "receiver", "subject")


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    """Without what is kept from them for a while, and without the chain's links, which would tell that there is any."""
    await account_for(uow, person_id, purpose)
    shown = await all_uses(uow, person_id)
    return {
        "audit_entries": [
            {"number": number} | {name: getattr(entry, name) for name in _SHOWN} for number, entry in shown
        ]
    }
