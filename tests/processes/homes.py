"""The data folder of a `manzil run`, and what runs on it. Independent of the test server."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from app.adapters.embedded import EmbeddedPostgres
from tests.processes.commands import command_lines, end, free_port, has_in_environment, start, wait_ready


@dataclass
class Home:
    data_dir: Path
    port: int = field(default_factory=free_port)
    _run: "subprocess.Popen[bytes] | None" = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        return os.environ | {"MANZIL_DATA_DIR": str(self.data_dir), "MANZIL_PORT": str(self.port)}

    @property
    def log(self) -> Path:
        return self.data_dir.with_name("said.log")

    def said(self) -> str:
        return self.log.read_text()

    def started(self) -> "subprocess.Popen[bytes]":
        """`manzil run`, ready: the one that a test before left going, or a new one."""
        if self._run is None or self._run.poll() is not None:
            self.log.write_text("")
            self._run = start(self.env, "run", self.log)
        wait_ready(self.base_url, self._run, self.log)
        return self._run

    def stopped(self) -> None:
        """Nothing runs here any more, and the data of a `manzil run` is there."""
        if self._run is None:
            self.started()
        self._end()

    def _end(self) -> None:
        if self._run is not None and self._run.poll() is None:
            end(self._run, signal.SIGINT, seconds=60)

    def processes(self, kind: str = "") -> dict[int, str]:
        """The living processes of this folder, children and database too, whose command line has `kind` in it."""
        cluster = f" -D {(self.data_dir / 'postgres').resolve()}/"
        mark = f"MANZIL_DATA_DIR={self.data_dir}"
        return {
            pid: line
            for pid, line in command_lines().items()
            if kind in line and (cluster in line or has_in_environment(pid, mark))
        }

    def only(self, kind: str) -> int:
        """The id of the one living process of that kind.

        A backend that PostgreSQL has just forked bears the server's own command line for an instant: hence the wait.
        """
        found: list[int] = []

        def alone() -> bool:
            found[:] = self.processes(kind)
            return len(found) == 1

        eventually(alone, seconds=10)
        return found[0]

    def ask(self, query: str) -> Any:
        """One value from the database of the `manzil run` that is going on."""

        async def answer() -> Any:
            url = EmbeddedPostgres(self.data_dir).attach().owner
            connection = await asyncpg.connect(url.replace("+asyncpg", ""))
            try:
                return await connection.fetchval(query)
            finally:
                await connection.close()

        return asyncio.run(answer())

    def destroy(self) -> None:
        self._end()
        for pid in self.processes("app.cli"):
            os.kill(pid, signal.SIGKILL)
        eventually(lambda: not self.processes("app.cli"))
        EmbeddedPostgres(self.data_dir).destroy()


def eventually(holds: Callable[[], bool], *, seconds: float = 60) -> None:
    """Returns once `holds` does; AssertionError if that does not happen in time."""
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit, "this did not happen in time"
        time.sleep(0.1)
