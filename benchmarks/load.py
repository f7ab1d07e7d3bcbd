"""The load generator: keep-alive connections on bare sockets, each sending its next request when it has an answer.

A process of its own (`python -m benchmarks.load`): the job comes as JSON on standard input, the result goes out
as JSON. About 20 µs of processor time a request, so that the server is what is measured; `cpu` proves it.
"""

import asyncio
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import httptools
import uvloop

HOST = "127.0.0.1"
_PATIENCE = 60.0


class BenchError(RuntimeError):
    """The run cannot be counted; the message says why."""


@dataclass(frozen=True)
class Job:
    """`clients` connections spread evenly over `ports` send `requests` for `seconds`, each once unless `again`.

    Any answer but one of `status` ends the run: a figure counts nothing else.
    """

    ports: list[int]
    clients: int
    seconds: float
    status: int
    requests: list[str] = field(repr=False)
    again: bool = False


@dataclass(frozen=True)
class Load:
    """`rate` in answers a second; latencies in ms; `cpu` is the part of one core that the generator itself used."""

    count: int
    seconds: float
    p50_ms: float
    p99_ms: float
    cpu: float

    @property
    def rate(self) -> float:
        return self.count / self.seconds


def request(method: str, path: str, *, body: str | None = None, **headers: str) -> str:
    """An HTTP/1.1 request as it goes over the wire (ASCII); `_` in a header's name stands for `-`."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines) + "\r\n\r\n" + (body or "")


def put_load(job: Job) -> Load:
    """Runs the job in a process of its own. `BenchError` tells of the first answer that was not the one wanted."""
    command = [sys.executable, "-m", "benchmarks.load"]
    # A session of its own: Ctrl-C is the caller's to handle; `run` kills the process when it is interrupted.
    done = subprocess.run(
        command,
        input=json.dumps(asdict(job)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=job.seconds + 2 * _PATIENCE,
        start_new_session=True,
    )
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise BenchError(answer["error"])
    return Load(**answer)


class _Run:
    """What the connections of one job share."""

    def __init__(self, job: Job) -> None:
        encoded = [text.encode("ascii") for text in job.requests]
        self.requests: Iterator[bytes] = itertools.cycle(encoded) if job.again else iter(encoded)
        self.status = job.status
        self.times: list[float] = []
        self.until = time.perf_counter() + job.seconds
        self.open = job.clients
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def close_one(self, error: str | None) -> None:
        self.open -= 1
        if not self.ended.done():
            if error:
                self.ended.set_exception(BenchError(error))
            elif not self.open:
                self.ended.set_result(None)


class _Connection(asyncio.Protocol):
    """One client. httptools calls `on_body` and `on_message_complete`."""

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._parser = httptools.HttpResponseParser(self)
        self._body = b""
        self._begun = 0.0
        self._closed = False
        self._write: Callable[[bytes], None]
        self._transport: Any

    def connection_made(self, transport: Any) -> None:  # uvloop's transports are not asyncio's by type
        self._transport, self._write = transport, transport.write

    def send(self) -> None:
        begun = time.perf_counter()
        following = next(self._run.requests, None) if begun < self._run.until else None
        if following is None:
            self._end(None)
            return
        self._begun = begun
        self._write(following)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        self._run.times.append(time.perf_counter() - self._begun)
        status = self._parser.get_status_code()
        if status != self._run.status:
            self._end(f"the server answered {status}: {self._body.decode(errors='replace')}")
            return
        self._body = b""
        self.send()

    def connection_lost(self, _error: Exception | None) -> None:
        self._end("the server closed the connection")

    def _end(self, error: str | None) -> None:
        if not self._closed:
            self._closed = True
            self._run.close_one(error)
            self._transport.close()


async def _work(job: Job) -> Load:
    loop = asyncio.get_running_loop()
    run = _Run(job)
    clients: list[_Connection] = []
    for _, port in zip(range(job.clients), itertools.cycle(job.ports), strict=False):
        clients.append((await loop.create_connection(lambda: _Connection(run), HOST, port))[1])
    begun, cpu = time.perf_counter(), time.process_time()
    run.until = begun + job.seconds
    for client in clients:
        client.send()
    await asyncio.wait_for(run.ended, job.seconds + _PATIENCE)
    seconds = time.perf_counter() - begun
    if not run.times:
        raise BenchError("nothing was sent")
    ordered = sorted(1000 * each for each in run.times)
    return Load(
        count=len(ordered),
        seconds=seconds,
        p50_ms=round(ordered[len(ordered) // 2], 2),
        p99_ms=round(ordered[len(ordered) * 99 // 100], 2),
        cpu=round((time.process_time() - cpu) / seconds, 2),
    )


def main() -> None:
    job = Job(**json.load(sys.stdin))
    try:
        answer = asdict(uvloop.run(_work(job)))
    except (BenchError, OSError, TimeoutError, httptools.HttpParserError) as error:
        answer = {"error": str(error) or type(error).__name__}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
