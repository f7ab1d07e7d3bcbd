"""What the mirror does when another feature tells of something."""

from collections.abc import Sequence
from uuid import UUID

from app.db.unit_of_work import Database
from app.domain.consents.purposes import ConsentPurpose
from app.domain.consents.status import LIVE, ConsentStatus
from app.domain.region.policy import RegionPolicy
from services.consents.ledger import CONSENTS_CHANGED
from services.outbox.commands import Handler, Payload
from services.registry.grounds import Grounds
from services.registry.queueing import put, remove
from services.registry.sources import SOURCES, Source
from services.registry.withdrawing import withdraw


def mirror_handlers(
    database: Database, region: RegionPolicy, grounds: Grounds, sources: Sequence[Source] = SOURCES
) -> dict[str, Handler]:
    """By topic. Each is harmless when it is told twice."""

    async def consent_changed(payload: Payload) -> None:
        purpose, status = ConsentPurpose(payload["purpose"]), ConsentStatus(payload["status"])
        if not purpose.mirrors:
            return
        person_id = UUID(payload["person_id"])
        async with database.writing(region) as uow:
            if status in LIVE:
                for source in sources:
                    if source.purpose is purpose:
                        for item in await source.current(uow, person_id, payload["scope"]):
                            await put(uow, grounds, person_id, item)
            else:
                await withdraw(uow, person_id, UUID(payload["consent_id"]))

    handlers: dict[str, Handler] = {CONSENTS_CHANGED: consent_changed}
    for source in sources:
        handlers[source.stored] = _stored(database, region, grounds, source)
        if source.removed:
            handlers[source.removed] = _removed(database, region, source)
    return handlers


def _stored(database: Database, region: RegionPolicy, grounds: Grounds, source: Source) -> Handler:
    async def stored(payload: Payload) -> None:
        person_id = UUID(payload["person_id"])
        async with database.writing(region) as uow:
            item = await source.read(uow, person_id, payload)
            if item is not None:
                await put(uow, grounds, person_id, item)

    return stored


def _removed(database: Database, region: RegionPolicy, source: Source) -> Handler:
    async def removed(payload: Payload) -> None:
        async with database.writing(region) as uow:
            await remove(uow, UUID(payload["person_id"]), source.kind, source.key(payload))

    return removed
