"""Files for agencies: made by workers batch by batch, signed, with an entry for each person, and stopped at once."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.db.locks import lock_person
from app.db.unit_of_work import Writing
from app.domain.audit.purpose import Purpose
from app.domain.exchange.terms import Datum
from app.domain.pathways.rules import EntryPurpose
from app.domain.region.policy import RegionPolicy
from app.models.exchange import ExchangeFile, ExchangeItem
from app.runtime import Runtime
from app.wire.bodies import canonical, digest_of
from services.audit.queries import broken_chains
from services.exchange import own
from services.exchange.errors import OutsideAgreement
from services.exchange.feeds.running import drop_old_files
from services.profiles.commands import Crossing, add_entry
from tests.services.exchanging import BATCH, Office
from tests.support.clock import MovableClock


@pytest_asyncio.fixture
async def office(runtime: Runtime, region: RegionPolicy) -> AsyncIterator[Office]:
    made = Office(runtime, region)
    async with runtime.database.writing(region) as uow:
        await uow.session.execute(text("DELETE FROM exchange_feeds"))
    await made.open()
    yield made
    async with runtime.database.reading(region) as reading:
        assert await broken_chains(reading) == []


async def test_a_run_makes_signed_files_and_an_entry_for_each_person(office: Office, clock: MovableClock) -> None:
    people = await office.crowd(BATCH + 3)
    hidden = await office.crowd(1, purpose="asylum") + await office.crowd(1, citizenship="XXB")
    agreement = await office.agree()
    while await office.run():
        pass
    first, last = await office.files()
    assert [file.number for file in (first, last)] == [1, 2]
    assert await office.inside() == people
    assert await office.told(people + hidden) == [1] * len(people) + [0, 0]
    fetched = await office.fetch(first.id)
    stated = await office.manifest(fetched)
    assert (stated["agreement"], stated["version"], stated["last"]) == (str(agreement), 1, False)
    assert stated["ground"] == "115-FZ art. 5"
    assert stated["items"] == [digest_of(canonical(item)).hex() for item in fetched.items]
    assert sorted(fetched.items[0]["data"]) == ["migrant_id", "name", "steps_done"]
    assert fetched.items[0]["data"]["steps_done"][0]["step"] == office.step
    assert (await office.manifest(await office.fetch(last.id)))["last"]
    # The next run is a day later; ten days later nothing of this one is here.
    assert not await office.run()
    clock.move(hours=24)
    assert await office.run()
    assert await office.told(people[:1]) == [2]
    clock.move(days=9)
    async with office.database.writing(office.region) as uow:
        await drop_old_files(uow)
    async with office.database.reading(office.region) as reading:
        query = select(func.count()).select_from(ExchangeFile).where(ExchangeFile.id.in_([first.id, last.id]))
        assert await reading.session.scalar(query) == 0


async def test_a_feed_in_flight_stops_at_the_next_batch_once_the_agreement_is_revoked(office: Office) -> None:
    people = await office.crowd(2 * BATCH + 1)
    agreement = await office.agree()
    assert await office.run()
    await office.revoke(agreement)
    while await office.run():
        pass
    assert await office.told(people) == [1] * BATCH + [0] * (BATCH + 1)
    # What waited is gone too.
    assert await office.files() == []


async def blocked_by(uow: Writing) -> int:
    """How many connections wait for this one."""
    query = text("SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))")
    return int(await uow.session.scalar(query) or 0)


@pytest.mark.parametrize("changed", [False, True])
async def test_a_revocation_or_change_while_a_batch_is_under_way_waits_for_it_and_stops_the_run(
    office: Office, second: Runtime, *, changed: bool
) -> None:
    people = await office.crowd(2 * BATCH)
    agreement = await office.agree()
    elsewhere = Office(second, office.region)
    elsewhere.first, elsewhere.second = office.first, office.second
    async with second.database.writing(office.region) as uow:
        # The batch comes as far as the second of its people.
        await lock_person(uow, people[1])
        batch = asyncio.create_task(office.run())
        while not await blocked_by(uow):  # noqa: ASYNC110 — the database tells nobody
            await asyncio.sleep(0.01)
        # Another worker comes by meanwhile: the feed is taken.
        assert not await elsewhere.run()
        narrower = {"fields": frozenset({Datum.NAME}), "steps": (), "codes": ("another",)}
        ending = elsewhere.change(agreement, **narrower) if changed else elsewhere.revoke(agreement)
        ended = asyncio.create_task(ending)
        await asyncio.sleep(0.1)
        assert not ended.done()
        assert not batch.done()
    await asyncio.gather(batch, ended)
    assert await office.told(people) == [1] * BATCH + [0] * BATCH
    while await office.run():
        pass
    assert await office.told(people) == [1] * BATCH + [0] * BATCH
    assert await office.inside() == []


async def test_two_workers_never_give_one_person_twice(office: Office, second: Runtime) -> None:
    people = await office.crowd(3 * BATCH + 1)
    await office.agree()
    other = Office(second, office.region)

    async def work(one: Office) -> None:
        for _ in range(5):
            await one.run()

    await asyncio.gather(work(office), work(other))
    while await office.run():  # who found the other at work went away
        pass
    assert await office.told(people) == [1] * len(people)
    assert await office.inside() == people


async def test_a_change_begins_anew_by_its_own_terms_and_what_was_made_before_is_not_handed_out(
    office: Office,
) -> None:
    await office.crowd(BATCH + 1)
    agreement = await office.agree()
    assert await office.run()
    [made] = await office.files()
    await office.change(agreement, fields=frozenset({Datum.MIGRANT_ID}), steps=())
    with pytest.raises(OutsideAgreement):
        await office.fetch(made.id)
    while await office.run():
        pass
    told = [item["data"] for file in await office.files() for item in (await office.fetch(file.id)).items]
    assert len(told) == BATCH + 1
    assert {tuple(data) for data in told} == {("migrant_id",)}
    assert {file.version for file in await office.files()} == {2}


async def test_a_file_hands_out_what_may_still_be_told_when_it_is_fetched(office: Office) -> None:
    erased, seeking, staying = await office.crowd(3)
    await office.agree()
    await office.run()
    [file] = await office.files()
    async with office.database.writing(office.region) as uow:
        entered = uow.region.day_of(uow.now)
        await add_entry(uow, seeking, Crossing(entered, EntryPurpose.ASYLUM))
        shown = await own.own(uow, erased, Purpose.OWN_ACCESS)
        assert [row["data"]["steps_done"][0]["step"] for row in shown["exchange_items"]] == [office.step]
        await own.erase(uow, erased)
    fetched = await office.fetch(file.id)
    assert len((await office.manifest(fetched))["items"]) == 3
    assert len(fetched.items) == 1
    async with office.database.reading(office.region) as reading:
        [item] = await reading.session.scalars(select(ExchangeItem).where(ExchangeItem.person_id == staying))
        assert b"migrant_id" not in item.sealed
    assert "migrant_id" in json.dumps(fetched.items)


async def test_nobody_changes_a_wording_or_what_was_counted_or_passes_their_own(office: Office) -> None:
    agreement = await office.agree()
    mine = {"agreement": agreement}
    for statement, named in (
        ("UPDATE agreement_versions SET fields = '{inn}' WHERE agreement_id = :agreement", mine),
        ("UPDATE agreement_versions SET approved_by = proposed_by WHERE agreement_id = :agreement", mine),
        ("UPDATE agreements SET agency_id = agency_id", {}),
        ("DELETE FROM agreement_versions", {}),
        ("DELETE FROM exchange_uses", {}),
        ("UPDATE lawful_requests SET categories = '{inn}'", {}),
        ("DELETE FROM lawful_requests", {}),
        ("DELETE FROM deputies", {}),
    ):
        with pytest.raises(DBAPIError):
            async with office.database.writing(office.region) as uow:
                await uow.session.execute(text(statement), named)
