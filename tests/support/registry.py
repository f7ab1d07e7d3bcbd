"""A registry under test and a sender that it knows: its own schema on the test server, its clock in our hands."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx

from app.wire.bodies import CONTENT_TYPE, Act, Event, body_of, canonical
from app.wire.keys import PrivateKey, new_key, published, read_set
from app.wire.signatures import Message, new_nonce, sign, verify
from registry.main import create_registry
from registry.settings import RegistrySettings
from tests.support.clock import MovableClock
from tests.support.server import urls

SOURCE = "urn:manzil:test"
READER = {"ministry": "reader-token"}
CELL = "881f1d4811fffff"


async def fresh_schema(name: str) -> str:
    """An empty schema for a registry; returns its address."""
    owner = urls()[1].replace("postgresql+asyncpg://", "postgresql://")
    connection = await asyncpg.connect(owner)
    await connection.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")
    await connection.execute(f"CREATE SCHEMA {name}")
    await connection.close()
    return f"{owner}{'&' if '?' in owner else '?'}search_path={name}"


def peer_file(folder: Path, name: str, *keys: PrivateKey) -> str:
    path = folder / f"{name}.jwks.json"
    path.write_text(json.dumps(published([key.public_jwk for key in keys])))
    return str(path)


@dataclass
class Sender:
    """Signs what it sends, and holds the registry's answers against its published keys."""

    client: httpx.AsyncClient
    clock: MovableClock
    key: PrivateKey
    source: str = SOURCE
    done: list[int] = field(default_factory=list)

    def event(self, subject: UUID, sequence: int, **changes: Any) -> Event:
        """A location that is put, unless said otherwise."""
        put = Event(
            id=uuid4(),
            source=self.source,
            act=Act.PUT,
            subject=subject,
            sequence=sequence,
            time=self.clock.now(),
            purpose="mirror_location",
            ground="consent",
            consent=UUID(int=1),
            kind="location",
            key="latest",
            content={"cell": CELL},
        )
        return replace(put, **changes)

    async def post(self, path: str, body: bytes, **headers: str) -> httpx.Response:
        nonce = new_nonce()
        signed = sign(Message({}, body, "POST", path), self.key, self.clock.now(), nonce=nonce)
        answer = await self.client.post(path, content=body, headers={"Content-Type": CONTENT_TYPE, **signed, **headers})
        if "signature" in answer.headers:
            keys = read_set((await self.client.get("/.well-known/jwks.json")).json())
            verify(
                Message(answer.headers, answer.content, status=answer.status_code), keys, self.clock.now(), nonce=nonce
            )
        return answer

    async def send(self, event: Event, expected: str = "received") -> httpx.Response:
        answer = await self.post("/v1/events", body_of(event))
        told = answer.json()
        assert told.get("outcome", told.get("code")) == expected, told
        return answer

    async def ask(self, path: str, **asked: Any) -> Any:
        answer = await self.post(path, canonical(asked))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def acknowledged(self, **asked: Any) -> list[dict[str, Any]]:
        """What became of events since it was last asked."""
        told = await self.ask("/v1/acknowledgements", done=self.done, **asked)
        found: list[dict[str, Any]] = told["acknowledgements"]
        self.done = [one["number"] for one in found]
        return found

    async def standing(self, subject: UUID) -> dict[str, Any]:
        told = await self.ask("/v1/standings", subjects=[str(subject)], whole=True)
        standing: dict[str, Any] = told["standings"][str(subject)]
        return standing

    async def read(self, subject: UUID, **asked: str) -> httpx.Response:
        asked = {"source": self.source, "purpose": "emergency"} | asked
        headers = {"Authorization": f"Bearer {READER['ministry']}"}
        return await self.client.get(f"/v1/people/{subject}", params=asked, headers=headers)


@dataclass
class Standing:
    """A registry that runs in this process."""

    app: Any
    client: httpx.AsyncClient
    settings: RegistrySettings
    clock: MovableClock
    sender: Sender

    async def alarms(self) -> list[str]:
        headers = {"Authorization": f"Bearer {READER['ministry']}"}
        told = (await self.client.get("/v1/alarms", headers=headers)).json()
        return [alarm["code"] for alarm in told["alarms"]]

    async def sql(self, query: str, *arguments: Any) -> list[Any]:
        connection = await asyncpg.connect(self.settings.database_url)
        try:
            return list(await connection.fetch(query, *arguments))
        finally:
            await connection.close()


@asynccontextmanager
async def serving(settings: RegistrySettings, clock: MovableClock) -> AsyncIterator[tuple[Any, httpx.AsyncClient]]:
    app = create_registry(settings, clock=clock.now)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://registry.test") as client,
    ):
        yield app, client


@asynccontextmanager
async def standing_registry(name: str, folder: Path, now: datetime | None = None) -> AsyncIterator[Standing]:
    """Empty, with one sender that it knows."""
    clock, key = MovableClock(), new_key()
    clock.at = now or clock.at
    settings = RegistrySettings(
        database_url=await fresh_schema(name),
        data_dir=folder / "registry",
        peers={SOURCE: peer_file(folder, "sender", key)},
        readers=READER,
        pool_size=5,
    )
    async with serving(settings, clock) as (app, client):
        yield Standing(app, client, settings, clock, Sender(client, clock, key))
