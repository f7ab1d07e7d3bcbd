"""A copy of Manzil that lives as long as a benchmark: database, region, API processes. Nothing of it remains."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex
from typing import TypeVar

import httpx
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.adapters.embedded import EmbeddedPostgres
from app.adapters.embedded_layout import binaries
from app.assembly import build_runtime
from app.db.engine import APP_ROLE, schema_of
from app.demo.seed import seed
from app.runtime import Runtime
from app.settings import Settings
from app.supervisor import SUPERVISED
from benchmarks.load import HOST, BenchError
from migrations.run import upgrade

Say = Callable[[str], None]
Answer = TypeVar("Answer")
_START_SECONDS = 60.0


@dataclass(frozen=True)
class Copy:
    """`settings` are those of its processes; each API process listens on one of `ports`."""

    settings: Settings
    owner_url: str = field(repr=False)
    pgbench: str
    ports: list[int]

    def inside(self, task: Callable[[Runtime], Awaitable[Answer]]) -> Answer:
        """Runs `task` with a runtime of this process: it shares the copy's database and keys."""

        async def run() -> Answer:
            runtime = build_runtime(self.settings)
            try:
                return await task(runtime)
            finally:
                await runtime.close()

        return asyncio.run(run())

    def of(self, region: str) -> "Copy":
        """The same copy, with that region as the one that tasks and statements are about."""
        return replace(self, settings=self.settings.model_copy(update={"regions": [region]}))

    def as_owner(self, *statements: str) -> None:
        """Runs statements in the region's schema, each outside a transaction."""

        async def run() -> None:
            engine = create_async_engine(self.owner_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
            async with engine.connect() as connection:
                await connection.execute(text(f"SET search_path TO {schema_of(self.settings.regions[0])}, public"))
                for statement in statements:
                    await connection.execute(text(statement))
            await engine.dispose()

        asyncio.run(run())

    def libpq_env(self) -> dict[str, str]:
        """The environment that makes a libpq program connect as the application does: same role, same schema."""
        url = make_url(self.settings.database_url or "")
        schema = schema_of(self.settings.regions[0])
        wanted = {
            "PGHOST": url.query.get("host") or url.host,
            "PGPORT": str(url.query.get("port") or url.port or 5432),
            "PGUSER": url.username,
            "PGPASSWORD": url.password,
            "PGDATABASE": url.database,
            "PGSSLMODE": url.query.get("ssl"),
            "PGOPTIONS": f"-c role={APP_ROLE} -c search_path={schema},public -c timezone=UTC",
        }
        return {**os.environ, **{name: str(value) for name, value in wanted.items() if value}}


@contextmanager
def own_copy(say: Say, *, processes: int | None = None) -> Iterator[Copy]:
    """Starts everything and removes it again, also when interrupted.

    `processes` API processes: by default MANZIL_API_PROCESSES, else one for each core we may use, since the
    ceiling may use them all. They are replicas on ports of their own, and the load is spread evenly over them.
    """
    given = Settings()
    if processes is None:
        told = "api_processes" in given.model_fields_set
        processes = given.api_processes if told else len(os.sched_getaffinity(0))
    with ExitStack() as stack:
        stack.callback(signal.signal, signal.SIGINT, signal.getsignal(signal.SIGINT))
        stack.callback(signal.signal, signal.SIGTERM, signal.signal(signal.SIGTERM, _stop))
        try:
            yield _start(stack, given, processes, say)
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # nothing may interrupt the clearing away
            say("Removing everything …")


def _start(stack: ExitStack, given: Settings, processes: int, say: Say) -> Copy:
    folder = Path(tempfile.mkdtemp(prefix="manzil-bench-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    name = f"bench_{token_hex(4)}"
    changes = {
        "data_dir": folder,
        "keys_dir": None,
        "documents_dir": None,
        "documents_bucket": None,
        "regions": [name, *(f"{name}_{each}" for each in ("small", "big", "plan", "all"))],
        "calendar_days": 31,
    }
    settings = given.model_copy(update=changes)
    owner_url = settings.owner_database_url or settings.database_url
    pgbench = shutil.which("pgbench")
    if owner_url is None or settings.database_url is None:
        say("Starting a database of its own …")
        embedded = EmbeddedPostgres(folder)
        stack.callback(embedded.destroy)
        urls = embedded.start()
        settings, owner_url = settings.model_copy(update={"database_url": urls.app}), urls.owner
        pgbench = str(binaries() / "pgbench")
    elif pgbench is None:
        raise BenchError("pgbench, which measures the ceiling, is not in PATH")
    copy = Copy(settings, owner_url, pgbench, [free_port() for _ in range(processes)])
    for region in settings.regions:
        stack.callback(copy.as_owner, f"DROP SCHEMA IF EXISTS {schema_of(region)} CASCADE")
    say("Migrating and seeding …")
    asyncio.run(upgrade(owner_url, settings.regions))
    copy.inside(lambda runtime: seed(runtime, folder, lambda _done, _all: None))
    say(f"Starting {processes} API processes …")
    for port in copy.ports:
        start_api(stack, settings, port)
    return copy


def _stop(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def start_api(stack: ExitStack, settings: Settings, port: int) -> None:
    """Another process of the copy, until the stack is unwound; it answers when this returns."""
    env = {
        **{name: value for name, value in os.environ.items() if name != "MANZIL_DOCUMENTS_BUCKET"},
        **environment_of(settings),
        SUPERVISED: "1",  # it ends when we do, even by `kill -9`
        "MANZIL_PORT": str(port),
    }
    command = [sys.executable, "-m", "app.cli", "api"]
    child = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, start_new_session=True)
    stack.callback(_end, child)
    until = time.monotonic() + _START_SECONDS
    with httpx.Client(base_url=f"http://{HOST}:{port}") as client:
        while time.monotonic() < until and child.poll() is None:
            with suppress(httpx.HTTPError):
                if client.get("/health/ready").status_code == httpx.codes.OK:
                    return
            time.sleep(0.1)
    raise BenchError("the API does not start")


def environment_of(settings: Settings) -> dict[str, str]:
    """What a process of the copy is told."""
    return {
        "MANZIL_DATABASE_URL": settings.database_url or "",
        "MANZIL_DATA_DIR": str(settings.data_dir),
        "MANZIL_KEYS_DIR": str(settings.keys_folder),
        "MANZIL_DOCUMENTS_DIR": str(settings.documents_folder),
        "MANZIL_REGIONS": json.dumps(settings.regions),
        "MANZIL_CALENDAR_DAYS": str(settings.calendar_days),
        "MANZIL_API_PROCESSES": "1",
        "MANZIL_REQUESTS_PER_MINUTE": str(10**9),  # counted as ever, and never refused
        "MANZIL_ADDRESS_REQUESTS_PER_MINUTE": str(10**9),
        "MANZIL_HOST": HOST,
    }


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(15)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdin is not None:
        child.stdin.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
