"""What lies between a relay and the registry, and does to its messages what networks and registries do."""

import asyncio
import contextlib
import json
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from app.wire.bodies import batch_of, parts_of
from app.wire.keys import PrivateKey
from app.wire.signatures import Message, new_nonce, sign

FATES = (
    ("refused", 0.05),
    ("torn", 0.04),
    ("late", 0.03),
    ("hanging", 0.10),
    ("replayed", 0.01),
    ("repeated", 0.01),
)
"""Of the messages with events. `refused`: 500, 502 or 503, and nothing is stored. `hanging`: all is stored, and no
answer ever comes. `torn`: of each person the first event is delivered a while after the others; `late`: all of it
comes then, after what follows it; of both the relay is told that it failed. `replayed`: the very message comes twice;
`repeated`: its events come again in a message of its own.
"""
_LATEST_SECONDS = 1.5
_EVENTS = "/v1/events"
Answered = tuple[int, dict[str, str], bytes]


@dataclass
class Network:
    """`key` signs what is delivered in other messages than it was sent in. `done`: how many messages met which fate;
    `events`: how many events were in them; `again`: what was said of events that came again.
    """

    to: str
    key: Callable[[], Awaitable[PrivateKey]]
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    done: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)
    _late: set[asyncio.Task[None]] = field(default_factory=set)
    _client: httpx.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        """One client for all: making one takes longer than a hundred messages."""
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=64)
        self._client = httpx.AsyncClient(base_url=self.to, timeout=30, limits=limits)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, httpx.HTTPError):
            while await self._one(reader, writer):
                pass
        writer.close()

    async def finish(self) -> None:
        await asyncio.gather(*self._late)
        await self._client.aclose()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        method, path, _ = first.split(" ")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines if line)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        request = self._client.build_request(method, path, content=body, headers=headers)
        parts = parts_of(body) if path == _EVENTS else []
        fate = self._fate(parts) if parts else "asked"
        self.done[fate] += 1
        self.events[fate] += len(parts)
        if fate == "refused":
            return await _answer(writer, httpx.Response(self.chance.choice([500, 502, 503])))
        if fate in {"torn", "late"}:
            await self._out_of_order(parts, torn=fate == "torn")
            return await _answer(writer, httpx.Response(503))
        answer = await self._client.send(request)
        if fate == "hanging":
            await reader.read()  # until the other side has had enough
            return False
        if fate == "replayed":
            again = await self._client.send(self._client.build_request(method, path, content=body, headers=headers))
            self.again[again.json()["code"]] += 1
        if fate == "repeated":
            await self._repeat(body)
        return await _answer(writer, answer)

    def _fate(self, parts: list[bytes]) -> str:
        owed = [name for name, _ in FATES if name not in self.done and (name != "torn" or _torn(parts)[0])]
        if owed:
            return owed[0]  # each of them is met, however short the run
        place = self.chance.random()
        for name, share in FATES:
            place -= share
            if place < 0:
                return name
        return "carried"

    async def _out_of_order(self, parts: list[bytes], *, torn: bool) -> None:
        now, later = _torn(parts) if torn else ([], parts)
        if now:
            await self._deliver(batch_of(now))
        task = asyncio.create_task(self._later(batch_of(later)))
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _later(self, body: bytes) -> None:
        await asyncio.sleep(self.chance.random() * _LATEST_SECONDS)
        with contextlib.suppress(httpx.HTTPError):
            await self._deliver(body)

    async def _repeat(self, body: bytes) -> None:
        """The same events in a message with a nonce of its own: not the message is known, but what it says."""
        answer = await self._deliver(body)
        told: dict[str, Any] = json.loads(answer.content)
        self.again.update(one.get("outcome") or one["code"] for one in told["outcomes"])

    async def _deliver(self, body: bytes) -> httpx.Response:
        headers = sign(Message({}, body, "POST", _EVENTS), await self.key(), datetime.now(UTC), nonce=new_nonce())
        return await self._client.post(_EVENTS, content=body, headers=headers)


def _torn(parts: list[bytes]) -> tuple[list[bytes], list[bytes]]:
    """All but the first event of each person; and the firsts."""
    firsts = {json.loads(part)["subject"]: part for part in reversed(parts)}
    return [part for part in parts if part not in firsts.values()], list(firsts.values())


async def _answer(writer: asyncio.StreamWriter, answer: httpx.Response) -> bool:
    kept = {"content-type", "content-digest", "signature", "signature-input", "retry-after"}
    lines = [f"HTTP/1.1 {answer.status_code} X", f"content-length: {len(answer.content)}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items() if name in kept]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + answer.content)
    await writer.drain()
    return True
