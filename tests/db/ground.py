"""What tests of the database stand on: one region, reached as the application and as the owner of its tables."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest
from hypothesis import Phase, given, settings
from hypothesis.strategies import SearchStrategy
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from app.assembly import build_runtime
from app.db.engine import schema_of
from app.doctor import examine
from app.domain.region.policy import RegionPolicy
from app.runtime import Runtime
from app.settings import Settings
from migrations.run import enter_region
from tests.support.clock import MovableClock
from tests.support.server import urls

T = TypeVar("T")

NO_PRIVILEGE = "42501"
APPEND_ONLY = "23001"
CHECK = "23514"
EXCLUSION = "23P01"


@dataclass(frozen=True, slots=True)
class Ground:
    runtime: Runtime
    region: RegionPolicy
    owner: AsyncEngine

    @property
    def app(self) -> AsyncEngine:
        return self.runtime.database.engines.of(self.region.code)

    @property
    def schema(self) -> str:
        return schema_of(self.region.code)

    @asynccontextmanager
    async def as_migration(self) -> AsyncIterator[AsyncConnection]:
        """A connection as a migration has it. What is done on it is rolled back, unless committed."""
        async with self.owner.connect() as connection:
            await connection.run_sync(enter_region, self.region.code)
            await connection.commit()
            yield connection

    async def faults(self) -> list[str]:
        """Whatever the doctor finds wrong with the region."""
        return [fault for finding in await examine(self.runtime) for fault in finding.faults]

    async def close(self) -> None:
        await self.runtime.close()
        await self.owner.dispose()


def open_ground(region_code: str, data_dir: Path) -> Ground:
    app_url, owner_url = urls()
    runtime = build_runtime(
        Settings(database_url=app_url, data_dir=data_dir, regions=[region_code], pool_size=20),
        clock=MovableClock(),
    )
    owner = create_async_engine(
        owner_url,
        poolclass=NullPool,
        connect_args={"server_settings": {"search_path": f"{schema_of(region_code)},public"}},
    )
    return Ground(runtime, runtime.regions[region_code], owner)


async def run(engine: AsyncEngine, statement: str, **values: Any) -> None:
    async with engine.begin() as connection:
        await connection.execute(text(statement), values)


async def rows_of(engine: AsyncEngine, query: str, **values: Any) -> list[Any]:
    async with engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(query), values)]


async def refusal(engine: AsyncEngine, statement: str, **values: Any) -> tuple[str, str | None]:
    """SQLSTATE and constraint that the statement ends in; fails if it is let through."""
    with pytest.raises(DBAPIError) as caught:
        await run(engine, statement, **values)
    cause = getattr(caught.value.orig, "__cause__", None)
    return str(getattr(cause, "sqlstate", "")), getattr(cause, "constraint_name", None)


async def add_person(engine: AsyncEngine) -> UUID:
    person = uuid4()
    await run(engine, "INSERT INTO persons (id, created_at) VALUES (:id, now())", id=person)
    return person


async def add_pool(engine: AsyncEngine) -> tuple[UUID, UUID]:
    """A point with a pool of two counters."""
    point, pool = uuid4(), uuid4()
    await run(
        engine,
        """INSERT INTO points (id, code, kind, name, municipality, lat, lon, zone, languages, step_free, hours,
               open_on_holidays)
           VALUES (:id, CAST(:code AS text), 'office', '{}', '{}', 55.8, 49.1, 'Europe/Moscow', '{ru}', true, '{}',
               false)""",
        id=point,
        code=str(point),
    )
    await run(
        engine,
        "INSERT INTO pools (id, point_id, code, counters) VALUES (:id, :point, 'main', 2)",
        id=pool,
        point=point,
    )
    return point, pool


def run_script(connection: Connection, sql: str) -> None:
    """Many statements at once, as `migrations.script` sends them."""
    connection.exec_driver_sql("SELECT 1")
    driver_connection = connection.connection.dbapi_connection
    assert driver_connection is not None
    driver_connection.run_async(lambda driver: driver.execute(sql))


def examples(strategy: SearchStrategy[T], count: int = 1000) -> list[T]:
    """Hypothesis' examples as a list, for a database that is asked about all of them in one round trip."""
    drawn: list[T] = []

    @settings(max_examples=count, database=None, deadline=None, phases=[Phase.generate])
    @given(strategy)
    def draw(example: T) -> None:
        drawn.append(example)

    draw()
    assert len(drawn) >= count // 2
    return drawn
