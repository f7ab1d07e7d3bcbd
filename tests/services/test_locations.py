"""What a phone sends is kept while the consent lives, once, as exactly as was chosen, and no longer than wanted."""

import asyncio
from datetime import datetime, timedelta

import h3
import httpx
import pytest

from app.domain.audit.purpose import Purpose
from app.domain.locations.samples import Verdict
from app.runtime import Runtime
from services.consents.errors import NoConsent
from services.locations.commands import delete
from services.locations.queries import latest_cell
from tests.services.crowd import first_region
from tests.services.locating import MS, carry_out, located, sample, wire
from tests.support.clock import MovableClock

MINUTE = timedelta(minutes=1)


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
    await carry_out(person)
    clock.move(minutes=10)
    await person.withdraw()
    between = clock.now() + MINUTE
    clock.move(minutes=10)
    with pytest.raises(NoConsent):
        await person.send([sample(taken - MINUTE)])
    assert await carry_out(person) == 1
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
    await carry_out(person)
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
        await carry_out(person)
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


async def test_the_mirror_is_told_when_the_cell_changes_and_of_the_latest_only(
    runtime: Runtime, clock: MovableClock
) -> None:
    person = await located(runtime)
    begun = clock.now()
    clock.move(hours=1)
    here, there = (55.79, 49.12), (55.60, 49.30)
    await person.send([sample(begun + 2 * MINUTE, *here)])
    assert await carry_out(person) == 1
    await person.send([sample(begun + 3 * MINUTE, *here), sample(begun + MINUTE, *there)])
    assert await carry_out(person) == 0
    await person.send([sample(begun + 4 * MINUTE, *there)])
    assert await carry_out(person) == 1
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
