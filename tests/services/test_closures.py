"""A point closes at once: everybody with a visit there is offered another within one tick of a worker."""

import asyncio
import time
from datetime import datetime, timedelta

import httpx

from app.doctor import examine
from app.runtime import Runtime
from services.offers.search import Search
from tests.services.crowd import first_region
from tests.services.towns import Town, found_town
from tests.support.clock import MovableClock


async def healthy(runtime: Runtime) -> None:
    assert [finding for finding in await examine(runtime) if finding.faults] == []


def half_hours(town: Town, since: str, count: int) -> list[datetime]:
    return [town.at(since) + timedelta(minutes=30 * n) for n in range(count)]


async def test_a_point_closes_at_noon_with_80_people_booked(
    runtime: Runtime, second: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    town = await found_town(runtime, client, closing=8, near=3, next_one=2)
    people = await town.full("closing", half_hours(town, "13:00", 10))
    assert len(people) == 80
    clock.at = town.at("12:00")
    told = await town.close("closing")
    assert len(told["affected"]) == 80
    region = first_region(runtime)
    other = Search(second.database, region)
    began = time.perf_counter()
    made = await asyncio.gather(town.search.tick(), other.tick())
    took = time.perf_counter() - began
    assert sum(made) == 80
    kept: list[str] = []
    answers = await asyncio.gather(*map(town.offers, people))
    for booking, (offer,) in zip(people.values(), answers, strict=True):
        assert (offer["booking"]["id"], offer["booking"]["to_be_moved"], offer["cause"]) == (
            str(booking),
            True,
            "closed",
        )
        kept += [choice["id"] for choice in offer["choices"]]
        assert 1 <= len(offer["choices"]) <= 2
    assert len(set(kept)) == len(kept)
    await healthy(runtime)
