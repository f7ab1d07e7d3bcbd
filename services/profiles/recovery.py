"""A person who lost phone and SIM comes with their passport: the clerk checks it in hand, this checks what it says."""

from dataclasses import dataclass

from app.db.unit_of_work import Writing
from app.domain.audit.purpose import Purpose
from app.domain.identity.caller import Caller
from app.domain.profiles.documents import DocumentKind
from services.audit.commands import record_change
from services.numbers import recovery
from services.numbers.recovery import PaperCode
from services.profiles import queries
from services.profiles.errors import RecoveryRefused


@dataclass(frozen=True, slots=True)
class Shown:
    """The document in the clerk's hand: `issuer` and `number` as its machine-readable zone writes them."""

    kind: DocumentKind
    issuer: str
    number: str


async def begin(uow: Writing, clerk: Caller, migrant_id: str, shown: Shown, language: str) -> PaperCode:
    """A code on paper for the person whose Migrant ID and document these are.

    RecoveryRefused when they are not one person's, or that person is a ward, who signs in by no phone. Which of them
    is known is not said; the look is counted, and stands in the log of whoever has the document. TooManyRecoveries.
    """
    await recovery.count_attempt(uow, clerk)
    owner = await queries.owner_by_document(uow, shown.kind, shown.issuer, shown.number)
    if owner is None:
        raise RecoveryRefused
    accounts = await recovery.hold(uow, owner)
    named = await queries.has_migrant_id(uow, owner, migrant_id, Purpose.ACCOUNT_RECOVERY)
    if not (named and accounts):
        await record_change(uow, owner, "recovery_refused")
        raise RecoveryRefused
    return await recovery.begin(uow, owner, language)
