"""The forecast of labour supply as the worker makes it: from rows of people, told of ten or more, once a week."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import text

from app.assembly import build_runtime
from app.db.unit_of_work import Reading
from app.domain.audit.purpose import Purpose
from app.domain.figures.periods import midnight
from app.domain.identity.caller import Caller, Role
from app.domain.pathways.rules import RuleBook
from app.errors import NotAllowed
from app.runtime import Runtime
from app.settings import Settings
from services.reports.counting import repository
from services.reports.forecasts import make_next, newest_forecast, patentless, steps_of
from tests.support.clock import MovableClock
from tests.support.server import fresh_region

WEEK = timedelta(days=7)
PERSON = """
    WITH one AS (INSERT INTO persons (id, created_at) VALUES (:id, :came)),
    two AS (INSERT INTO profiles (person_id, migrant_id, citizenship, created_at)
        VALUES (:id, upper(substr(md5(:text), 1, 12)), :citizenship, :came))
    INSERT INTO entries (id, person_id, number, entered_on, purpose, visa, created_at)
    VALUES (:id, :id, 1, :day, 'work', false, :came)
"""
STEP = """
    INSERT INTO step_events (id, person_id, step, kind, happened_on, expires_on, source, recorded_at)
    VALUES (:event, :id, :step, 'done', :day, :until, 'point', :at)
"""


@pytest.fixture(scope="module")
def code(own_settings: Settings, worker: str) -> str:
    """A region of its own: what is counted is of everybody in it."""
    fresh_region(f"f_{worker}")
    return f"f_{worker}"


@pytest_asyncio.fixture(scope="module")
async def empty(own_settings: Settings, code: str) -> AsyncIterator[tuple[Runtime, MovableClock]]:
    clock = MovableClock()
    runtime = build_runtime(own_settings.model_copy(update={"regions": [code]}), clock=clock)
    yield runtime, clock
    await runtime.close()


async def came(uow: Any, book: RuleBook, at: datetime, weeks: int | None, citizenship: str = "UZB") -> None:
    """Somebody who did a step a week and had the patent after so many, for a year; None: did nothing."""
    person = uuid4()
    values = {"id": person, "text": str(person), "came": at, "day": at.date(), "citizenship": citizenship}
    await uow.session.execute(text(PERSON), values)
    steps = [step for step in steps_of(book) if step != "collection"] + ["collection"]
    for number, step in enumerate(steps if weeks else ()):
        done = at + WEEK * (number * weeks // (len(steps) - 1) if weeks else 0)
        if done < uow.now:
            until = done.date() + timedelta(days=364) if step == "collection" else None
            event = {"event": uuid4(), "id": person, "step": step, "day": done.date(), "until": until, "at": done}
            await uow.session.execute(text(STEP), event)


async def test_a_forecast_is_made_once_a_week_and_tells_of_ten_or_more(empty: tuple[Runtime, MovableClock]) -> None:
    runtime, clock = empty
    region = next(iter(runtime.regions.values()))
    database, book = runtime.database, region.book
    monday = region.day_of(clock.now()) - timedelta(days=region.day_of(clock.now()).weekday())
    clock.at = midnight(monday, region.zone) + timedelta(hours=4)
    async with database.writing(region) as uow:
        for number in range(9):
            await came(uow, book, uow.now - 20 * WEEK, 5 + number % 2)
        assert await newest_forecast(uow) is None
    assert await make_next(database, region)
    async with database.reading(region) as reading:
        few = await newest_forecast(reading)
    assert few is not None
    assert few.lines == ()  # nine people

    clock.move(days=7)
    async with database.writing(region) as uow:
        for back in range(2, 30):
            for number in range(4):
                await came(uow, book, uow.now - back * WEEK, 5 + number % 2)
        for _ in range(30):
            await came(uow, book, uow.now - 10 * WEEK, 0, "KGZ")  # needs no patent
    assert await make_next(database, region)
    assert not await make_next(database, region)
    async with database.reading(region) as reading:
        found = await newest_forecast(reading)
        assert found is not None
    assert len(found.lines) == 12
    now = 9 + 4 * 23
    assert abs(found.lines[0].people - now) <= 15
    assert found.lines[-1].people > found.lines[0].people + 20
    for line in found.lines:
        assert line.low <= line.people <= line.high
        assert not line.people % 5
        assert line.occupations == ("unknown",)

    async with database.writing(region) as uow:
        for _ in range(20):
            await came(uow, book, uow.now - 12 * WEEK, 5)
    assert not await make_next(database, region)
    async with database.reading(region) as reading:
        assert await newest_forecast(reading) == found  # what was told stays


async def test_nobody_who_calls_reads_what_it_is_counted_from(empty: tuple[Runtime, MovableClock]) -> None:
    runtime, clock = empty
    region = next(iter(runtime.regions.values()))
    caller = Caller(uuid4(), Role.REGION_OPERATOR, uuid4())

    async def read(uow: Reading, purpose: Purpose) -> None:
        asked: dict[str, Any] = {
            "since": clock.now(),
            "until": clock.now(),
            "monday": clock.now().date(),
            "free": patentless(region.book),
            "steps": steps_of(region.book),
            "grants": "collection",
        }
        await repository.rows(uow, purpose, "people", **asked)

    async with runtime.database.reading(region, caller) as uow:
        with pytest.raises(NotAllowed):
            await read(uow, Purpose.STATISTICS)
    async with runtime.database.reading(region) as uow:
        with pytest.raises(NotAllowed):
            await read(uow, Purpose.OWN_ACCESS)
        await read(uow, Purpose.STATISTICS)


def test_what_needs_no_patent_and_what_a_patent_needs(empty: tuple[Runtime, MovableClock]) -> None:
    book = next(iter(empty[0].regions.values())).book
    assert {"RUS", "KGZ", "BLR", "KAZ", "ARM"} == set(patentless(book))
    assert {"registration", "medical", "exam", "application", "collection"} <= set(steps_of(book))
