"""`upload`: megabytes a second that come in over HTTP, sealed and stored, against the same bytes written bare.

Ours: for each file the two requests of a phone (`POST` makes it, one `PATCH` sends it): signed in, looked up, sealed in
parts of four megabytes, stored and synced to the disk, its progress committed to the database. What a worker does with
the file afterwards is not in it: that takes as long as the picture takes.

The ceiling is an endpoint on the same server (uvicorn, as many processes) that writes each body to a file, syncs it
and does nothing else: no token, no database, no sealing. Over HTTP, since a bare write to a disk without it would tell
mostly how much faster a disk is than a server in Python.
"""

import base64
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from app.domain.documents.kinds import PaperKind
from app.domain.documents.tus import PATH
from app.domain.identity.caller import Caller, Role
from app.runtime import Runtime
from benchmarks.copy import Copy, Say, free_port
from benchmarks.figures import BenchSettings, Figure, rounded
from benchmarks.load import HOST, BenchError
from benchmarks.world import add_people, id_of, tokens
from services.documents.commands import Terms, begin

GOAL = 0.5
MEGABYTE = 1024 * 1024
FILE = 8 * MEGABYTE
CLIENTS = 4
_A_SECOND = 8
_FOLDER = "MANZIL_BENCH_FOLDER"
_QUIET = ("--no-access-log", "--log-level", "warning")
_START_SECONDS = 30.0
Job = tuple[UUID, str]
"""A document that waits for its file, and its person's token."""


def measure_upload(copy: Copy, options: BenchSettings, say: Say) -> list[Figure]:
    count = max(CLIENTS, int(_A_SECOND * options.seconds))
    body = os.urandom(FILE)
    ours: list[float] = []
    bare: list[float] = []
    with bare_servers(len(copy.ports)) as (ports, folder):
        say("upload: warming up …")
        _upload(copy, _waiting(copy, 0, CLIENTS), body)
        _write(ports, folder, CLIENTS, body)
        for number in range(options.rounds):
            jobs = _waiting(copy, number + 1, count)
            turns: list[tuple[list[float], Callable[[], float]]] = [
                (ours, lambda jobs=jobs: _upload(copy, jobs, body)),  # type: ignore[misc]
                (bare, lambda: _write(ports, folder, count, body)),
            ]
            for rates, run in turns if number % 2 else reversed(turns):
                rates.append(run())
            say(f"  round {number + 1} of {options.rounds}: {ours[-1]:.0f} MB/s, bare {bare[-1]:.0f} MB/s")
    extra = {"file_mb": FILE // MEGABYTE, "files": count, "clients": CLIENTS, "api_processes": len(copy.ports)}
    return [
        Figure(
            name="upload",
            value=statistics.median(ours),
            unit="MB/s",
            ceiling=statistics.median(bare),
            goal=GOAL,
            extra={**extra, "rounds": rounded(ours), "ceiling_rounds": rounded(bare)},
        )
    ]


def _waiting(copy: Copy, batch: int, count: int) -> list[Job]:
    """People with a document each whose file is still to come."""
    first = 3_000_000 + batch * 10_000

    async def make(runtime: Runtime) -> list[Job]:
        region = next(iter(runtime.regions.values()))
        await add_people(runtime, first, count, with_profiles=True)
        issued = await tokens(runtime, first, count)
        jobs = []
        for number, token in zip(range(first, first + count), issued, strict=True):
            person = id_of("person", number)
            caller = Caller(id_of("account", number), Role.MIGRANT, id_of("session", number), person_id=person)
            async with runtime.database.writing(region, caller) as uow:
                await uow.vault.seal(person, "passport", b"")  # who uploads has a profile, and so a key
                jobs.append((await begin(uow, person, PaperKind.OTHER, Terms(1)), token))
        return jobs

    return copy.inside(make)


def _upload(copy: Copy, jobs: list[Job], body: bytes) -> float:
    """Megabytes a second until the last answer."""

    def run(numbered: tuple[int, Job]) -> None:
        number, (document, token) = numbered
        with _connected(copy.ports[number % len(copy.ports)]) as wire:
            signed = {"Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0"}
            about = {"Upload-Length": str(len(body)), "Upload-Metadata": f"document {_base64(str(document))}"}
            made = _ask(wire, "POST", PATH, 201, signed | about, b"")
            part = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
            sent = _ask(wire, "PATCH", made["location"], 204, signed | part, body)
            if sent["upload-offset"] != str(len(body)):
                raise BenchError("an upload was not taken whole")

    rate = _timed(run, list(enumerate(jobs)), len(body))
    shutil.rmtree(copy.settings.documents_folder / copy.settings.regions[0] / "parts")  # of no file any more
    return rate


def _write(ports: list[int], folder: Path, count: int, body: bytes) -> float:
    """The same for an endpoint that does nothing else."""

    def run(number: int) -> None:
        with _connected(ports[number % len(ports)]) as wire:
            _ask(wire, "PATCH", f"/{uuid4().hex}", 204, {}, body)

    rate = _timed(run, list(range(count)), len(body))
    for file in folder.iterdir():
        if file.stat().st_size != len(body):
            raise BenchError("a file was not written whole")
        file.unlink()
    return rate


def _timed(run: Callable[[Any], None], jobs: list[Any], size: int) -> float:
    with ThreadPoolExecutor(CLIENTS) as pool:
        begun = time.perf_counter()
        list(pool.map(run, jobs))
        return len(jobs) * size / MEGABYTE / (time.perf_counter() - begun)


@contextmanager
def _connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection((HOST, port), timeout=60) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield wire


def _ask(
    wire: socket.socket, method: str, path: str, status: int, headers: dict[str, str], body: bytes
) -> dict[str, str]:
    """The headers of the answer. A bare socket: the client must not be what is measured."""
    told = {"Host": HOST, **headers, "Content-Length": str(len(body))}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
    wire.sendall("\r\n".join([*lines, "", ""]).encode())
    wire.sendall(body)
    answer = b""
    while b"\r\n\r\n" not in answer:
        piece = wire.recv(65_536)
        if not piece:
            raise BenchError("the server closed the connection")
        answer += piece
    head, _, rest = answer.partition(b"\r\n\r\n")
    first, *fields = head.decode().split("\r\n")
    found = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in fields)}
    while len(rest) < int(found.get("content-length", 0)):
        rest += wire.recv(65_536)
    if int(first.split()[1]) != status:
        raise BenchError(f"the server answered {first}: {rest.decode(errors='replace')}")
    return found


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@contextmanager
def bare_servers(count: int) -> Iterator[tuple[list[int], Path]]:
    """Their ports, and the folder that they write into."""
    folder = Path(tempfile.mkdtemp(prefix="manzil-bench-bare-"))
    ports = [free_port() for _ in range(count)]
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "benchmarks.upload:bare", "--host", HOST, "--port", str(port), *_QUIET],
            env={**os.environ, _FOLDER: str(folder)},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        for port in ports
    ]
    try:
        for port in ports:
            _await(port)
        yield ports, folder
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(15)
        shutil.rmtree(folder, ignore_errors=True)


def _await(port: int) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        with suppress(OSError), _connected(port):
            return
        time.sleep(0.1)
    raise BenchError("the bare server does not start")


async def bare(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """An application that writes each body to a file of its own, and syncs it."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    folder = Path(os.environ[_FOLDER])
    with (folder / scope["path"].strip("/")).open("wb") as file:
        more = True
        while more:
            message = await receive()
            file.write(message.get("body", b""))
            more = message.get("more_body", False)
        file.flush()
        os.fsync(file.fileno())
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})
