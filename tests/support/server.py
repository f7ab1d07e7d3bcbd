"""The PostgreSQL that tests run on: the embedded one, or the one that MANZIL_TEST_DATABASE_URL names."""

import asyncio
import os
import shutil
import tempfile
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.adapters.embedded import EmbeddedPostgres
from app.db.engine import schema_of
from app.settings import Settings
from migrations.run import upgrade

# Nobody kills this server, and nothing of it is kept: what outlives a kill is tested on servers set up as they are.
UNSAFE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
}
_APP, _OWNER = "MANZIL_TEST_APP_URL", "MANZIL_TEST_OWNER_URL"


class TestServer:
    """Started once for the whole run, before the workers, which find its addresses in their environment."""

    __test__ = False

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._embedded: EmbeddedPostgres | None = None

    def start(self) -> None:
        given = Settings(database_url=os.environ.get("MANZIL_TEST_DATABASE_URL")).database_url
        if given is not None:
            os.environ[_APP] = os.environ[_OWNER] = given
            return
        self._folder = Path(tempfile.mkdtemp(prefix="manzil-test-"))
        self._embedded = EmbeddedPostgres(self._folder, UNSAFE)
        urls = self._embedded.start()
        os.environ[_APP], os.environ[_OWNER] = urls.app, urls.owner

    def stop(self) -> None:
        if self._embedded is not None and self._folder is not None:
            self._embedded.destroy()
            shutil.rmtree(self._folder)


def urls() -> tuple[str, str]:
    """The application's and the owner's."""
    return os.environ[_APP], os.environ[_OWNER]


def drop_region(region: str) -> None:
    """Of a run before, on a server that outlived it."""

    async def drop() -> None:
        engine = create_async_engine(urls()[1], poolclass=NullPool)
        async with engine.begin() as connection:
            await connection.execute(text(f"DROP SCHEMA IF EXISTS {schema_of(region)} CASCADE"))
        await engine.dispose()

    asyncio.run(drop())


def fresh_region(region: str) -> None:
    """An empty, migrated region of that code, whatever a run before left."""
    drop_region(region)
    asyncio.run(upgrade(urls()[1], [region]))
