"""The making of the embedded server's cluster: `initdb`, then logins, database and extensions."""

import shutil
import tempfile
from pathlib import Path

from app.adapters.durable import sync
from app.adapters.embedded_layout import EmbeddedError, Passwords
from app.adapters.embedded_postmaster import Postmaster

# Each script may run again, even while an orphan of a killed manager still runs it: hence the lock.
ROLES = """
SELECT pg_advisory_lock(1);
SELECT format('CREATE ROLE %I', name) FROM (VALUES ('manzil_owner'), ('manzil_app')) AS wanted (name)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \\gexec
ALTER ROLE manzil_owner LOGIN CREATEROLE NOSUPERUSER PASSWORD '{owner}';
ALTER ROLE manzil_app LOGIN NOCREATEROLE NOSUPERUSER PASSWORD '{app}';
GRANT manzil_app TO manzil_owner WITH ADMIN OPTION;
SELECT 'CREATE DATABASE manzil OWNER manzil_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'manzil') \\gexec
"""
EXTENSIONS = """
SELECT pg_advisory_lock(1);
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
"""


REGISTRY = """
SELECT pg_advisory_lock(1);
SELECT 'CREATE ROLE manzil_registry' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'manzil_registry') \\gexec
ALTER ROLE manzil_registry LOGIN NOCREATEROLE NOSUPERUSER PASSWORD '{registry}';
SELECT 'CREATE DATABASE manzil_registry OWNER manzil_registry'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'manzil_registry') \\gexec
REVOKE CONNECT ON DATABASE manzil, manzil_registry FROM PUBLIC;
GRANT CONNECT ON DATABASE manzil TO manzil_owner, manzil_app;
"""


def make_cluster(server: Postmaster, superuser_password: str) -> None:
    """Made aside and renamed when whole, so a folder named `pgdata` is never a half-made cluster."""
    home = server.pgdata.parent
    for leftover in home.glob("new-*"):
        shutil.rmtree(leftover, ignore_errors=True)  # an orphaned initdb may still write there
    draft = Path(tempfile.mkdtemp(prefix="new-", dir=home))
    server.account.make_private(draft)
    password = draft / "password"
    password.touch(mode=0o600)
    password.write_text(superuser_password)
    server.account.make_private(password)
    server.initialise(draft / "pgdata", password)
    password.unlink()
    (draft / "pgdata").rename(server.pgdata)
    sync(home)
    draft.rmdir()


def set_up(server: Postmaster, passwords: Passwords) -> None:
    """Make logins, database and extensions, each only if missing. Raises `EmbeddedError` with the reason."""
    # Passwords are letters, digits, `-` and `_`: nothing to quote.
    roles = ROLES.format(owner=passwords.owner, app=passwords.app)
    for database, script in (("postgres", roles), ("manzil", EXTENSIONS)):
        _run(server, passwords, database, script)


def set_up_registry(server: Postmaster, passwords: Passwords) -> None:
    """Make the regional registry's login and its database, which Manzil's logins cannot enter, nor it theirs."""
    _run(server, passwords, "postgres", REGISTRY.format(registry=passwords.registry))


def _run(server: Postmaster, passwords: Passwords, database: str, script: str) -> None:
    done = server.psql(script, database, passwords.superuser)
    if done.returncode != 0:
        raise EmbeddedError(f"setting up the database failed: {done.stderr.strip()}")
