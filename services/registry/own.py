"""What was passed to the regional registry of a person, for themselves. Its numbers and receipts stay: they prove that
all was erased there. What was passed is gone from them when its consent is.
"""

from uuid import UUID

from app.db.own import Own, rows_of
from app.db.unit_of_work import Reading
from app.domain.audit.purpose import Purpose
from app.models.registry import MirrorDeadLetter, MirrorErasure, MirrorEvent, MirrorPerson
from services.audit.access import account_for

TABLES = ("mirror_people", "mirror_events", "mirror_erasures", "mirror_dead_letters")


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    await account_for(uow, person_id, purpose)
    return {
        "mirror_people": await rows_of(uow, MirrorPerson.person_id, [person_id]),
        "mirror_events": await rows_of(uow, MirrorEvent.person_id, [person_id]),
        "mirror_erasures": await rows_of(uow, MirrorErasure.person_id, [person_id]),
        "mirror_dead_letters": await rows_of(uow, MirrorDeadLetter.person_id, [person_id]),
    }
