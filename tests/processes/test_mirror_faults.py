"""The mirror through a bad network, workers and registry killed at will: both sides agree in the end."""

import asyncio
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
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.adapters.registry_http import HttpRegistry
from app.adapters.registry_posts import HttpPosts
from app.assembly import build_runtime
from app.domain.region.policy import RegionPolicy
from app.domain.registry.mirror import source_of
from app.runtime import Runtime
from app.settings import Settings
from services.identity.wards import add_person
from services.registry.comparing import Compared
from services.registry.grounds import ConsentGrounds
from services.registry.keys import MirrorKeys, published_keys
from services.registry.mirroring import Mirror
from services.registry.queries import mirror_faults
from services.registry.queueing import Item, put
from tests.processes.commands import end, free_port, manzil, start, wait_ready
from tests.processes.copies import Copy
from tests.processes.mirror_network import FATES, Network
from tests.support import consenting
from tests.support.mirroring import DOCUMENT, LOCATION
from tests.support.registry import CELL, fresh_schema
from tests.support.server import fresh_region
from tests.support.sizes import sizes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(4 * 3600)]
_AT_ONCE, _TOGETHER = 4, 10

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
class Process:
    """A command that is killed with -9, and started again."""

    command: str
    env: dict[str, str]
    log: Path
    url: str | None = None
    running: "subprocess.Popen[bytes] | None" = None

    def begin(self) -> None:
        self.running = start(self.env, self.command, self.log)

    async def ready(self) -> None:
        if self.url and self.running:
            await asyncio.to_thread(wait_ready, self.url, self.running, self.log)

    async def start(self) -> None:
        self.begin()
        await self.ready()

    async def again(self, how: signal.Signals) -> None:
        assert self.running is not None
        await asyncio.to_thread(end, self.running, how, seconds=20)
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
    located: set[UUID] = field(default_factory=set)

    async def settle(self, count: int) -> None:
        """So many people, who consent to the mirror of their passport; each tenth to that of their place too."""
        people = await asyncio.gather(*(self._settle(count // _AT_ONCE) for _ in range(_AT_ONCE)))
        self.people = [person for each in people for person in each]

    async def _settle(self, count: int) -> list[UUID]:
        people = []
        for number in range(count):
            async with self.runtime.database.writing(self.region) as uow:
                people.append(await add_person(uow))
                await consenting.give(uow, people[-1], DOCUMENT, "passport")
                if number % 10 == 0:
                    await consenting.give(uow, people[-1], LOCATION)
                    self.located.add(people[-1])
        return people

    async def queue(self, numbers: range) -> None:
        """A document for each number, some of one person at a time, and a place with them."""
        for turn, first in enumerate(numbers[::_TOGETHER]):
            person = self.people[(turn * _AT_ONCE + numbers.start) % len(self.people)]
            items = [
                Item("document", f"d{first}-{n}", DOCUMENT.value, "passport", {"number": f"AB{first:07}{n}"})
                for n in range(_TOGETHER)
            ]
            if person in self.located:
                items.append(Item("location", "latest", LOCATION.value, "", {"cell": CELL}))
            while not await self._put(person, items):  # noqa: ASYNC110 — others end what is in its way
                await asyncio.sleep(1)

    async def _put(self, person: UUID, items: list[Item]) -> bool:
        """Whether it is queued: whoever meets a lock for longer than the database allows tries again, as relays do."""
        try:
            async with self.runtime.database.writing(self.region) as uow:
                for item in items:
                    assert await put(uow, ConsentGrounds(), person, item)
        except DBAPIError:
            return False
        return True

    async def open_events(self) -> int:
        """What is not applied, and of whom a worker may still be sending."""
        query = text("""
            SELECT (SELECT count(*) FROM mirror_events WHERE status <> 'applied')
                + (SELECT count(*) FROM mirror_people WHERE due_at IS NOT NULL)
        """)
        async with self.runtime.database.reading(self.region) as uow:
            return await uow.session.scalar(query) or 0

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
    copy, peers = Copy(f"mf_{worker}", folder / "manzil"), folder / "manzil.jwks.json"
    database, registry_port = await fresh_schema(f"mirror_faults_{worker}"), free_port()
    url = f"http://127.0.0.1:{registry_port}"
    registry_env = copy.env | {
        "MANZIL_REGISTRY_DATABASE_URL": database,
        "MANZIL_REGISTRY_DATA_DIR": str(folder / "registry"),
        "MANZIL_REGISTRY_PORT": str(registry_port),
        "MANZIL_REGISTRY_PEERS": json.dumps({source_of(copy.region): str(peers)}),
    }
    registry = Process("registry", registry_env, folder / "registry.log", url)
    registry.begin()  # it asks for the peers' keys only when it needs them
    await asyncio.to_thread(fresh_region, copy.region)
    settings = Settings(database_url=copy.env["MANZIL_DATABASE_URL"], data_dir=copy.data_dir, regions=[copy.region])
    runtime = build_runtime(settings)
    region = runtime.regions[copy.region]
    peers.write_text(json.dumps(await published_keys(runtime.database, region)))
    network = Network(url, MirrorKeys(runtime.database, region).signing)
    server = await asyncio.start_server(network.carry, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    mirrored = {"MANZIL_REGISTRY_URL": address, "MANZIL_REGISTRY_PATIENCE": str(sizes().mirror_patience)}
    relay = Process("worker", copy.env | mirrored, folder / "worker.log")
    try:
        await registry.ready()
        connection = await asyncpg.connect(database)
        await connection.execute(WITNESS)
        await connection.close()
        yield Ground(runtime, region, network, registry, relay, url, database)
    finally:
        await asyncio.gather(relay.end(), registry.end())
        server.close()
        await network.finish()
        await runtime.close()


async def test_in_the_end_both_sides_agree_whatever_the_network_did(worker: str, tmp_path: Path) -> None:
    """Acceptance 1: nothing is lost, nothing applied twice, order is kept, no dead letter; digests agree per person."""
    size, begun = sizes(), time.monotonic()
    async with ground(worker, tmp_path) as here:
        await asyncio.gather(here.settle(size.mirror_people), here.worker.start())
        queueing = [here.queue(range(part, size.mirror_events, _AT_ONCE)) for part in range(_AT_ONCE)]
        await asyncio.gather(*queueing, disturb(here))
        limit = time.monotonic() + size.mirror_events / 50 + 60
        while left := await here.open_events():
            assert time.monotonic() < limit, f"{left} open; {here.network.done}; {await here.open_ones()}"
            await asyncio.sleep(0.3)
        seconds = time.monotonic() - begun
        told = await assert_agreement(here)
        await assert_reconciled(here)
        print(f"\n{told} in {seconds:.0f} s, {size.mirror_kills} kills, {size.mirror_restarts} restarts")  # noqa: T201


async def disturb(here: Ground) -> None:
    """Kills the worker and restarts the registry, in any order, each a while after something has moved."""
    size, chance = sizes(), random.Random(11)
    blows = [here.worker] * size.mirror_kills + [here.registry] * size.mirror_restarts
    for number, process in enumerate(chance.sample(blows, len(blows))):
        before = await here.open_events()
        limit = time.monotonic() + 2
        while time.monotonic() < limit and await here.open_events() == before:  # noqa: ASYNC110 — others change it
            await asyncio.sleep(0.1)
        await asyncio.sleep(chance.random() * size.mirror_kill_seconds)
        orderly = process is here.registry and number % 2 == 0
        await process.again(signal.SIGTERM if orderly else signal.SIGKILL)


async def assert_reconciled(here: Ground) -> None:
    """`manzil reconcile`: somebody changes what the registry holds of two people; it says in what it differs, ends
    with 1, and a worker mends it.
    """
    first = "(SELECT subject, min(key) AS key FROM records WHERE kind = 'document' GROUP BY subject ORDER BY subject"
    for number, change in enumerate(
        ("DELETE FROM records r USING {} d", "UPDATE records r SET digest = sha256('x') FROM {} d")
    ):
        where = "WHERE r.subject = d.subject AND r.key = d.key"
        await here.at_registry(f"{change.format(f'{first} LIMIT 1 OFFSET {number})')} {where}")
    env = here.worker.env | {"MANZIL_REGISTRY_URL": here.registry_url}
    done = await asyncio.to_thread(manzil, env, "reconcile")
    said = "2 differed: 1 missing there, 1 other there; a worker sends what mends it"
    assert (done.returncode, said in done.stdout) == (1, True), done.stdout + done.stderr
    limit = time.monotonic() + 30
    while await here.open_events():
        assert time.monotonic() < limit, await here.open_ones()
        await asyncio.sleep(0.1)
    port = HttpRegistry(HttpPosts(here.registry_url), here.network.key, here.runtime.database.clock)
    mirror = Mirror(here.runtime.database, here.region, port, ConsentGrounds())
    assert (await mirror.compare_all()).differed == 0
    await mirror.close()


async def assert_agreement(here: Ground) -> str:
    """In figures, what came of it."""
    async with here.runtime.database.reading(here.region) as uow:
        rows = (await uow.session.execute(text("SELECT id, seq, attempts FROM mirror_events"))).all()
        assert await mirror_faults(uow) == [], "no dead letter, no alarm, no gap"
    ours = {row.id for row in rows}
    assert len(ours) >= sizes().mirror_events
    witnessed = await here.at_registry("SELECT event_id, subject, seq FROM witnessed ORDER BY number")
    assert len(witnessed) == len(ours), "nothing is applied twice, nothing is lost"
    assert {row["event_id"] for row in witnessed} == ours
    reached: dict[UUID, int] = {}
    for row in witnessed:
        assert row["seq"] == reached.get(row["subject"], 0) + 1, "in the order of the sequence, without a gap"
        reached[row["subject"]] = row["seq"]
    alarms = {row["code"] for row in await here.at_registry("SELECT code FROM alarms")}
    # A machine that is too busy to read a message for a minute and a half finds its signature expired.
    assert alarms <= {"nonce_reused", "signature_expired"}, "a message that comes twice is known by its nonce"
    assert set(here.network.again) <= {"nonce_reused", "duplicate"}, "and its events by their identifiers"
    [held] = await here.at_registry("SELECT count(*) AS count FROM events WHERE received_at < applied_at")
    assert held["count"] > 0, "some came before what precedes them, and waited"
    signing, clock = MirrorKeys(here.runtime.database, here.region).signing, here.runtime.database.clock
    port = HttpRegistry(HttpPosts(here.registry_url), signing, clock)
    mirror = Mirror(here.runtime.database, here.region, port, ConsentGrounds())
    assert await mirror.compare_all() == Compared(len(reached)), "digests agree"
    await mirror.close()
    assert {name for name, _ in FATES} <= here.network.done.keys(), here.network.done
    return (
        f"{len(ours)} events of {len(reached)} people applied once each and in order; {held['count']} waited behind a"
        f" gap, {sum(row.attempts > 1 for row in rows)} were sent more than once; messages: {dict(here.network.done)},"
        f" events in them: {dict(here.network.events)}; come again: {dict(here.network.again)}"
    )
