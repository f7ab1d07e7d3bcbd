"""The mirror through a bad network, workers and registry killed at will: both sides agree in the end."""

import asyncio
import contextlib
import json
import random
import signal
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from sqlalchemy import text

from app.adapters.registry_http import HttpRegistry
from app.assembly import build_runtime
from app.domain.region.policy import RegionPolicy
from app.domain.registry.mirror import source_of
from app.runtime import Runtime
from app.settings import Settings
from services.identity.wards import add_person
from services.registry.grounds import ConsentGrounds
from services.registry.keys import MirrorKeys, published_keys
from services.registry.mirroring import Mirror
from services.registry.queries import mirror_faults
from services.registry.queueing import Item, put
from tests.processes.commands import end, free_port, start, wait_ready
from tests.processes.copies import Copy
from tests.support import consenting
from tests.support.mirroring import DOCUMENT, LOCATION
from tests.support.registry import CELL, fresh_schema
from tests.support.server import fresh_region
from tests.support.sizes import sizes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(4 * 3600)]

WITNESS = """
CREATE TABLE witnessed (number BIGINT GENERATED ALWAYS AS IDENTITY, event_id UUID, subject UUID, seq BIGINT);
CREATE FUNCTION witness() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO witnessed (event_id, subject, seq) VALUES (NEW.id, NEW.subject, NEW.seq);
    RETURN NULL;
END $$;
CREATE TRIGGER witness AFTER UPDATE OF state ON events FOR EACH ROW
    WHEN (NEW.state IN ('applied', 'rejected')) EXECUTE FUNCTION witness();
"""
"""What was applied, in the order in which it was: the registry's own tables say only how it ended."""


