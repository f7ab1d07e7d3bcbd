"""Consents in tests: by the commands behind the routes."""

import json
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from app.db.unit_of_work import Database, Writing
from app.domain.consents.consent import Standing
from app.domain.consents.purposes import ConsentPurpose
from app.domain.identity.caller import Caller, Role
from app.domain.profiles.languages import Language
from app.domain.region.policy import RegionPolicy
from app.models.consents import ConsentEvent
from app.models.outbox import OutboxEvent
from app.runtime import Runtime
from services.consents import commands
from services.consents.commands import Answer
from services.consents.errors import NoConsent
from services.consents.ground import require_ground
from services.consents.wording import shown

MIRRORED = Standing(mirrors=True)


def answer(purpose: ConsentPurpose, scope: str | None = None, language: Language = Language.TAJIK) -> Answer:
    """To the text as it is now."""
    return Answer(purpose, scope, language, shown(purpose, scope, language).notice.sha256)


def caller_of(person_id: UUID, role: Role = Role.MIGRANT) -> Caller:
    return Caller(account_id=uuid4(), role=role, session_id=uuid4(), person_id=person_id)


async def give(
    uow: Writing,
    person_id: UUID,
    purpose: ConsentPurpose,
    scope: str | None = None,
    *,
    guardian_until: date | None = None,
) -> UUID:
    """The consent's id."""
    caller = caller_of(person_id, Role.GUARDIAN if guardian_until else Role.MIGRANT)
    standing = Standing(mirrors=True, minor_until=guardian_until)
    return await commands.give(uow, caller, answer(purpose, scope), standing)


async def consented(
    database: Database, region: RegionPolicy, person_id: UUID, purpose: ConsentPurpose, scope: str | None = None
) -> UUID:
    """Gives a consent in a unit of work of its own; its id."""
    async with database.writing(region) as uow:
        return await give(uow, person_id, purpose, scope)


async def withdraw(database: Database, region: RegionPolicy, person_id: UUID, consent_id: UUID) -> None:
    async with database.writing(region) as uow:
        await commands.withdraw(uow, caller_of(person_id), consent_id)


async def ledger(runtime: Runtime, region: RegionPolicy, person_id: UUID) -> list[ConsentEvent]:
    async with runtime.database.reading(region) as uow:
        query = select(ConsentEvent).where(ConsentEvent.person_id == person_id).order_by(ConsentEvent.seq)
        return list(await uow.session.scalars(query))


async def statuses(runtime: Runtime, region: RegionPolicy, person_id: UUID) -> list[str]:
    return [event.status for event in await ledger(runtime, region, person_id)]


async def told(runtime: Runtime, region: RegionPolicy, person_id: UUID) -> list[dict[str, Any]]:
    """The events about the person that the outbox holds, oldest first."""
    async with runtime.database.reading(region) as uow:
        rows = await uow.session.scalars(
            select(OutboxEvent).where(OutboxEvent.topic == "consents.changed").order_by(OutboxEvent.id)
        )
        payloads = [json.loads(uow.vault.open_system("outbox_events", row.payload_sealed or b"")) for row in rows]
    return [payload for payload in payloads if payload["person_id"] == str(person_id)]


async def grounded(
    runtime: Runtime, region: RegionPolicy, person_id: UUID, purpose: ConsentPurpose, scope: str | None = None
) -> bool:
    async with runtime.database.writing(region) as uow:
        try:
            await require_ground(uow, person_id, purpose, scope)
        except NoConsent:
            return False
    return True
