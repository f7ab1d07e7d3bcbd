"""The ledger of a person's consents, for themselves; and what becomes of them when the person leaves."""

from uuid import UUID

from app.db.own import Own, rows_of
from app.db.unit_of_work import Reading, Writing
from app.domain.audit.purpose import Purpose
from app.domain.consents.consent import Reason
from app.domain.identity.caller import Caller
from app.models.consents import ConsentEvent, ConsentState
from services.audit.access import account_for
from services.consents.commands import withdraw
from services.consents.ground import live_consents
from services.consents.upkeep import end_all

TABLES = ("consent_events", "consent_states")


async def own(uow: Reading, person_id: UUID, purpose: Purpose) -> Own:
    await account_for(uow, person_id, purpose)
    return {
        "consent_events": await rows_of(uow, ConsentEvent.person_id, [person_id]),
        "consent_states": await rows_of(uow, ConsentState.person_id, [person_id]),
    }


async def withdraw_all(uow: Writing, caller: Caller) -> None:
    """Every consent of the caller's that lives, so that whoever holds what it was for is told to delete it; and no
    request waits for an answer that will not come.
    """
    for consent in await live_consents(uow, caller.person):
        await withdraw(uow, caller, consent.consent_id)
    await end_all(uow, caller.person, Reason.TAKEN_BACK)
