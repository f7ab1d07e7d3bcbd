import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import text

from app.runtime import Runtime
from tests.processes.commands import manzil
from tests.processes.copies import Copy
from tests.services.crowd import first_region

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

LEDGER = "Does the capacity ledger equal the bookings?"
ONE_MORE = """
    UPDATE capacity_days SET used = ticks_changed(used, 0, 2, :change)
    WHERE (pool_id, day) = (SELECT pool_id, day FROM capacity_days WHERE used[1] = :before AND capacity[1] > 0
                            AND used[2] = :before ORDER BY day DESC, pool_id LIMIT 1)
    RETURNING pool_id, day
"""


@pytest_asyncio.fixture
async def runtime(made_copy: Copy) -> AsyncIterator[Runtime]:
    async with made_copy.runtime() as runtime:
        yield runtime


async def test_the_doctor_says_in_words_that_the_ledger_is_off_and_ends_with_1(
    made_copy: Copy, runtime: Runtime
) -> None:
    assert manzil(made_copy.env, "doctor").returncode == 0
    async with runtime.database.writing(first_region(runtime)) as uow:
        pool_id, day = (await uow.session.execute(text(ONE_MORE), {"change": 1, "before": 0})).one()
    try:
        told = manzil(made_copy.env, "doctor")
        as_json = manzil(made_copy.env, "doctor", "--json")
    finally:
        async with runtime.database.writing(first_region(runtime)) as uow:
            back = (await uow.session.execute(text(ONE_MORE), {"change": -1, "before": 1})).one()
    assert tuple(back) == (pool_id, day)
    assert told.returncode == 1
    assert f"no   {LEDGER}" in told.stdout
    assert f"pool {pool_id}, {day}: the ledger counts 2 ticks where bookings take 0" in told.stdout
    assert as_json.returncode == 1
    findings = [json.loads(line) for line in as_json.stdout.splitlines()]
    assert [finding["question"] for finding in findings if finding["faults"]] == [LEDGER]
    assert manzil(made_copy.env, "doctor").returncode == 0


async def test_the_doctor_asks_for_a_migration_where_there_was_none(made_copy: Copy) -> None:
    unknown = made_copy.env | {"MANZIL_REGIONS": f'["{made_copy.region}_none"]'}
    told = manzil(unknown, "doctor")
    assert told.returncode == 1
    assert "manzil migrate" in told.stdout
    assert "Traceback" not in told.stderr
