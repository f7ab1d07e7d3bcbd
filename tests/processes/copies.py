"""A copy under test: a region of its own on the test server, its commands as processes, the real clock."""

import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.assembly import build_runtime
from app.demo import pushes as firebase
from app.running import mirror_environment
from app.runtime import Runtime
from app.settings import Settings
from tests.processes.commands import command_lines, ended, free_port, has_in_environment, manzil, start, wait_ready
from tests.support.server import drop_region, urls

ENDS_WITHIN_SECONDS = 20


@dataclass
class Copy:
    """`api_processes`: how many answer, while it runs."""

    region: str
    data_dir: Path
    port: int = field(default_factory=free_port)
    api_processes: int = 0

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        app_url, owner_url = urls()
        return os.environ | {
            "MANZIL_REGIONS": f'["{self.region}"]',
            "MANZIL_DATABASE_URL": app_url,
            "MANZIL_OWNER_DATABASE_URL": owner_url,
            "MANZIL_DATA_DIR": str(self.data_dir),
            "MANZIL_PORT": str(self.port),
            "MANZIL_SMS": "console",
            # One address, one rush: what limits people must not limit the test.
            "MANZIL_REQUESTS_PER_MINUTE": "1000000",
            "MANZIL_ADDRESS_REQUESTS_PER_MINUTE": "1000000",
            "MANZIL_CODES_PER_ADDRESS": "1000000",
        }

    @property
    def log(self) -> Path:
        return self.data_dir / "processes.log"

    @contextmanager
    def running(
        self, *, api_processes: int = 1, worker: bool = True, pushes: bool = False, registry: str | None = None
    ) -> Iterator["Copy"]:
        """The API, ready, and a worker, whose `pushes` go to the demonstration's server, and which mirrors to a
        `registry` on that database. They are told to end by SIGTERM, as an init system does, and end with 0.
        """
        self.api_processes = api_processes
        env = self.env | {"MANZIL_API_PROCESSES": str(api_processes)}
        processes = {"api": start(env, "api", self.log)}
        if pushes:
            env |= firebase.settings(self.data_dir)
            processes["pushes"] = start(env, "pushes", self.log)
        try:
            if registry:
                told = Settings(port=self.port, data_dir=self.data_dir, regions=[self.region])
                env |= mirror_environment(told, self.base_url, registry)
                processes["registry"] = start(env, "registry", self.log)
            if worker:
                processes["worker"] = start(env, "worker", self.log)
            # All at once, as `manzil run` starts them: whoever is the first waits for the others.
            wait_ready(self.base_url, processes["api"], self.log)
            if registry:
                wait_ready(env["MANZIL_REGISTRY_URL"], processes["registry"], self.log)
            yield self
        finally:
            for process in processes.values():
                process.terminate()
            codes = {name: ended(process, seconds=ENDS_WITHIN_SECONDS) for name, process in processes.items()}
            self._assert_nothing_left()
        assert codes == dict.fromkeys(processes, 0), self.log.read_text()[-2000:]

    def processes(self) -> dict[int, str]:
        """The living processes of this copy."""
        mark = f"MANZIL_DATA_DIR={self.data_dir}"
        return {pid: line for pid, line in command_lines().items() if has_in_environment(pid, mark)}

    def _assert_nothing_left(self) -> None:
        limit = time.monotonic() + ENDS_WITHIN_SECONDS
        while (left := self.processes()) and time.monotonic() < limit:
            time.sleep(0.1)
        assert not left, f"still running: {left}"

    @asynccontextmanager
    async def runtime(self) -> AsyncIterator[Runtime]:
        """The copy's own database and keys, without its API."""
        app_url, owner_url = urls()
        runtime = build_runtime(
            Settings(
                database_url=app_url,
                owner_database_url=owner_url,
                data_dir=self.data_dir,
                regions=[self.region],
            )
        )
        try:
            yield runtime
        finally:
            await runtime.close()

    def holders(self) -> dict[int, int]:
        """Which process of the API holds the connection of each client's port, of those that one has accepted."""
        ports: dict[str, int] = {}
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            columns = line.split()
            here, there = (int(columns[n].rpartition(":")[2], 16) for n in (1, 2))
            if (here, columns[3]) == (self.port, "01"):  # established
                ports[f"socket:[{columns[9]}]"] = there
        held = {pid: ports.keys() & _open_files(pid) for pid in self.processes()}
        return {ports[file]: pid for pid, files in held.items() for file in files}

    def answering(self) -> dict[int, int]:
        """How many clients' connections each process of the API holds."""
        inodes: set[str] = set()
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            columns = line.split()
            if int(columns[1].rpartition(":")[2], 16) == self.port and columns[3] == "01":  # established
                inodes.add(f"socket:[{columns[9]}]")
        held = {pid: len(inodes & _open_files(pid)) for pid in self.processes()}
        return {pid: count for pid, count in held.items() if count}


def seeded_copy(region: str, data_dir: Path) -> Copy:
    """Migrated and seeded by the commands; nothing of it runs yet."""
    copy = Copy(region, data_dir)
    drop_region(copy.region)
    for command, said in (("migrate", "up to date"), ("seed", "points with their clerks are there")):
        done = manzil(copy.env, command)
        assert done.returncode == 0, done.stderr
        assert said in done.stderr
    return copy


def _open_files(pid: int) -> set[str]:
    try:
        return {str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir()}
    except OSError:
        return set()
