"""Counters are what is sold, not services: whatever draws on them, by whatever process, there are never more."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from app.runtime import Runtime
from services.bookings.queries import ledger_faults
from tests.services.crowd import first_region, newcomers, place_body, token_of
from tests.services.offices import Office, client_of, open_office, workday

COUNTERS = 3


@pytest_asyncio.fixture
async def clients(runtime: Runtime, second: Runtime) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Two processes."""
    async with client_of(runtime) as here, client_of(second) as there:
        yield [here, there]


@pytest_asyncio.fixture
async def office(runtime: Runtime, clients: list[httpx.AsyncClient]) -> AsyncIterator[Office]:
    """Three counters that give two services of different length."""
    office = await open_office(runtime, clients[0], counters=COUNTERS)
    read = await office.plan()
    read["plan"]["pools"][0]["services"] = [
        {"service": "fingerprints", "minutes": 20, "every": 10},
        {"service": "medical", "minutes": 40, "every": 20},
    ]
    await office.change(read)
    yield office
    async with runtime.database.reading(first_region(runtime)) as uow:
        assert await ledger_faults(uow) == []


async def taken_at_once(
    office: Office, clients: list[httpx.AsyncClient], wanted: list[tuple[str, str]], path: str
) -> list[tuple[str, str]]:
    """Everybody asks at the same time, each for one (service, local time); who got it."""
    day = workday(office.today)
    starts = {
        (service, item["starts_at"][11:16]): item["starts_at"]
        for service in ("medical", "fingerprints")
        for item in (await office.get(f"/days/{day}", service=service))["items"]
    }
    tokens = [await token_of(office.runtime, person) for person in await newcomers(office.runtime, len(wanted))]

    async def ask(n: int) -> int:
        service, wall = wanted[n]
        body = place_body(service, office.made.point_id, office.runtime.database.clock.now())
        body["starts_at"] = starts[wanted[n]]
        headers = {"Authorization": f"Bearer {tokens[n]}"}
        answer = await clients[n % 2].post(path, json=body, headers=headers)
        assert answer.status_code == 201 or answer.json()["code"] == "place_taken", (wall, answer.text)
        return answer.status_code

    answers = await asyncio.gather(*(ask(n) for n in range(len(wanted))))
    return [each for each, status in zip(wanted, answers, strict=True) if status == 201]


@pytest.mark.parametrize("path", ["/v1/holds", "/v1/bookings"])
async def test_a_pool_of_any_counters_sells_as_many_as_it_has(
    office: Office, clients: list[httpx.AsyncClient], path: str
) -> None:
    """Case 2: nobody is given a certain counter before the day, and still there are never more than counters."""
    taken = await taken_at_once(office, clients, [("medical", "10:00")] * 16, path)
    assert len(taken) == COUNTERS
    free = await office.free(workday(office.today))
    assert "10:00" not in free
    assert (free["09:20"], free["10:40"]) == (COUNTERS, COUNTERS)


async def test_two_services_of_the_same_counters_share_them(office: Office, clients: list[httpx.AsyncClient]) -> None:
    """Case 3: of different length, beginning at different times, overlapping; each alone would have three."""
    asked = [("medical", "10:00"), ("fingerprints", "10:10"), ("fingerprints", "10:00"), ("medical", "09:40")] * 5
    taken = await taken_at_once(office, clients, asked, "/v1/bookings")
    # At 10:10 whoever began at 9:40, 10:00 or 10:10 is there.
    assert len(taken) == COUNTERS
    day = workday(office.today)
    assert "10:00" not in await office.free(day)
    left = (await office.free(day, "fingerprints")).get("10:10", 0)
    assert left == 0
