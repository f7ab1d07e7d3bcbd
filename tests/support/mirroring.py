"""A region that mirrors to a registry, both in this process, and the workers' work done by hand."""

import json
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select, text

from app.adapters.registry_http import HttpRegistry
from app.adapters.registry_posts import Reply
from app.domain.consents.purposes import ConsentPurpose
from app.domain.region.policy import RegionPolicy
from app.domain.registry.mirror import source_of
from app.models.registry import MirrorAlarm, MirrorDeadLetter, MirrorErasure, MirrorEvent
from app.ports import DeliveryError
from app.runtime import Runtime
from app.wire.keys import new_key
from registry.main import create_registry
from registry.settings import RegistrySettings
from services.consents.ledger import CONSENTS_CHANGED
from services.identity.wards import add_person
from services.outbox.commands import relay
from services.registry.acknowledging import Collector
from services.registry.grounds import ConsentGrounds
from services.registry.handling import mirror_handlers
from services.registry.keys import MirrorKeys, key_set
from services.registry.queueing import Item, put
from services.registry.relaying import Relay
from tests.support import consenting
from tests.support.clock import MovableClock
from tests.support.registry import CELL, READER, Sender, Standing, fresh_schema

LOCATION, DOCUMENT = ConsentPurpose.MIRROR_LOCATION, ConsentPurpose.MIRROR_DOCUMENT


