"""What the mirror does when another feature tells of something."""

from collections.abc import Sequence
from uuid import UUID

from app.db.unit_of_work import Database, Writing
from app.domain.consents.purposes import ConsentPurpose
from app.domain.consents.status import LIVE, ConsentStatus
from app.domain.region.policy import RegionPolicy
from services.consents.ledger import CONSENTS_CHANGED
from services.outbox.commands import Handler, Payload
from services.registry import repository
from services.registry.grounds import Grounds
from services.registry.queueing import put, remove
from services.registry.sources import SOURCES, Source
from services.registry.withdrawing import withdraw

ENDED = frozenset({ConsentStatus.WITHDRAWN, ConsentStatus.REVOKED, ConsentStatus.EXPIRED})


def mirror_handlers(
    database: Database, region: RegionPolicy, grounds: Grounds, sources: Sequence[Source] = SOURCES
) -> dict[str, Handler]:
    """By topic. Each is harmless when it is told twice."""
    handlers: dict[str, Handler] = {CONSENTS_CHANGED: _consent_changed(database, region, grounds, sources)}
    for source in sources:
        handlers[source.stored] = _stored(database, region, grounds, source)
        if source.removed:
            handlers[source.removed] = _removed(database, region, source)
    return handlers


def _consent_changed(database: Database, region: RegionPolicy, grounds: Grounds, sources: Sequence[Source]) -> Handler:
    async def changed(payload: Payload) -> None:
        purpose, status = ConsentPurpose(payload["purpose"]), ConsentStatus(payload["status"])
        if not purpose.mirrors:
            return
        person_id = UUID(payload["person_id"])
        async with database.writing(region) as uow:
            if status in ENDED:
                await withdraw(uow, person_id, UUID(payload["consent_id"]))
            elif status in LIVE:
                await _begin(
                    uow, grounds, [one for one in sources if one.purpose is purpose], person_id, payload["scope"]
                )

    return changed


async def _begin(uow: Writing, grounds: Grounds, sources: Sequence[Source], person_id: UUID, scope: str | None) -> None:
    """Queues what there is already."""
    for source in sources:
        if await _hold(uow, grounds, source, person_id, scope or ""):
            for item in await source.current(uow, person_id, scope):
                await put(uow, grounds, person_id, item)


def _stored(database: Database, region: RegionPolicy, grounds: Grounds, source: Source) -> Handler:
    async def stored(payload: Payload) -> None:
        person_id = UUID(payload["person_id"])
        async with database.writing(region) as uow:
            if not await _hold(uow, grounds, source, person_id, source.scope(payload)):
                return
            item = await source.read(uow, person_id, payload)
            if item is not None:
                await put(uow, grounds, person_id, item)
            else:
                await remove(uow, person_id, source.kind, source.key(payload))

    return stored


async def _hold(uow: Writing, grounds: Grounds, source: Source, person_id: UUID, scope: str) -> bool:
    """Whether there is a ground, which then stands until all is queued. It and the sequence are locked before anything
    is read: reading writes to the person's log, and a withdrawal locks the log last.
    """
    if await grounds.hold(uow, person_id, source.purpose.value, scope) is None:
        return False
    return await repository.lock(uow, person_id) is not None


def _removed(database: Database, region: RegionPolicy, source: Source) -> Handler:
    async def removed(payload: Payload) -> None:
        async with database.writing(region) as uow:
            await remove(uow, UUID(payload["person_id"]), source.kind, source.key(payload))

    return removed
