"""The same mirror over a message bus as the states have them: queue, poll, acknowledge. The port fits."""

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4
from xml.etree import ElementTree as ET

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request, Response

from app.adapters.registry_queue import QueueRegistry, check, envelope, read, signed
from app.assembly import build_mirrors
from app.ports import DeliveryError
from app.settings import Settings
from app.wire import receipts
from app.wire.bodies import Act, Event, digest_of, event_of
from app.wire.keys import new_key, published, read_set
from services.registry.keys import MirrorKeys, key_set
from tests.processes.commands import free_port
from tests.support.mirroring import Mirror


@dataclass
class Bus:
    """What it was sent waits until the registry behind it works; what that answers waits until it is acknowledged."""

    known: dict[str, object]
    key: object = field(default_factory=new_key)
    inbox: deque[bytes] = field(default_factory=deque)
    outbox: dict[str, bytes] = field(default_factory=dict)
    held: dict[tuple[UUID, str, str], Event] = field(default_factory=dict)
    applied: dict[UUID, int] = field(default_factory=dict)

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/bus")
        async def take(request: Request) -> Response:
            operation, name, content, signature = read(await request.body())
            check(name, content, signature, self.known)  # type: ignore[arg-type]
            match operation:
                case "SendRequest":
                    self.inbox.append(content)
                    return Response(status_code=202)
                case "Ack":
                    self.outbox.pop(name, None)
                    return Response(status_code=204)
            if not self.outbox:
                return Response(status_code=204)
            name, answer = next(iter(self.outbox.items()))
            self.outbox[name] = self.outbox.pop(name)  # the next poll is told of another first
            told = signed(name, answer, self.key)  # type: ignore[arg-type]
            return Response(envelope("GetResponse", name, answer, told), media_type="text/xml")

        return app

    def work(self) -> None:
        """The registry takes what is queued, in whatever order it comes, and applies each person's in theirs."""
        waiting = {(event_of(body).subject, event_of(body).sequence): body for body in self.inbox}
        self.inbox.clear()
        for (subject, sequence), body in sorted(waiting.items(), key=str):
            assert sequence == self.applied.get(subject, 0) + 1
            self.applied[subject] = sequence
            self._apply(event_of(body), body)

    def _apply(self, event: Event, body: bytes) -> None:
        told = {"event": str(event.id), "digest": digest_of(body).hex(), "state": "applied"}
        if event.act is Act.PUT:
            self.held[(event.subject, event.kind, event.key)] = event
        elif event.act is Act.ERASE:
            self.held = {thing: one for thing, one in self.held.items() if one.consent != event.consent}
            stated = {"event": str(event.id), "key_destroyed": True}
            told["receipt"] = receipts.issue(stated, self.key)  # type: ignore[arg-type]
        root = ET.Element("result")
        for name, text in told.items():
            ET.SubElement(root, name).text = text
        self.outbox[str(uuid4())] = ET.tostring(root)


async def bus_of(mirror: Mirror) -> tuple[Bus, QueueRegistry]:
    async with mirror.runtime.database.reading(mirror.region) as uow:
        bus = Bus(read_set(await key_set(uow)))  # type: ignore[arg-type]
    client = httpx.AsyncClient(transport=httpx.ASGITransport(bus.app()), base_url="http://bus.test")
    keys = MirrorKeys(mirror.runtime.database, mirror.region)
    theirs = read_set(published([bus.key.public_jwk]))  # type: ignore[attr-defined]
    return bus, QueueRegistry(client, keys.signing, theirs)


async def test_the_mirror_works_over_a_bus_from_consent_to_receipt(mirror: Mirror) -> None:
    bus, port = await bus_of(mirror)
    person, consent = await mirror.queued()
    await mirror.send(port=port)
    assert await mirror.told(person) == [("put", "received")]
    collector = mirror.collector(port=port)
    assert await collector.drain() == 0
    bus.work()
    assert await collector.collect(wait=0) > 0
    assert await mirror.told(person) == [("put", "applied")]
    assert bus.outbox, "not acknowledged yet"
    await collector.collect(wait=0)
    assert not bus.outbox
    assert len(bus.held) == 1
    await mirror.withdraw(person, consent)
    await mirror.send(port=port)
    bus.work()
    await collector.collect(wait=0)
    assert await mirror.told(person) == [("put", "applied"), ("erase", "applied")]
    assert not bus.held
    (erasure,) = await mirror.erasures(person)
    assert erasure.receipt
    await port.close()


async def test_the_settings_choose_the_bus_and_a_worker_mirrors_over_it(mirror: Mirror, tmp_path: Path) -> None:
    """From the setting to *applied*, with a bus that listens on a port."""
    bus, _ = await bus_of(mirror)
    keys = tmp_path / "bus.jwks.json"
    keys.write_text(json.dumps(published([bus.key.public_jwk])))  # type: ignore[attr-defined]
    server = uvicorn.Server(uvicorn.Config(bus.app(), port=free_port(), access_log=False, log_level="error"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 — uvicorn tells in no other way
        await asyncio.sleep(0.02)
    address = f"http://127.0.0.1:{server.config.port}"
    settings = Settings(registry_url=address, registry_kind="queue", registry_keys=keys, regions=[mirror.region.code])
    working = build_mirrors(settings, mirror.runtime)[mirror.region.code]
    person, _ = await mirror.queued()
    working.start()
    try:
        for _ in range(100):
            bus.work()
            if await mirror.told(person) == [("put", "applied")]:
                break
            await asyncio.sleep(0.05)
    finally:
        await working.finish()
        server.should_exit = True
        await serving
    assert await mirror.told(person) == [("put", "applied")]
    assert len(bus.held) == 1
    with pytest.raises(ValueError, match="MANZIL_REGISTRY_KEYS"):
        build_mirrors(settings.model_copy(update={"registry_keys": None}), mirror.runtime)


async def test_what_a_stranger_signs_is_not_believed(mirror: Mirror) -> None:
    bus, port = await bus_of(mirror)
    person, _ = await mirror.queued()
    await mirror.send(port=port)
    bus.work()
    bus.key = new_key()
    with pytest.raises(DeliveryError):
        await mirror.collector(port=port).collect(wait=0)
    assert await mirror.told(person) == [("put", "received")]
    with pytest.raises(DeliveryError):
        await port.standings([person])
    for wrong in (b"", b"<a/>", b"<!DOCTYPE x><a/>", b"<a><b><c/></b></a>"):
        with pytest.raises(ValueError, match=r"."):
            read(wrong)
