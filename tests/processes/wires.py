"""Connections that stay, each to a process of the API that is known: for requests, and for streams of events."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.processes.copies import Copy

PATIENCE = 30
Json = dict[str, Any]


@dataclass(frozen=True)
class Event:
    id: str
    data: Json


@dataclass
class Wire:
    """`process`: the id of the API process at the other end."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    process: int = 0

    def send(self, method: str, path: str, token: str = "", body: Json | None = None, **headers: str) -> None:
        """Puts the request on its way, and waits for nothing."""
        payload = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(payload)}"]
        lines += [f"Authorization: Bearer {token}"] if token else []
        lines += ["Content-Type: application/json"] if payload else []
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.writer.write("\r\n".join([*lines, "", ""]).encode() + payload)

    async def head(self) -> tuple[int, dict[str, str]]:
        text = (await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), PATIENCE)).decode()
        first, *lines = text.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        return int(first.split(" ")[1]), headers

    async def answer(self) -> tuple[int, Json]:
        status, headers = await self.head()
        body = await asyncio.wait_for(self.reader.readexactly(int(headers["content-length"])), PATIENCE)
        return status, json.loads(body)

    async def ask(self, method: str, path: str, token: str = "", body: Json | None = None, **headers: str) -> Json:
        """The answer, which has to be a success."""
        self.send(method, path, token, body, **headers)
        status, answer = await self.answer()
        assert status < 300, (status, answer)
        return answer

    async def follow(self, path: str, token: str = "", *, last_event_id: str = "") -> AsyncIterator[Event]:
        """The events of a stream until the server ends it."""
        self.send("GET", path, token, None, Last_Event_ID=last_event_id)
        status, told = await self.head()
        assert (status, told["content-type"]) == (200, "text/event-stream; charset=utf-8"), (status, told)
        text = b""
        while chunk := await self._chunk():
            text += chunk
            while b"\n\n" in text:
                block, text = text.split(b"\n\n", 1)
                fields = dict(line.split(": ", 1) for line in block.decode().splitlines() if not line.startswith(":"))
                if "data" in fields:
                    yield Event(fields["id"], json.loads(fields["data"]))

    async def _chunk(self) -> bytes:
        """The next chunk of a body (RFC 9112 §7.1); empty at its end."""
        size = int((await self.reader.readuntil(b"\r\n")).strip(), 16)
        return (await self.reader.readexactly(size + 2))[:-2]


def token_in(headers: dict[str, str]) -> str:
    return headers["Authorization"].removeprefix("Bearer ")


@asynccontextmanager
async def wire(copy: Copy, process: int | None = None, *, apart_from: int | None = None) -> AsyncIterator[Wire]:
    """A connection to that process of the API, to any other than one, or to whichever takes it.

    Several are opened at once: of two idle processes, one by one would mostly go to the same.
    """
    for _ in range(50):
        async with wires(copy, 8) as opened:
            await asyncio.gather(*(each.ask("GET", "/health/live") for each in opened))
            holders = copy.holders()
            for each in opened:
                each.process = holders[each.writer.get_extra_info("sockname")[1]]
                if process in {None, each.process} and each.process != apart_from:
                    yield each
                    return
    raise AssertionError("that process never took a connection")


@asynccontextmanager
async def wires(copy: Copy, count: int) -> AsyncIterator[list[Wire]]:
    """So many connections, to whichever process takes each."""
    made = [Wire(*await asyncio.open_connection("127.0.0.1", copy.port)) for _ in range(count)]
    try:
        yield made
    finally:
        for opened in made:
            opened.writer.close()
        await asyncio.gather(*(opened.writer.wait_closed() for opened in made), return_exceptions=True)


@dataclass
class Desk:
    """One who asks one process again and again; a connection that the server closed meanwhile is replaced."""

    copy: Copy
    stack: AsyncExitStack
    wire: Wire

    async def ready(self) -> Wire:
        if self.wire.reader.at_eof():
            self.wire = await self.stack.enter_async_context(wire(self.copy, self.wire.process))
        return self.wire
