"""What is stored of where people were: as exactly as they chose, sealed, and no longer than they wanted."""

from datetime import UTC, datetime, timedelta

import h3
import httpx
import pytest
from sqlalchemy import text

from app.db.engine import schema_of
from app.domain.audit.purpose import Purpose
from app.domain.locations.precision import Choices
from app.domain.locations.samples import Verdict
from app.runtime import Runtime
from migrations.catalogue import committed, guards_of
from services.identity.repository import set_merged
from services.locations.commands import choose
from services.locations.queries import crowded_cells, latest_cell
from services.locations.upkeep import forget_old_locations
from tests.services.crowd import first_region
from tests.services.locating import HOME, MS, Located, located, sample
from tests.support.clock import MovableClock

MINUTE = timedelta(minutes=1)


async def choose_of(person: Located, resolution: int | None, keep_days: int = 30) -> None:
    async with person.runtime.database.writing(first_region(person.runtime), person.caller) as uow:
        await choose(uow, person.id, Choices(resolution, keep_days))


async def tidy(runtime: Runtime) -> None:
    async with runtime.database.writing(first_region(runtime)) as uow:
        await forget_old_locations(uow)


async def test_a_cell_is_all_that_is_stored_where_a_cell_was_chosen(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    person = await located(runtime)
    await choose_of(person, None)
    clock.move(minutes=1)
    await person.send([sample(clock.now())])
    (exact,) = await person.seen(client)
    assert (exact["lat"], exact["lon"], exact["cell"]) == (*HOME, None)
    await choose_of(person, 8)
    clock.move(minutes=1)
    await person.send([sample(clock.now())])
    seen = await person.seen(client)
    wanted = h3.latlng_to_cell(*HOME, 8)
    assert [(one["lat"], one["lon"], one["cell"], one["resolution"]) for one in seen] == [(None, None, wanted, 8)] * 2
    await choose_of(person, None)
    assert await person.seen(client) == seen


async def test_what_lies_in_the_database_tells_no_place(runtime: Runtime, clock: MovableClock) -> None:
    """Acceptance 6: of everything that is stored of it, every byte."""
    person = await located(runtime)
    await choose_of(person, None)
    clock.move(minutes=1)
    await person.send([sample(clock.now() - MS * n, 55.7654321, 49.1234567) for n in range(40)])
    async with runtime.database.reading(first_region(runtime)) as uow:
        rows: list[str] = []
        for table in ("location_batches", "location_people", "outbox_events"):
            rows += (await uow.session.execute(text(f"SELECT to_jsonb(t)::text FROM {table} t"))).scalars().all()  # noqa: S608
    stored = " ".join(rows)
    cells = {h3.latlng_to_cell(55.7654321, 49.1234567, resolution) for resolution in range(16)}
    little_endian = [number.to_bytes(8, "little").hex() for number in (h3.str_to_int(cell) for cell in cells)]
    assert len(stored) > 1000
    assert not [sign for sign in ("55.76", "49.12", *cells, *little_endian) if sign in stored]


async def test_samples_are_kept_over_the_end_of_a_year_in_months_that_come_and_go(
    runtime: Runtime, clock: MovableClock
) -> None:
    region = first_region(runtime)
    clock.at = datetime(2026, 12, 31, 23, 50, tzinfo=UTC)
    person = await located(runtime)
    clock.move(minutes=20)
    told = await person.send([sample(clock.now() - n * MINUTE) for n in range(20)])
    assert set(told) == {Verdict.KEPT}
    asked = text("""
        SELECT tableoid::regclass::text, sum(samples) FROM location_batches WHERE person_id = :person
        GROUP BY 1 ORDER BY 1
    """)
    async with runtime.database.reading(region) as uow:
        rows = [tuple(row) for row in await uow.session.execute(asked, {"person": person.id})]
    assert rows == [("location_batches_2026_12", 9), ("location_batches_2027_01", 11)]
    clock.at = datetime(2027, 2, 3, tzinfo=UTC)
    await tidy(runtime)
    months = text("""
        SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'location_batches'::regclass ORDER BY 1
    """)
    async with runtime.database.reading(region) as uow:
        found = (await uow.session.execute(months)).scalars().all()
    assert [name.rpartition("batches_")[2] for name in found] == ["2027_01", "2027_02", "2027_03", "2027_04"]
    assert await person.kept() == 0


async def test_months_that_were_made_are_no_strangers_to_the_doctor(runtime: Runtime) -> None:
    await located(runtime)
    async with runtime.database.reading(first_region(runtime)) as uow:
        assert await guards_of(uow.session) == sorted(committed())


async def test_what_is_to_be_kept_for_a_day_is_deleted_after_it(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    brief, lasting = await located(runtime), await located(runtime)
    await choose_of(brief, 7, keep_days=1)
    clock.move(minutes=1)
    for person in (brief, lasting):
        await person.send([sample(clock.now())])
    clock.move(days=1, minutes=1)
    assert await brief.seen(client) == []
    assert await brief.send([sample(clock.now() - timedelta(days=1, minutes=1) + MS)]) == [Verdict.TOO_OLD]
    await tidy(runtime)
    assert (await brief.kept(), await lasting.kept()) == (0, 1)
    async with runtime.database.writing(first_region(runtime), brief.caller) as uow:
        assert await latest_cell(uow, brief.id, Purpose.OWN_ACCESS) is None


async def test_who_turned_out_to_be_another_leaves_no_places_behind(runtime: Runtime, clock: MovableClock) -> None:
    one, other = await located(runtime), await located(runtime)
    clock.move(minutes=1)
    await one.send([sample(clock.now())])
    async with runtime.database.writing(first_region(runtime)) as uow:
        await set_merged(uow, one.id, other.id)
    await tidy(runtime)
    assert await one.kept() == 0


async def test_of_fewer_than_ten_people_in_a_cell_nothing_is_told(runtime: Runtime, clock: MovableClock) -> None:
    far, alone = (54.50, 50.00), (54.90, 51.50)
    people = [await located(runtime) for _ in range(12)]
    clock.move(minutes=1)
    for person in people:
        await person.send([sample(clock.now(), *far)])
    lone = await located(runtime)
    clock.move(minutes=1)
    await lone.send([sample(clock.now(), *alone)])
    async with runtime.database.writing(first_region(runtime)) as uow:
        found = await crowded_cells(uow, 6)
    assert found.get(h3.latlng_to_cell(*far, 6)) == 10
    assert h3.latlng_to_cell(*alone, 6) not in found
    async with runtime.database.writing(first_region(runtime)) as uow:
        assert await crowded_cells(uow, 9) == {}


async def test_the_application_makes_and_drops_no_months_itself(runtime: Runtime) -> None:
    schema = schema_of(first_region(runtime).code)
    for statement in (
        f"DROP TABLE {schema}.location_batches",
        f"CREATE TABLE {schema}.location_batches_2099_01 (a int)",
    ):
        with pytest.raises(Exception, match=r"permission denied|must be owner"):
            async with runtime.database.writing(first_region(runtime)) as uow:
                await uow.session.execute(text(statement))
