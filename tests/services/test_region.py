"""The operator's dashboards tell where people are stuck, and of nobody: attacks on what the API answers."""

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.assembly import build_runtime
from app.demo.seed import seed
from app.domain.disclosure.opening import K
from app.domain.disclosure.rounding import BASE
from app.domain.identity.caller import Role
from app.settings import Settings
from services.region import repository
from services.region.gathering import ground_of
from tests.adapters.test_smtp import listening
from tests.conftest import UNHURRIED
from tests.services.archive import TABLES, Archive, Document, archive_of
from tests.services.asking import everything, world_of
from tests.services.attacker import Attacker
from tests.services.crowd import first_region
from tests.services.offices import client_of
from tests.services.seasons import DASHBOARDS, WEEKS, Json, Region
from tests.support.clock import MovableClock
from tests.support.server import fresh_region, urls

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(worker: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    code = f"figures_{worker}"
    fresh_region(code)
    app_url, owner_url = urls()
    folder = tmp_path_factory.mktemp("figures")
    return Settings(database_url=app_url, owner_database_url=owner_url, data_dir=folder, regions=[code], **UNHURRIED)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def region(made: Settings) -> AsyncIterator[Region]:
    """A few thousand people, so few a week at some points that much has to be kept back."""
    clock = MovableClock()
    runtime = build_runtime(made, clock=clock)
    await seed(runtime, made.data_dir, lambda _done, _all: None)
    async with client_of(runtime) as client:
        here = Region(runtime, client, clock)
        await here.fill(days=2, people=WEEKS * 100)
        assert await here.tell() > WEEKS
        yield here
    await runtime.close()


def keyed(items: list[Json], number: str) -> dict[str, int]:
    """The numbers of a dashboard's rows by what the rows are about."""
    sums: defaultdict[str, int] = defaultdict(int)
    for item in items:
        about = {name: value for name, value in item.items() if isinstance(value, list) and name != "spans"}
        about |= {name: value for name, value in item.items() if name in {"weeks", "week", "month", "entered_on"}}
        sums[str(sorted(about.items()))] += item[number] or 0
    return sums


NUMBERS = {
    "funnel": ("people",),
    "finish-times": ("people", "finished"),
    "deadlines": ("people", "at_risk", "missed"),
    "load": ("visits", "timed"),
    "places": ("visits", "told", "missed"),
    "labour-supply": ("began", "allowed"),
    "flows": ("people",),
}


async def test_every_dashboard_tells_something_and_never_of_fewer_than_ten(region: Region) -> None:
    for name in DASHBOARDS:
        items = await region.get(name)
        assert items or name == "bottlenecks", name
        for number in NUMBERS.get(name, ()):
            told = [item[number] for item in items if item[number]]
            assert all(value >= K and value % BASE == 0 for value in told), (name, number)
    kpis = {item["kpi"]: item for item in await region.get("kpis", weeks=5)}
    assert kpis["legalisation_days"]["value"] > 7
    cells = await region.get("cells", weeks=5)
    came = [cell for cell in cells if cell["where"].get("outcome") == ["came"]]
    out = sum(
        cell["count"] for cell in came if not {"course", "legal_help"}.issuperset(cell["where"].get("service", [""]))
    )
    granted = sum(cell["count"] for cell in cells if cell["where"].get("right") == ["patent"])
    assert kpis["visits_per_permit"]["value"] == round(out / granted, 2)
    assert kpis["legalisation_days"]["unknown"] is None
    filled = kpis["vacancies_filled"]
    assert (filled["value"], filled["unknown"]) == (None, "not_recorded")  # not: too few people, as a bare null says


async def test_two_filters_subtracted_leave_crowds(region: Region) -> None:
    """A week more or less is a week's cells: nobody, or ten people and more."""
    for name, numbers in NUMBERS.items():
        span = "months" if name == "flows" else "weeks"
        answers = [await region.get(name, **{span: count}) for count in range(1, 6)]
        for number in numbers:
            for fewer, more in pairwise(answers):
                less, whole = keyed(fewer, number), keyed(more, number)
                for row in less.keys() | whole.keys():
                    left = whole.get(row, 0) - less.get(row, 0)
                    assert left == 0 or left >= K, (name, number, row)


async def test_what_is_told_once_stays_whatever_becomes_known(region: Region) -> None:
    """Two dates: some visits of a week that was told are struck out and others given another outcome, and three people
    are deleted; the week is told as before, and the next ones only add cells or part them."""
    before = await region.get("cells", weeks=WEEKS)
    driver = await region.driver()
    monday = date.fromisoformat(max(cell["starts_on"] for cell in before if cell["family"] == "visits"))
    changed = await driver.execute(
        "UPDATE bookings SET status = 'cancelled' WHERE id IN (SELECT id FROM bookings WHERE day >= $1 LIMIT 3)", monday
    )
    assert changed == "UPDATE 3"
    await driver.execute("DELETE FROM step_events WHERE person_id IN (SELECT person_id FROM entries LIMIT 3)")
    await driver.close()
    assert await region.get("cells", weeks=WEEKS) == before
    await region.next_week()
    after = await region.get("cells", weeks=WEEKS + 1)
    for period in {(cell["family"], cell["starts_on"]) for cell in before}:
        old = [cell for cell in before if (cell["family"], cell["starts_on"]) == period]
        new = [cell for cell in after if (cell["family"], cell["starts_on"]) == period]
        for cell in old:
            parts = [part for part in new if cell["where"].items() <= part["where"].items()]
            assert sum(part["count"] for part in parts) == cell["count"]
            assert all(part["count"] >= K for part in parts)
        assert sum(cell["count"] for cell in old) == sum(cell["count"] for cell in new)


async def test_marginals_of_a_joined_export_are_sums_of_crowds(region: Region) -> None:
    """All cells of all families, added up by every attribute and by every two: what any pair of such sums of the same
    period leaves is again nobody or a crowd."""
    cells = await region.get("cells", weeks=WEEKS)
    by_period: defaultdict[tuple[str, str], list[Json]] = defaultdict(list)
    for cell in cells:
        by_period[cell["family"], cell["starts_on"]].append(cell)
    assert len({family for family, _ in by_period}) == 4
    for period in by_period.values():
        sums: dict[frozenset[int], int] = {}
        for name in {name for cell in period for name in cell["where"]}:
            for value in {str(cell["where"].get(name)) for cell in period}:
                inside = frozenset(n for n, cell in enumerate(period) if str(cell["where"].get(name)) == value)
                sums[inside] = sum(period[n]["count"] for n in inside)
        for some, larger in ((a, b) for a in sums for b in sums if a < b):
            assert sums[larger] - sums[some] >= K


async def test_places_and_hours_are_made_of_the_cells_alone(region: Region) -> None:
    cells = [cell for cell in await region.get("cells", weeks=4) if cell["family"] == "visits"]
    assert sum(row["visits"] for row in await region.get("places", weeks=4)) == sum(cell["count"] for cell in cells)
    came = [cell for cell in cells if cell["where"].get("outcome") == ["came"]]
    assert sum(row["visits"] for row in await region.get("load", weeks=4)) == sum(cell["count"] for cell in came)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def attacker(region: Region) -> Attacker:
    cells = [cell for cell in await region.get("cells", weeks=2) if cell["family"] == "visits"]
    async with region.runtime.database.reading(first_region(region.runtime)) as uow:
        return Attacker(cells, await ground_of(uow))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_random_attacker_pins_no_group_of_people_down(attacker: Attacker, data: st.DataObject) -> None:
    """By linear programming over everything that is told: of no group that one can name it follows that it has one to
    nine people."""
    corner = data.draw(st.sampled_from(attacker.corners))
    named = data.draw(st.sets(st.sampled_from(sorted(corner)), min_size=1))
    least, most = attacker.bounds({name: corner[name] for name in named})
    assert np.ceil(least - 1e-6) < 1 or np.floor(most + 1e-6) >= K


async def test_the_worker_alone_counts_and_tells_openly_that_it_did(region: Region) -> None:
    answer = await region.client.get("/v1/figures/releases", params={"weeks": 3})
    items = answer.json()["items"]
    assert {item["family"] for item in items} == {"visits", "permits"}
    assert all("152-FZ" in item["ground"] for item in items)
    denied = await region.client.get("/v1/region/cells", headers=await region.headers(Role.AUDITOR))
    assert denied.status_code == 403


async def test_a_release_cannot_be_changed_and_holds_nobodys_identifier(region: Region) -> None:
    async with region.runtime.database.reading(first_region(region.runtime)) as uow:
        rows = await repository.releases(uow, "visits", date.min, date.max)
        told = str([row.cells for row in rows])
    driver = await region.driver()
    with pytest.raises(Exception, match="figure_releases"):
        await driver.execute("UPDATE figure_releases SET cells = '[]'")
    people: list[Any] = await driver.fetch("SELECT person_id::text AS id FROM entries LIMIT 500")
    await driver.close()
    assert not any(person["id"] in told for person in people)


async def test_a_baseline_year_stands_beside_what_is_measured(region: Region) -> None:
    for value in (40.0, 36.0):
        body = {"kpi": "legalisation_days", "year": 2024, "value": value, "source": "the region's report of 2024"}
        answer = await region.client.post("/v1/region/baselines", json=body, headers=await region.headers())
        assert answer.status_code == 204, answer.text
        region.clock.at += timedelta(seconds=1)
    row = next(item for item in await region.get("kpis", weeks=5) if item["kpi"] == "legalisation_days")
    assert (row["baseline"]["year"], row["baseline"]["value"]) == (2024, 36.0)
    assert row["change"] == pytest.approx(row["value"] / 36 - 1, abs=0.001)
    wrong = await region.client.post(
        "/v1/region/baselines", json=body | {"kpi": "people_of_risk"}, headers=await region.headers()
    )
    assert wrong.status_code == 422


# What follows has the reports too: as data, as files, by e-mail, and what is played with them.


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def archive(region: Region) -> Archive:
    """All that one can have at two dates, a week apart; and what a question to the simulator is played with."""
    found = await archive_of(region)
    async with listening() as letters:
        await found.subscribe(letters)
        for _ in range(2):
            await found.fetch(letters)
            found.worlds.append(await world_of(found, counters=1))
            await region.next_week()
    return found


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_random_attacker_subtracts_whatever_two_files_tell(archive: Archive, data: st.DataObject) -> None:
    """Dashboards with other filters, reports as data, CSV, workbook and letter, of two dates: any rows of one, added
    up, less the same rows of another that is of a part of its time, are nobody or a crowd.
    """
    larger = data.draw(st.sampled_from(archive.documents), label="larger")
    smaller = data.draw(st.sampled_from([one for one in archive.documents if larger.holds(one)]), label="smaller")
    rows = sorted(larger.rows.keys() | smaller.rows.keys())
    named = data.draw(st.sets(st.sampled_from(rows), min_size=1) if rows else st.just(set()), label="rows")
    left = sum(larger.rows.get(row, 0) - smaller.rows.get(row, 0) for row in named)
    assert left == 0 or (left >= K and left % BASE == 0)


async def test_files_and_letters_tell_what_the_dashboards_tell(archive: Archive) -> None:
    """A joined export: tables of the same days are the same wherever they were had, and there are some of each kind."""
    same: defaultdict[tuple[object, ...], list[Document]] = defaultdict(list)
    for one in archive.documents:
        same[one.table, one.since, one.until].append(one)
    for documents in same.values():
        assert all(one.rows == documents[0].rows for one in documents), documents[0].table
    assert {one.table for one in archive.documents if any(one.rows.values())} == TABLES.keys()
    assert {one.source for one in archive.documents} == {"dashboard", "data", "csv", "xlsx", "letter"}


async def test_a_what_if_is_played_with_a_mean_of_crowds_and_public_plans(archive: Archive) -> None:
    """What it knows of people is one number, in tens, made of cells that are told anyhow; whoever asks again, for
    another change too, gets no fresh chance out of it: it differs in the change alone."""
    region = archive.region
    cells = [cell for cell in await region.get("cells", weeks=16) if cell["family"] == "journeys"]
    for week, world in enumerate(archive.worlds):
        until = date.fromisoformat(world["start"]) - timedelta(weeks=3)
        told = [cell for cell in cells if until - timedelta(weeks=8) <= date.fromisoformat(cell["starts_on"]) < until]
        mine = [cell["count"] for cell in told if "patent" in cell["where"].get("kind", ["patent"])]
        assert world["a_week"] == round(sum(mine) / len({cell["starts_on"] for cell in told}), -1), week
        assert set(world) == {"places", "a_week", "start", "zone", "calendar", "change"}
    asked = [await world_of(who, counters=by) for who, by in ((archive, 1), (await archive_of(region), 2))]
    for world in asked:
        assert {**world, "change": None} == {**asked[0], "change": None}


async def test_reports_and_what_ifs_know_nothing_but_what_was_told(archive: Archive, made: Settings) -> None:
    """Everything that anybody did is taken out of the region; a process that has nothing in memory answers every route
    of reports, each table and file, and a question to the simulator, as before."""
    before = await everything(archive)
    driver = await archive.region.driver()
    for statement in ("UPDATE bookings SET status = 'cancelled'", "DELETE FROM tickets", "DELETE FROM step_events"):
        assert not (await driver.execute(statement)).endswith(" 0")
    await driver.close()
    runtime = build_runtime(made, clock=archive.region.clock)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(client_of(runtime))
        stack.push_async_callback(runtime.close)
        fresh = Archive(Region(runtime, client, archive.region.clock), archive.caller)
        assert await everything(fresh) == before