@dataclass(frozen=True)
class Through:
    """What is posted goes to a registry in this process."""

    client: httpx.AsyncClient

    async def post(self, path: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Reply:
        return await self._replied(self.client.post(path, content=body, headers=headers, timeout=seconds))

    async def get(self, path: str, seconds: float) -> Reply:
        return await self._replied(self.client.get(path, timeout=seconds))

    async def close(self) -> None:
        """The client is the test's."""

    @staticmethod
    async def _replied(asking: Awaitable[httpx.Response]) -> Reply:
        try:
            answer = await asking
        except httpx.HTTPError as error:
            raise DeliveryError(type(error).__name__) from None
        return Reply(answer.status_code, answer.headers, answer.content)


@dataclass
class Mirror:
    """`registry`: what stands at the other end. `port`: how Manzil speaks with it, here one event a message, so that
    what becomes of each can be chosen; `batching`: many.
    """

    runtime: Runtime
    region: RegionPolicy
    clock: MovableClock
    registry: Standing
    port: HttpRegistry
    grounds: ConsentGrounds = field(default_factory=ConsentGrounds)
    written: list[int] = field(default_factory=list)

    async def person(self) -> UUID:
        async with self.runtime.database.writing(self.region) as uow:
            return await add_person(uow)

    async def consent(self, person: UUID, purpose: ConsentPurpose = LOCATION, scope: str | None = None) -> UUID:
        return await consenting.consented(self.runtime.database, self.region, person, purpose, scope)

    async def withdraw(self, person: UUID, consent: UUID, *, told: bool = True) -> None:
        """The ledger's end of it; `told`: the outbox has brought it to the mirror too."""
        await consenting.withdraw(self.runtime.database, self.region, person, consent)
        if told:
            await self.tell()

    async def tell(self) -> None:
        """The outbox's relay, for the mirror's topics."""
        handlers = mirror_handlers(self.runtime.database, self.region, self.grounds)
        while await relay(self.runtime.database, self.region, handlers):
            pass
        assert CONSENTS_CHANGED in handlers

    async def put(self, person: UUID, *, key: str = "latest", cell: str = CELL, document: str | None = None) -> bool:
        """A location, or a document of that kind."""
        content: dict[str, Any] = {"cell": cell} if document is None else {"type": document, "number": f"AB{key}"}
        kind, purpose = ("location", LOCATION) if document is None else ("document", DOCUMENT)
        async with self.runtime.database.writing(self.region) as uow:
            return await put(uow, self.grounds, person, Item(kind, key, purpose.value, document or "", content))

    async def queued(self) -> tuple[UUID, UUID]:
        """Somebody who consents to the mirror of where they are, and of whom a place waits for it; and the consent."""
        person = await self.person()
        consent = await self.consent(person)
        await self.put(person)
        return person, consent

    async def mirrored(self) -> tuple[UUID, UUID]:
        """The same once the registry has it."""
        person, consent = await self.queued()
        await self.deliver()
        return person, consent

    @property
    def batching(self) -> HttpRegistry:
        keys = MirrorKeys(self.runtime.database, self.region)
        return HttpRegistry(Through(self.registry.client), keys.signing, self.clock)

    def relay(self, *, port: Any = None) -> Relay:
        return Relay(self.runtime.database, self.region, port or self.port, self.grounds, self.written)

    def collector(self, *, port: Any = None) -> Collector:
        return Collector(self.runtime.database, self.region, port or self.port, self.written)

    async def send(self, *, port: Any = None) -> None:
        """One tick of a worker, and all that it began."""
        sending = self.relay(port=port)
        await sending.tick()
        await sending.finish()

    async def deliver(self) -> None:
        """Until everything that can be is applied and acknowledged."""
        await self.send()
        await self.collector().drain()

    async def events(self, person: UUID) -> list[MirrorEvent]:
        async with self.runtime.database.reading(self.region) as uow:
            query = select(MirrorEvent).where(MirrorEvent.person_id == person).order_by(MirrorEvent.seq)
            return list(await uow.session.scalars(query))

    async def told(self, person: UUID) -> list[tuple[str, str]]:
        """Act and status of each number of the sequence."""
        return [(event.act.split(".")[2], event.status) for event in await self.events(person)]

    async def subject(self, person: UUID) -> UUID:
        async with self.runtime.database.reading(self.region) as uow:
            query = text("SELECT subject FROM mirror_people WHERE person_id = :id")
            subject: UUID | None = await uow.session.scalar(query, {"id": person})
        assert subject is not None
        return subject

    async def held(self, person: UUID) -> list[dict[str, Any]]:
        """What the region's readers find."""
        params = {"source": source_of(self.region.code), "purpose": "emergency"}
        headers = {"Authorization": f"Bearer {READER['ministry']}"}
        subject = await self.subject(person)
        answer = await self.registry.client.get(f"/v1/people/{subject}", params=params, headers=headers)
        assert answer.status_code == 200, answer.text
        records: list[dict[str, Any]] = answer.json()["records"]
        return records

    async def rows(self, table: Any) -> list[Any]:
        async with self.runtime.database.reading(self.region) as uow:
            return list(await uow.session.scalars(select(table)))

    async def alarms(self) -> list[str]:
        return [alarm.code for alarm in await self.rows(MirrorAlarm) if alarm.settled_at is None]

    async def letters(self) -> list[MirrorDeadLetter]:
        return await self.rows(MirrorDeadLetter)

    async def erasures(self, person: UUID) -> list[MirrorErasure]:
        return [erasure for erasure in await self.rows(MirrorErasure) if erasure.person_id == person]


@asynccontextmanager
async def registry_for(
    runtime: Runtime, region: RegionPolicy, clock: MovableClock, name: str, folder: Path
) -> AsyncIterator[Mirror]:
    """The region's mirror and an empty registry that knows it."""
    keys = MirrorKeys(runtime.database, region)
    await keys.signing()
    async with runtime.database.reading(region) as uow:
        (folder / "manzil.json").write_text(json.dumps(await key_set(uow)))
    settings = RegistrySettings(
        database_url=await fresh_schema(name),
        data_dir=folder / "registry",
        peers={source_of(region.code): str(folder / "manzil.json")},
        readers=READER,
        pool_size=5,
    )
    app = create_registry(settings, clock=clock.now)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://registry.test") as client,
    ):
        port = HttpRegistry(Through(client), keys.signing, clock, batches=False)
        sender = Sender(client, clock, new_key())
        yield Mirror(runtime, region, clock, Standing(app, client, settings, clock, sender), port)


async def quieten(mirror: Mirror) -> None:
    """Nothing of other tests is on its way, nor waits for anybody."""
    async with mirror.runtime.database.writing(mirror.region) as uow:
        for statement in (
            "UPDATE mirror_people SET due_at = NULL, lease = NULL, leased_until = NULL, compared_at = 'infinity'",
            "UPDATE mirror_events SET status = 'rejected', content_sealed = NULL",
            "DELETE FROM mirror_dead_letters",
            "UPDATE mirror_alarms SET settled_at = at WHERE settled_at IS NULL",
        ):
            await uow.session.execute(text(statement))
    await mirror.registry.sql("UPDATE acknowledgements SET told_at = 'infinity'")
