import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.db.engine import schema_of
from tests.processes.commands import manzil
from tests.processes.copies import Copy
from tests.processes.homes import Home
from tests.support.server import urls


@pytest.fixture(scope="session")
def made_copy(worker: str, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """Migrated and seeded by the commands; nothing of it runs yet."""
    copy = Copy(f"p_{worker}", tmp_path_factory.mktemp("copy"))
    asyncio.run(_drop(copy.region))
    for command, said in (("migrate", "up to date"), ("seed", "points with their clerks are there")):
        done = manzil(copy.env, command)
        assert done.returncode == 0, done.stderr
        assert said in done.stderr
    return copy


@pytest.fixture(scope="module", params=[1, 4])
def served(made_copy: Copy, request: pytest.FixtureRequest) -> Iterator[Copy]:
    """The copy with so many API processes and a worker, which one test after another may use."""
    with made_copy.running(api_processes=request.param):
        yield made_copy


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A data folder for `manzil run`, with the embedded database in it. Each test takes it as it is left."""
    home = Home(tmp_path_factory.mktemp("home") / "data")
    yield home
    home.destroy()


async def _drop(region: str) -> None:
    engine = create_async_engine(urls()[1], poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.execute(text(f"DROP SCHEMA IF EXISTS {schema_of(region)} CASCADE"))
    await engine.dispose()
