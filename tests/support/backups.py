"""Backups as an operator makes them: a region by `pg_dump`, brought back beside itself, the object store as it lay."""

import os
import subprocess
from pathlib import Path

from sqlalchemy import make_url

from app.adapters.embedded_layout import binaries
from app.db.engine import schema_of
from tests.support.server import drop_region, urls


def dump(region: str) -> str:
    """All that the database holds of a region, as SQL."""
    return _run("pg_dump", f"--schema={schema_of(region)}", "--no-owner")


def restore(backup: str, region: str, into: str) -> None:
    """Into a region that does not exist: what that name held is dropped before."""
    drop_region(into)
    moved = backup.replace(schema_of(region), schema_of(into))
    _run("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", script=moved)


def _run(program: str, *arguments: str, script: str | None = None) -> str:
    url = make_url(urls()[1])
    told = {
        "PGHOST": url.query.get("host") or url.host,
        "PGPORT": url.query.get("port") or url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    env = os.environ | {name: str(value) for name, value in told.items() if value}
    command: list[str | Path] = [binaries() / program, *arguments]
    done = subprocess.run(command, check=False, input=script, capture_output=True, text=True, env=env, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout
