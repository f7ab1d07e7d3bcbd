import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.adapters.embedded import AlreadyRunning, EmbeddedPostgres
from app.adapters.embedded_layout import Account, EmbeddedError, socket_dir
from app.adapters.embedded_postmaster import Postmaster
from tests.support.sizes import sizes

pytestmark = pytest.mark.slow

MANAGER = """
import sys, time
from pathlib import Path
from app.adapters.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
print("starting", flush=True)
server.start()
print("started", flush=True)
time.sleep(600)
"""


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path / "data")
    yield server
    server.destroy()


def process(server: EmbeddedPostgres) -> Postmaster:
    assert server._server is not None
    return server._server


def pid_of(server: EmbeddedPostgres) -> int:
    pid = process(server).pid()
    assert pid is not None
    return pid


def lives(pid: int) -> bool:
    """A zombie, ended and not yet collected by init, does not live: it has no command line."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        return False


def ask(url: str, query: str) -> Any:
    async def answer() -> Any:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return asyncio.run(answer())


def manager(data_dir: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", MANAGER, str(data_dir)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )


def read_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def kill(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.communicate()


def test_data_outlives_a_stop_and_a_start(postgres: EmbeddedPostgres) -> None:
    urls = postgres.start()
    ask(urls.owner, "CREATE TABLE kept AS SELECT 7 AS n")
    assert postgres.is_alive()
    pid = pid_of(postgres)
    postgres.stop()
    assert not postgres.is_alive()
    assert not lives(pid)
    assert postgres.start() == urls
    assert ask(urls.owner, "SELECT n FROM kept") == 7


def test_no_committed_row_is_lost_when_the_server_is_killed(postgres: EmbeddedPostgres) -> None:
    urls = postgres.start()
    ask(urls.owner, "CREATE TABLE kept AS SELECT generate_series(1, 10000) AS n")
    os.kill(pid_of(postgres), signal.SIGKILL)
    postgres.start()
    assert ask(urls.owner, "SELECT count(*) FROM kept") == 10_000


def test_a_pid_file_that_names_another_program_neither_stops_us_nor_it(postgres: EmbeddedPostgres) -> None:
    urls = postgres.start()
    server = process(postgres)
    locks = [server.pgdata / "postmaster.pid", Path(f"{server.socket}.lock")]
    contents = [lock.read_text().split("\n", 1)[1] for lock in locks]
    os.kill(pid_of(postgres), signal.SIGKILL)
    # Of the same account: of another, PostgreSQL would see by itself that it cannot be its server.
    with subprocess.Popen(["sleep", "600"], **server.account.popen_options()) as innocent:
        for lock, rest in zip(locks, contents, strict=True):
            lock.write_text(f"{innocent.pid}\n{rest}")
        assert server.pid() is None
        postgres.stop()
        postgres.start()
        assert ask(urls.app, "SELECT 1") == 1
        assert innocent.poll() is None
        innocent.kill()


def test_no_permission_of_a_parent_folder_changes(tmp_path: Path) -> None:
    inner = tmp_path / "closed" / "data"
    inner.parent.mkdir(mode=0o700)
    before = {folder: folder.stat() for folder in inner.parents}
    server = EmbeddedPostgres(inner)
    server.start()
    server.stop()
    for folder, status in before.items():
        now = folder.stat()
        assert (now.st_mode, now.st_uid, now.st_gid) == (status.st_mode, status.st_uid, status.st_gid)
    assert (inner / "passwords.json").stat().st_mode & 0o777 == 0o600
    assert inner.stat().st_mode & 0o777 == 0o700
    server.destroy()
    assert {path.name for path in inner.iterdir()} == {"run.lock", "postgres.log"}


def test_a_long_path_gets_a_short_private_socket_folder(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / ("long " * 20) / "data")
    try:
        assert ask(server.start().app, "SELECT 1") == 1
        sockets = process(server).sockets
        assert len(str(sockets)) < 100
        assert sockets.stat().st_mode & 0o777 == 0o700
    finally:
        server.destroy()
    assert not sockets.exists()


def test_the_roles_have_no_more_than_they_need(postgres: EmbeddedPostgres) -> None:
    urls = postgres.start()
    power = "SELECT rolsuper OR rolbypassrls OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
    assert ask(urls.app, power) is False
    assert ask(urls.owner, power) is False
    owned = "SELECT count(*) FROM pg_shdepend WHERE refobjid = current_user::regrole AND deptype = 'o'"
    assert ask(urls.app, owned) == 0
    assert ask(urls.owner, owned) > 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        ask(urls.app, "CREATE TABLE public.mine (n int)")
    ask(urls.owner, "CREATE ROLE registry")
    ask(urls.owner, "GRANT manzil_app TO registry")
    with pytest.raises(asyncpg.InvalidPasswordError):
        ask(urls.app.replace("manzil_app:", "manzil_app:x"), "SELECT 1")


def test_the_server_is_set_up_as_meant(postgres: EmbeddedPostgres) -> None:
    urls = postgres.start()
    expected = {
        "listen_addresses": "",
        "fsync": "on",
        "data_checksums": "on",
        "server_encoding": "UTF8",
        "timezone": "UTC",
        "jit": "off",
    }
    for name, value in expected.items():
        assert ask(urls.app, f"SHOW {name}") == value
    extensions = "SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension"
    assert ask(urls.app, extensions) == "btree_gist pg_trgm plpgsql"
    assert ask(urls.app, "SELECT lower('ӘҢГЫ Ў')") == "әңгы ў"


def test_a_second_manager_is_refused(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    postgres.start()
    second = EmbeddedPostgres(tmp_path / "data")
    for attempt in (second.start, second.destroy):
        with pytest.raises(AlreadyRunning):
            attempt()
    second.stop()
    assert postgres.is_alive()


def test_a_server_whose_manager_was_killed_is_adopted(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    first = manager(tmp_path / "data")
    assert [read_line(first), read_line(first)] == ["starting", "started"]
    with pytest.raises(AlreadyRunning):
        postgres.start()
    kill(first)
    urls = postgres.start()
    server_pid = pid_of(postgres)
    assert ask(urls.app, "SELECT 1") == 1
    log = (tmp_path / "data" / "postgres.log").read_text()
    assert log.count("starting PostgreSQL") == 1
    postgres.stop()
    assert not lives(server_pid)


@pytest.mark.parametrize("seconds", sizes().first_starts)
def test_a_first_start_killed_at_any_moment_can_be_repeated(
    postgres: EmbeddedPostgres, tmp_path: Path, seconds: float
) -> None:
    first = manager(tmp_path / "data")
    assert read_line(first) == "starting"
    time.sleep(seconds)
    kill(first)
    urls = postgres.start()
    assert ask(urls.app, "SELECT count(*) FROM pg_extension") == 3
    assert ask(urls.owner, "SELECT 1") == 1


def test_a_start_killed_before_the_sockets_folder_changes_hands_can_be_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account = Account(65534, 65534) if os.geteuid() == 0 else Account(os.geteuid(), os.getegid())

    def killed(self: Account, path: Path) -> None:
        raise KeyboardInterrupt

    with tempfile.TemporaryDirectory(dir="/tmp") as home:  # short enough to hold the sockets themselves
        with monkeypatch.context() as patched:
            patched.setattr(Account, "make_private", killed)
            with pytest.raises(KeyboardInterrupt):
                socket_dir(Path(home), account)
        assert socket_dir(Path(home), account).stat().st_uid == account.uid


def test_a_lost_password_file_is_said_and_nothing_is_remade(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    postgres.start()
    pgdata = process(postgres).pgdata
    postgres.stop()
    (tmp_path / "data" / "passwords.json").unlink()
    with pytest.raises(EmbeddedError, match="lost"):
        postgres.start()
    assert (pgdata / "PG_VERSION").exists()
    assert process(postgres).pid() is None


def test_a_link_that_leads_nowhere_is_no_fresh_start(tmp_path: Path) -> None:
    (tmp_path / "postgres").symlink_to(tmp_path / "gone")
    with pytest.raises(EmbeddedError, match="gone"):
        EmbeddedPostgres(tmp_path).start()
