"""A person who lost phone and SIM comes with their passport: the clerk checks it in hand, this checks what it says."""

from app.db.unit_of_work import Writing
from app.domain.audit.purpose import Purpose
from app.domain.identity.caller import Caller
from services.audit.commands import record_change
from services.numbers import recovery
from services.numbers.recovery import PaperCode
from services.profiles import queries
from services.profiles.errors import RecoveryRefused


async def begin(uow: Writing, clerk: Caller, migrant_id: str, issuer: str, number: str, language: str) -> PaperCode:
    """A code on paper for the person whose Migrant ID and document number these are.

    RecoveryRefused when they are not one person's: it does not say which of them is known, and the look is counted
    and stands in the log of whoever has the document. TooManyRecoveries.
    """
    await recovery.count_attempt(uow, clerk)
    owner = await queries.owner_by_document(uow, issuer, number)
    if owner is None:
        raise RecoveryRefused
    await recovery.hold(uow, owner)
    if not await queries.has_migrant_id(uow, owner, migrant_id, Purpose.ACCOUNT_RECOVERY):
        await record_change(uow, owner, "recovery_refused")
        raise RecoveryRefused
    return await recovery.begin(uow, owner, language)
