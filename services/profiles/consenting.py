"""Answers to notices, by who the person is found to be in the same transaction."""

from uuid import UUID

from app.db.locks import lock_person
from app.db.unit_of_work import Writing
from app.domain.audit.purpose import Purpose
from app.domain.consents.consent import Standing
from app.domain.identity.caller import Caller
from app.domain.profiles.languages import Language
from services.consents import commands
from services.consents.commands import Answer
from services.profiles.standing import standing_of


async def give(uow: Writing, caller: Caller, answer: Answer) -> UUID:
    """As `services.consents.commands.give`."""
    return await commands.give(uow, caller, answer, await _standing(uow, caller))


async def refuse(uow: Writing, caller: Caller, answer: Answer) -> UUID:
    """As `services.consents.commands.refuse`."""
    return await commands.refuse(uow, caller, answer, await _standing(uow, caller))


async def renew(uow: Writing, caller: Caller, consent_id: UUID, language: Language, sha256: bytes) -> None:
    """As `services.consents.commands.renew`."""
    await commands.renew(uow, caller, consent_id, language, sha256, await _standing(uow, caller))


async def _standing(uow: Writing, caller: Caller) -> Standing:
    await lock_person(uow, caller.person)
    return await standing_of(uow, caller.person, Purpose.OWN_ACCESS)