@dataclass
class Network:
    """Between the worker and the registry. Of what is sent, 10 % are stored and never answered, 5 % fail with 5xx, 2 %
    come twice, and 3 % are told to have failed and come later, after what follows them.
    """

    to: str
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    late: set[asyncio.Task[None]] = field(default_factory=set)
    done: dict[str, int] = field(default_factory=dict)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        limits = httpx.Limits(max_connections=40)
        async with httpx.AsyncClient(base_url=self.to, timeout=30, limits=limits) as client:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, httpx.HTTPError):
                while await self._one(reader, writer, client):
                    pass
        writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, client: httpx.AsyncClient) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        method, path, _ = first.split(" ")
        headers = dict(line.split(": ", 1) for line in lines if line)
        headers = {name.lower(): value for name, value in headers.items()}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        request = client.build_request(method, path, content=body, headers=headers)
        fate = self.chance.random() if path == "/v1/events" else 1.0
        if fate < 0.05:
            return await self._answer(writer, "refused", httpx.Response(self.chance.choice([500, 502, 503])))
        if fate < 0.08:
            task = asyncio.create_task(self._later(request))
            self.late.add(task)
            task.add_done_callback(self.late.discard)
            return await self._answer(writer, "late", httpx.Response(503))
        try:
            answer = await client.send(request)
        except httpx.HTTPError:
            return False  # the registry is being restarted
        if fate < 0.18:
            self.done["unanswered"] = self.done.get("unanswered", 0) + 1
            return False
        if fate < 0.20:
            self.done["twice"] = self.done.get("twice", 0) + 1
            await client.send(client.build_request(method, path, content=body, headers=headers))
        return await self._answer(writer, "carried", answer)

    async def _later(self, request: httpx.Request) -> None:
        await asyncio.sleep(self.chance.random() * 0.5)
        with contextlib.suppress(httpx.HTTPError):
            async with httpx.AsyncClient(timeout=30) as client:
                await client.send(request)

    async def _answer(self, writer: asyncio.StreamWriter, what: str, answer: httpx.Response) -> bool:
        self.done[what] = self.done.get(what, 0) + 1
        kept = {"content-type", "content-digest", "signature", "signature-input", "retry-after"}
        lines = [f"HTTP/1.1 {answer.status_code} X", f"content-length: {len(answer.content)}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items() if name in kept]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + answer.content)
        await writer.drain()
        return True


@dataclass
class Process:
    """A command that is killed with -9, and started again."""

    command: str
    env: dict[str, str]
    log: Path
    url: str | None = None
    running: "subprocess.Popen[bytes] | None" = None

    async def start(self) -> None:
        self.running = start(self.env, self.command, self.log)
        if self.url:
            await asyncio.to_thread(wait_ready, self.url, self.running, self.log)

    async def kill(self) -> None:
        assert self.running is not None
        await asyncio.to_thread(end, self.running, signal.SIGKILL, seconds=20)
        await self.start()

    async def end(self) -> None:
        if self.running is not None:
            await asyncio.to_thread(end, self.running, signal.SIGTERM, seconds=60)


@dataclass
class Ground:
    runtime: Runtime
    region: RegionPolicy
    network: Network
    registry: Process
    worker: Process
    registry_url: str
    database: str
    people: list[UUID] = field(default_factory=list)

    async def settle(self, count: int) -> None:
        """So many people, who consent to location and passport."""
        for _ in range(count):
            async with self.runtime.database.writing(self.region) as uow:
                person = await add_person(uow)
                await consenting.give(uow, person, LOCATION)
                await consenting.give(uow, person, DOCUMENT, "passport")
            self.people.append(person)

    async def queue(self, numbers: range, chance: random.Random) -> None:
        for number in numbers:
            person, where = chance.choice(self.people), {"cell": CELL}
            item = Item("document", f"d{number}", DOCUMENT.value, "passport", {"number": f"AB{number:07}"})
            if number % 25 == 0:
                item = Item("location", "latest", LOCATION.value, "", where)
            async with self.runtime.database.writing(self.region) as uow:
                assert await put(uow, ConsentGrounds(), person, item)

    async def open_events(self) -> int:
        async with self.runtime.database.reading(self.region) as uow:
            return await uow.session.scalar(text("SELECT count(*) FROM mirror_events WHERE status <> 'applied'")) or 0

    async def open_ones(self) -> list[str]:
        """What is not applied, in words."""
        query = text("""
            SELECT e.seq, e.act, e.status, e.attempts, e.available_at - now() AS available,
                now() - e.answered_at AS answered, p.due_at - now() AS due, p.leased_until - now() AS leased
            FROM mirror_events e JOIN mirror_people p ON p.person_id = e.person_id WHERE e.status <> 'applied'
        """)
        async with self.runtime.database.reading(self.region) as uow:
            return [str(dict(row._mapping)) for row in await uow.session.execute(query)]

    async def at_registry(self, query: str) -> list[Any]:
        connection = await asyncpg.connect(self.database)
        try:
            return list(await connection.fetch(query))
        finally:
            await connection.close()


@asynccontextmanager
async def ground(worker: str, folder: Path) -> AsyncIterator[Ground]:
    copy = Copy(f"mf_{worker}", folder / "manzil")
    await asyncio.to_thread(fresh_region, copy.region)
    settings = Settings(database_url=copy.env["MANZIL_DATABASE_URL"], data_dir=copy.data_dir, regions=[copy.region])
    runtime = build_runtime(settings)
    region = runtime.regions[copy.region]
    peers = folder / "manzil.jwks.json"
    peers.write_text(json.dumps(await published_keys(runtime.database, region)))
    database = await fresh_schema(f"mirror_faults_{worker}")
    registry_port, url = free_port(), ""
    url = f"http://127.0.0.1:{registry_port}"
    network = Network(url)
    server = await asyncio.start_server(network.carry, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    registry_env = copy.env | {
        "MANZIL_REGISTRY_DATABASE_URL": database,
        "MANZIL_REGISTRY_DATA_DIR": str(folder / "registry"),
        "MANZIL_REGISTRY_PORT": str(registry_port),
        "MANZIL_REGISTRY_PEERS": json.dumps({source_of(copy.region): str(peers)}),
    }
    registry = Process("registry", registry_env, folder / "registry.log", url)
    relay = Process("worker", copy.env | {"MANZIL_REGISTRY_URL": address}, folder / "worker.log")
    await registry.start()
    connection = await asyncpg.connect(database)
    await connection.execute(WITNESS)
    await connection.close()
    try:
        yield Ground(runtime, region, network, registry, relay, url, database)
    finally:
        await relay.end()
        await registry.end()
        server.close()
        await asyncio.gather(*network.late)
        await runtime.close()


async def test_in_the_end_both_sides_agree_whatever_the_network_did(worker: str, tmp_path: Path) -> None:
    """Acceptance 1: nothing is lost, nothing applied twice, order is kept, no dead letter; digests agree per person."""
    size, chance = sizes(), random.Random(11)
    async with ground(worker, tmp_path) as here:
        await here.settle(size.mirror_people)
        await here.worker.start()
        queueing = asyncio.gather(
            *(here.queue(range(part, size.mirror_events, 4), random.Random(part)) for part in range(4))
        )
        kills = ["worker"] * size.mirror_kills + ["registry"] * size.mirror_restarts
        for what in chance.sample(kills, len(kills)):
            before = await here.open_events()
            limit = time.monotonic() + 60
            while time.monotonic() < limit and await here.open_events() == before:  # noqa: ASYNC110 — others change it
                await asyncio.sleep(0.2)
            await asyncio.sleep(chance.random() * size.mirror_kill_seconds)
            await (here.worker if what == "worker" else here.registry).kill()
        await queueing
        limit = time.monotonic() + size.mirror_events / 10 + 90
        while left := await here.open_events():
            assert time.monotonic() < limit, f"{left} open; {here.network.done}; {await here.open_ones()}"
            await asyncio.sleep(0.3)
        await assert_agreement(here)


async def assert_agreement(here: Ground) -> None:
    async with here.runtime.database.reading(here.region) as uow:
        rows = (await uow.session.execute(text("SELECT id, seq FROM mirror_events ORDER BY person_id, seq"))).all()
        assert [fault for fault in await mirror_faults(uow) if "not applied" not in fault] == []
    ours = {row.id for row in rows}
    witnessed = await here.at_registry("SELECT event_id, subject, seq FROM witnessed ORDER BY number")
    assert len(witnessed) == len(ours), "nothing is applied twice, nothing is lost"
    assert {row["event_id"] for row in witnessed} == ours
    reached: dict[UUID, int] = {}
    for row in witnessed:
        assert row["seq"] == reached.get(row["subject"], 0) + 1, "in the order of the sequence, without a gap"
        reached[row["subject"]] = row["seq"]
    alarms = {row["code"] for row in await here.at_registry("SELECT code FROM alarms")}
    assert alarms <= {"nonce_reused"}, "a message that comes twice is known by its nonce"
    signing, clock = MirrorKeys(here.runtime.database, here.region).signing, here.runtime.database.clock
    port = HttpRegistry(here.registry_url, signing, clock)
    mirror = Mirror(here.runtime.database, here.region, port, ConsentGrounds())
    people = {row["subject"] for row in witnessed}
    assert await mirror.compare_all() == (len(people), 0), "digests agree"
    await mirror.close()
    assert {"refused", "late", "unanswered", "twice", "carried"} <= set(here.network.done), here.network.done
