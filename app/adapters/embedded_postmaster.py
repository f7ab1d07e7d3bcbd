"""The embedded server's process: is it ours, does it live, how does it start and end.

A process id in `postmaster.pid` proves nothing after a crash: the number may belong to another program by
now. So a server counts as ours only when the process runs `postgres` on our folder.
"""

import os
import shlex
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.adapters.embedded_layout import Account, EmbeddedError

PORT = "5432"  # names the socket file; nothing listens on TCP

SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "max_connections": "200",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_compression": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    # The log holds no personal data: errors quote values and statements, and go to the caller instead.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


@dataclass(frozen=True)
class Postmaster:
    """The server process of one cluster.

    `pgdata`, `sockets` and `bin` are real paths; `log` need not be reachable by the account. `settings` stand in place
    of those above.
    """

    bin: Path
    pgdata: Path
    sockets: Path
    log: Path
    account: Account
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def socket(self) -> Path:
        return self.sockets / f".s.PGSQL.{PORT}"

    def pid(self) -> int | None:
        """The id of the living server of this cluster, or None."""
        try:
            pid = int((self.pgdata / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return pid if f"postgres -D {self.pgdata} " in _command_line(pid) else None

    def initialise(self, folder: Path, password: Path) -> None:
        """Make an empty cluster in `folder`, its superuser's password read from the file `password`."""
        options = (
            "--username=postgres",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-locale",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--data-checksums",
        )
        done = subprocess.run(
            [self.bin / "initdb", *options, f"--pwfile={password}", "-D", folder],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment(),
            **self.account.popen_options(),
        )
        if done.returncode != 0:
            raise EmbeddedError(f"initdb failed: {done.stdout[-500:].strip()}")

    def psql(self, script: str, database: str, password: str) -> subprocess.CompletedProcess[str]:
        """Run SQL as the superuser, stopping at the first error. It cannot hang for over a minute."""
        command: list[str | Path] = [
            self.bin / "psql",
            "-XqtAw",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            self.sockets,
            "-p",
            PORT,
        ]
        try:
            return subprocess.run(
                [*command, "-U", "postgres", "-d", database],
                check=False,
                input=script,  # not an argument: arguments are for all to see
                capture_output=True,
                text=True,
                timeout=60,
                env=environment(PGPASSWORD=password, PGCONNECT_TIMEOUT="5"),
            )
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(command, 1, stdout="", stderr="no answer within a minute")

    def start(self) -> bool:
        """Start the server and wait until it answers. Call only when `pid()` is None.

        False when it did not start: the reason is in the log, and may pass (processes of a killed server
        still hold its memory). PostgreSQL itself then refuses to start a second server on the folder.
        """
        # A lock file that names a process which is not our server would stop PostgreSQL while that one lives.
        for stale in (self.pgdata / "postmaster.pid", self.socket, Path(f"{self.socket}.lock")):
            stale.unlink(missing_ok=True)
        settings = {**SETTINGS, **self.settings, "unix_socket_directories": str(self.sockets)}
        options = shlex.join(f"--{name}={value}" for name, value in settings.items())
        command: list[str | Path] = [
            self.bin / "pg_ctl",
            "start",
            "--wait",
            "--timeout=60",
            "-D",
            self.pgdata,
            "-o",
            options,
        ]
        # The server keeps this descriptor, so the log may lie where its account could not open it.
        self.log.touch(mode=0o600)
        with self.log.open("ab") as log:
            done = subprocess.run(
                command,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment(),
                **self.account.popen_options(),
            )
        return done.returncode == 0

    def stop(self) -> None:
        """End the server: sessions are cut, data is flushed; harder if that takes over a minute.

        Not by `pg_ctl stop`, which signals whatever process the pid file names.
        """
        for how, seconds in ((signal.SIGINT, 60), (signal.SIGQUIT, 15)):
            pid = self.pid()
            if pid is None:
                return
            os.kill(pid, how)
            until = time.monotonic() + seconds
            while self.pid() is not None and time.monotonic() < until:
                time.sleep(0.02)
        if self.pid() is not None:
            raise EmbeddedError(f"the server of {self.pgdata} does not end; see {self.log}")


def environment(**extra: str) -> dict[str, str]:
    """A bare environment: PGDATA, PGPORT, PGOPTIONS and the like of the caller must not leak in."""
    return {"PATH": os.defpath, "LC_ALL": "C", **extra}


def _command_line(pid: int) -> str:
    """The arguments of a process, separated by spaces, ending in one; empty for a dead one or a zombie."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    listed = subprocess.run(["ps", "-ww", "-o", "args=", "-p", str(pid)], check=False, capture_output=True, text=True)
    return listed.stdout.strip() + " "
