"""Many phones that send at the same moment, each over a connection of its own.

Written on bare streams: one test process must have 200 requests on their way before the server has answered the
first, and an HTTP client with a pool is too slow for that.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from app.doctor import examine
from app.runtime import Runtime
from tests.processes.copies import Copy

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
ACCEPTED_SECONDS = 20


@dataclass(frozen=True)
class Shot:
    token: str
    path: str
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)

    def request(self) -> bytes:
        body = json.dumps(self.body).encode()
        headers = {
            "Host": "127.0.0.1",
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Connection": "close",
            **self.headers,
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"POST {self.path} HTTP/1.1\r\n{head}\r\n".encode() + body


@dataclass(frozen=True)
class Answer:
    status: int
    json: dict[str, Any]


@dataclass(frozen=True)
class Rush:
    """What came back, in the order of the shots, and in how many seconds all of it."""

    answers: list[Answer]
    seconds: float

    @property
    def counted(self) -> Counter[tuple[int, str]]:
        """How often each status came, with the problem's code."""
        return Counter((answer.status, answer.json.get("code", "")) for answer in self.answers)

    def won(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.status < 300]


async def at_once(copy: Copy, shots: Sequence[Shot], *, spread_over: int = 1) -> Rush:
    """Every phone has its connection first, accepted by the server; then all of them send.

    It is seen to that at least `spread_over` processes of the API hold some of the connections each.
    """
    requests = [shot.request() for shot in shots]
    for _ in range(20):
        async with connections(copy.port, len(shots)) as opened:
            shares = await _accepted(copy, len(shots))
            if len(shares) >= spread_over:
                begun = time.perf_counter()
                for (_, writer), request in zip(opened, requests, strict=True):
                    writer.write(request)
                sent = time.perf_counter() - begun
                answers = await asyncio.gather(*(_answer(reader) for reader, _ in opened))
                seconds = time.perf_counter() - begun
                print(  # noqa: T201 — a figure of the acceptance
                    f"\n{len(shots)} at once ({sent:.3f} s), {sorted(shares.values())} a process: {seconds:.2f} s"
                )
                return Rush(answers, seconds)
        await asyncio.sleep(1)
    raise AssertionError(f"never did {spread_over} processes take connections")


@asynccontextmanager
async def connections(port: int, count: int) -> AsyncIterator[list[Streams]]:
    async with AsyncExitStack() as stack:
        opened: list[Streams] = []
        for _ in range(count):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            stack.callback(writer.close)
            opened.append((reader, writer))
        yield opened


async def _accepted(copy: Copy, count: int) -> dict[int, int]:
    """How many connections each process of the API holds, once all of them are held by one."""
    limit = time.monotonic() + ACCEPTED_SECONDS
    while sum((shares := copy.answering()).values()) < count:
        assert time.monotonic() < limit, f"the server accepted {shares} of {count} connections"
        await asyncio.sleep(0.1)
    return shares


async def _answer(reader: asyncio.StreamReader) -> Answer:
    """The server closes after its answer, which has a body of JSON."""
    head, _, body = (await asyncio.wait_for(reader.read(), 90)).partition(b"\r\n\r\n")
    return Answer(int(head.split(b" ", 2)[1]), json.loads(body))


async def assert_whole(runtime: Runtime) -> None:
    """By the word of the doctor, beside the running server."""
    assert [finding for finding in await examine(runtime) if finding.faults] == []
