"""What a phone sends is kept while the consent lives, once, as exactly as was chosen, and no longer than wanted."""

import asyncio
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
from services.consents.errors import NoConsent
from services.identity.repository import set_merged
from services.locations.commands import choose, delete
from services.locations.queries import crowded_cells, latest_cell
from services.locations.upkeep import forget_old_locations
from tests.services.crowd import first_region
from tests.services.locating import HOME, MS, Located, carry_out, located, sample, wire
from tests.support.clock import MovableClock

MINUTE = timedelta(minutes=1)


async def choose_of(person: Located, resolution: int | None, keep_days: int = 30) -> None:
    async with person.runtime.database.writing(first_region(person.runtime), person.caller) as uow:
        await choose(uow, person.id, Choices(resolution, keep_days))


async def tidy(runtime: Runtime) -> None:
    async with runtime.database.writing(first_region(runtime)) as uow:
        await forget_old_locations(uow)


async def test_a_batch_taken_without_a_network_comes_late_and_out_of_order(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    person = await located(runtime)
    begun = clock.now()
    clock.move(days=2)
    moments = [begun + timedelta(hours=each) for each in (30, 2, 47, 0, 11)]
    body = {"samples": [wire(at) for at in moments]}
    answer = await client.post("/v1/me/locations", json=body, headers=await person.headers())
    assert answer.json() == {"results": ["kept"] * 5}
    later = {"samples": [wire(begun + timedelta(hours=20)), wire(moments[1])]}
    answer = await client.post("/v1/me/locations", json=later, headers=await person.headers())
    assert answer.json() == {"results": ["kept", "known"]}
    seen = await person.seen(client, limit=2)
    wanted = sorted([*moments, begun + timedelta(hours=20)], reverse=True)
    assert [datetime.fromisoformat(one["at"]) for one in seen] == wanted
    assert all(one["lat"] is None and h3.get_resolution(one["cell"]) == 7 for one in seen)


async def test_samples_are_told_one_by_one_why_they_were_refused(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    person = await located(runtime)
    given_at = clock.now()
    clock.move(hours=1)
    now = clock.now()
    moments = [given_at, given_at - MS, now + timedelta(minutes=2), now - timedelta(days=31), now, now]
    answer = await client.post(
        "/v1/me/locations", json={"samples": [wire(at) for at in moments]}, headers=await person.headers()
    )
    refused = ["outside_consent", "in_future", "outside_consent"]
    assert answer.json()["results"] == ["kept", *refused, "kept", "known"]
    assert await person.kept() == 2


async def test_without_a_consent_nothing_is_kept(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    person = await located(runtime, agreed=False)
    body = {"samples": [wire(clock.now())]}
    answer = await client.post("/v1/me/locations", json=body, headers=await person.headers())
    assert (answer.status_code, answer.json()["code"]) == (403, "no_consent")
    assert await person.kept() == 0


async def test_what_was_withdrawn_is_deleted_and_what_was_taken_before_is_refused_for_good(
    runtime: Runtime, clock: MovableClock
) -> None:
    person = await located(runtime)
    clock.move(minutes=10)
    taken = clock.now()
    await person.send([sample(taken)])
    await carry_out(runtime)
    clock.move(minutes=10)
    await person.withdraw()
    between = clock.now() + MINUTE
    clock.move(minutes=10)
    with pytest.raises(NoConsent):
        await person.send([sample(taken - MINUTE)])
    assert await carry_out(runtime) == [{"person_id": str(person.id)}]
    assert await person.kept() == 0
    await person.agree()
    told = await person.send([sample(taken - MINUTE), sample(between), sample(clock.now())])
    assert told == [Verdict.OUTSIDE_CONSENT, Verdict.OUTSIDE_CONSENT, Verdict.KEPT]


async def test_a_withdrawal_that_is_carried_out_late_spares_what_a_new_consent_is_for(
    runtime: Runtime, clock: MovableClock
) -> None:
    person = await located(runtime)
    clock.move(minutes=1)
    await person.send([sample(clock.now())])
    await person.withdraw()
    clock.move(minutes=1)
    await person.agree()
    clock.move(minutes=1)
    await person.send([sample(clock.now())])
    assert await person.kept() == 2
    await carry_out(runtime)
    assert await person.kept() == 1
    async with runtime.database.writing(first_region(runtime), person.caller) as uow:
        latest = await latest_cell(uow, person.id, Purpose.OWN_ACCESS)
    assert latest is not None
    assert latest.at == clock.now()


async def test_nothing_is_kept_past_a_withdrawal_that_comes_at_the_same_time(
    runtime: Runtime, second: Runtime, clock: MovableClock
) -> None:
    """Two processes: whatever is first, in the end there is nothing, and who came later was refused."""
    for _ in range(6):
        person = await located(runtime)
        clock.move(minutes=1)
        batches = [[sample(clock.now() - MS * (each * 10 + n)) for n in range(10)] for each in range(6)]
        ways = [person.send(batch, (runtime, second)[n % 2]) for n, batch in enumerate(batches)]
        told = await asyncio.gather(*ways[:3], person.withdraw(second), *ways[3:], return_exceptions=True)
        answers = [one for one in told if one is not None]
        assert all(isinstance(one, NoConsent) or set(one) == {Verdict.KEPT} for one in answers)  # type: ignore[arg-type]
        kept = sum(not isinstance(one, NoConsent) for one in answers)
        assert await person.kept() == 10 * kept
        with pytest.raises(NoConsent):
            await person.send(batches[0])
        await carry_out(runtime)
        assert await person.kept() == 0


async def test_the_same_batch_from_two_processes_at_once_is_kept_once(
    runtime: Runtime, second: Runtime, clock: MovableClock
) -> None:
    person = await located(runtime)
    clock.move(hours=1)
    batch = [sample(clock.now() - MS * n) for n in range(50)]
    told = await asyncio.gather(*(person.send(batch, each) for each in (runtime, second) * 4))
    assert sum(verdicts.count(Verdict.KEPT) for verdicts in told) == 50
    assert await person.kept() == 50


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


async def test_the_mirror_is_told_when_the_cell_changes_and_of_the_latest_only(
    runtime: Runtime, clock: MovableClock
) -> None:
    person = await located(runtime)
    begun = clock.now()
    clock.move(hours=1)
    here, there = (55.79, 49.12), (55.60, 49.30)
    await person.send([sample(begun + 2 * MINUTE, *here)])
    assert await carry_out(runtime) == [{"person_id": str(person.id)}]
    await person.send([sample(begun + 3 * MINUTE, *here), sample(begun + MINUTE, *there)])
    assert await carry_out(runtime) == []
    await person.send([sample(begun + 4 * MINUTE, *there)])
    assert await carry_out(runtime) == [{"person_id": str(person.id)}]
    async with runtime.database.writing(first_region(runtime), person.caller) as uow:
        latest = await latest_cell(uow, person.id, Purpose.OWN_ACCESS)
    assert latest is not None
    assert (latest.cell, latest.resolution) == (h3.latlng_to_cell(*there, 7), 7)
    assert latest.at == begun + 4 * MINUTE


async def test_one_sample_a_range_and_all_can_be_deleted(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    person = await located(runtime)
    begun = clock.now()
    clock.move(hours=1)
    await person.send([sample(begun + n * MINUTE) for n in range(10)])
    await person.send([sample(begun + n * MINUTE + MS) for n in range(10)])
    headers = await person.headers()
    seen = await person.seen(client)
    assert (await client.delete(f"/v1/me/locations/{seen[0]['id']}", headers=headers)).status_code == 204
    assert (await client.delete(f"/v1/me/locations/{seen[0]['id']}", headers=headers)).status_code == 404
    assert [one["id"] for one in await person.seen(client)] == [one["id"] for one in seen[1:]]
    async with runtime.database.writing(first_region(runtime), person.caller) as uow:
        latest = await latest_cell(uow, person.id, Purpose.OWN_ACCESS)
    assert latest is not None
    assert latest.at == datetime.fromisoformat(seen[1]["at"])
    span = {"since": (begun + 3 * MINUTE).isoformat(), "until": (begun + 6 * MINUTE).isoformat()}
    assert (await client.delete("/v1/me/locations", params=span, headers=headers)).json() == {"deleted": 6}
    assert len(await person.seen(client)) == 13
    assert (await client.delete("/v1/me/locations", headers=headers)).json() == {"deleted": 13}
    assert await person.seen(client) == []
    assert await person.send([sample(begun + MINUTE)]) == [Verdict.DELETED]
    async with runtime.database.writing(first_region(runtime), person.caller) as uow:
        assert await latest_cell(uow, person.id, Purpose.OWN_ACCESS) is None


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


async def test_another_person_sees_and_deletes_nothing_of_it(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    one, other = await located(runtime), await located(runtime)
    clock.move(minutes=1)
    await one.send([sample(clock.now())])
    (seen,) = await one.seen(client)
    assert await other.seen(client) == []
    answer = await client.delete(f"/v1/me/locations/{seen['id']}", headers=await other.headers())
    assert answer.status_code == 404
    assert await one.kept() == 1


async def test_the_application_makes_and_drops_no_months_itself(runtime: Runtime) -> None:
    schema = schema_of(first_region(runtime).code)
    for statement in (
        f"DROP TABLE {schema}.location_batches",
        f"CREATE TABLE {schema}.location_batches_2099_01 (a int)",
    ):
        with pytest.raises(Exception, match=r"permission denied|must be owner"):
            async with runtime.database.writing(first_region(runtime)) as uow:
                await uow.session.execute(text(statement))


@pytest.mark.parametrize(
    "wrong",
    [
        {"lat": 91},
        {"lon": -181},
        {"accuracy": -1},
        {"source": "clerk"},
        {"at": 1_790_000_000},
        {"at": "2026-09-01T10:00:00"},
        {"at": "2026-09-01"},
        {"at": "1989-09-01T10:00:00Z"},
        {"speed": 3},
    ],
)
async def test_a_sample_that_is_none_is_refused_with_the_whole_batch(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock, wrong: dict[str, object]
) -> None:
    person = await located(runtime)
    clock.move(minutes=1)
    body = {"samples": [wire(clock.now()), wire(clock.now()) | wrong]}
    answer = await client.post("/v1/me/locations", json=body, headers=await person.headers())
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert await person.kept() == 0


async def test_deleting_needs_no_consent(runtime: Runtime, clock: MovableClock) -> None:
    person = await located(runtime)
    clock.move(minutes=1)
    await person.send([sample(clock.now())])
    await person.withdraw()
    async with runtime.database.writing(first_region(runtime), person.caller) as uow:
        assert await delete(uow, person.id, since=None, until=None) == 1
