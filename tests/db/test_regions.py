"""Regions share a database and nothing else; migrations may run again, and at the same time."""

import asyncio
import os
import sys
from dataclasses import replace

import pytest
from sqlalchemy import text

from app.db.engine import schema_of
from app.db.unit_of_work import Database
from app.domain.region.policy import RegionPolicy
from migrations.run import _TURN, upgrade
from services.audit.commands import record_change
from tests.db.ground import Ground, add_person, rows_of, run
from tests.support.server import fresh_region, urls

_CATALOGUE = """
    SELECT CAST(c.oid AS bigint), relname, relkind, relfilenode FROM pg_class c
    WHERE relnamespace = current_schema()::regnamespace
    UNION ALL SELECT CAST(p.oid AS bigint), proname, prokind, 0 FROM pg_proc p
    WHERE pronamespace = current_schema()::regnamespace
    UNION ALL SELECT CAST(t.oid AS bigint), tgname, tgenabled, 0 FROM pg_trigger t
    JOIN pg_class c ON c.oid = tgrelid WHERE relnamespace = current_schema()::regnamespace
    ORDER BY 1
"""


@pytest.fixture(scope="module")
def second_code(worker: str) -> str:
    code = f"d_{worker}_regions_2"
    fresh_region(code)
    return code


async def test_what_is_written_in_one_region_is_not_seen_in_another(ground: Ground, second_code: str) -> None:
    person = await add_person(ground.app)
    second = ground.runtime.database.engines.of(second_code)
    query = "SELECT count(*) FROM persons WHERE id = :person"
    assert await rows_of(ground.app, query, person=person) == [(1,)]
    assert await rows_of(second, query, person=person) == [(0,)]
    await run(second, "INSERT INTO persons (id, created_at) VALUES (:person, now())", person=person)
    await run(second, "DELETE FROM persons")
    assert await rows_of(ground.app, query, person=person) == [(1,)]


async def test_a_regions_chain_does_not_count_in_another(ground: Ground, second_code: str) -> None:
    person = await add_person(ground.app)
    database: Database = ground.runtime.database
    second: RegionPolicy = replace(ground.region, code=second_code)
    for region in (ground.region, second, ground.region):
        async with database.writing(region) as uow:
            await record_change(uow, person, "seen_here")
    seqs = "SELECT seq FROM audit_entries WHERE person_id = :person ORDER BY seq"
    assert await rows_of(database.engines.of(second_code), seqs, person=person) == [(1,)]
    assert await rows_of(ground.app, seqs, person=person) == [(1,), (2,)]


async def test_migrating_again_changes_nothing(ground: Ground) -> None:
    person = await add_person(ground.app)
    before = await rows_of(ground.owner, _CATALOGUE)
    await upgrade(urls()[1], [ground.region.code])
    assert await rows_of(ground.owner, _CATALOGUE) == before
    assert len(before) > 50
    count = "SELECT count(*) FROM persons WHERE id = :person"
    assert await rows_of(ground.app, count, person=person) == [(1,)]


_MIGRATE = (
    "import asyncio, os, sys; from migrations.run import upgrade; asyncio.run(upgrade(os.environ['URL'], sys.argv[1:]))"
)
_WAITING = """
    SELECT count(*) FROM pg_locks
    WHERE locktype = 'advisory' AND NOT granted AND CAST(objid AS bigint) = :turn
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


async def test_two_processes_that_migrate_at_once_both_succeed(ground: Ground, worker: str) -> None:
    code = f"d_{worker}_regions_3"
    async with ground.owner.connect() as turn:
        await turn.execute(text(f"DROP SCHEMA IF EXISTS {schema_of(code)} CASCADE"))
        await turn.commit()
        # Both are let go at one moment: whoever is first, the other finds the work done.
        await turn.execute(text("SELECT pg_advisory_lock(:turn)"), {"turn": _TURN})
        both = [await _migrating(code) for _ in range(2)]
        async with asyncio.timeout(60):
            while await turn.scalar(text(_WAITING), {"turn": _TURN}) < 2:
                assert all(process.returncode is None for process in both)
                await asyncio.sleep(0.05)
    for process in both:
        _, complaint = await asyncio.wait_for(process.communicate(), 60)
        assert (process.returncode, complaint.decode()) == (0, "")
    tables = await rows_of(ground.owner, "SELECT to_regclass(:name) IS NOT NULL", name=f"{schema_of(code)}.bookings")
    assert tables == [(True,)]


async def _migrating(code: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _MIGRATE,
        code,
        env={**os.environ, "URL": urls()[1]},
        stderr=asyncio.subprocess.PIPE,
    )
