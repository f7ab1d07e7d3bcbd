"""Many people plan and book whole itineraries at once, in two processes, where there is not enough for all."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from app.doctor import examine
from app.runtime import Runtime
from tests.services.crowd import first_region, newcomers, token_of
from tests.services.offices import client_of
from tests.services.town_of_all_kinds import VISITS, Town, make_town
from tests.support.sizes import sizes

Json = dict[str, Any]
TRIES = 4
# So few hours that not everybody finds an exam in time; and everybody wants the same few first ones.
HOURS = {str(weekday): [["09:00", "12:00"]] for weekday in range(5)}


async def plan_and_book(client: httpx.AsyncClient, token: str, town: Town) -> Counter[str]:
    """How each try to book ended; after one that came too late, with the plan that it brought."""
    headers, ended = {"Authorization": f"Bearer {token}"}, Counter[str]()
    plan: Json = (await client.post("/v1/itineraries/plan", json=town.home, headers=headers)).json()
    for _ in range(TRIES):
        whole = [i for i in plan["itineraries"] if len(i["book"]) == len(VISITS)]
        if not whole:
            ended["no whole plan"] += 1
            break
        body = town.home | {"visits": whole[0]["book"]}
        answer = await client.post("/v1/itineraries", json=body, headers=headers)
        said = answer.json()
        ended[said.get("code", str(answer.status_code))] += 1
        if answer.status_code == 201:
            assert {v["booking"]["step"] for v in said["visits"]} == VISITS
            break
        assert said["code"] == "itinerary_taken", said
        assert said["taken"]
        plan = said["plan"]
    return ended


async def deadlocks(runtime: Runtime) -> int:
    async with runtime.database.reading(first_region(runtime)) as uow:
        found = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(await uow.session.scalar(found) or 0)


@pytest.mark.timeout(240)
async def test_many_people_book_whole_itineraries_at_once_or_none_of_it(runtime: Runtime, second: Runtime) -> None:
    """Case 21, of many itineraries at once; and cases 1 and 7: nothing is sold twice, and nobody deadlocks."""
    town = await make_town(runtime, hours=HOURS)
    people = await newcomers(runtime, sizes().itineraries)
    tokens = [await token_of(runtime, person) for person in people]
    before = await deadlocks(runtime)
    async with client_of(runtime) as one, client_of(second) as other:
        ends = await asyncio.gather(
            *(plan_and_book((one, other)[n % 2], token, town) for n, token in enumerate(tokens))
        )
    ended = sum(ends, Counter[str]())
    print(ended)  # noqa: T201 — a figure of the acceptance
    assert set(ended) <= {"201", "itinerary_taken", "no whole plan"}, ended
    assert ended["201"] >= 5, ended
    assert ended["itinerary_taken"] >= 5, ended
    booked = await visits_of(runtime, people)
    for person, end in zip(people, ends, strict=True):
        assert booked.get(person, set()) == (VISITS if end["201"] else set()), "all, or none"
    assert await deadlocks(runtime) == before
    # Other tests leave visits without a counter in this region, and no worker that seeks places for them.
    asked = [each for each in await examine(runtime) if "is a place sought" not in each.question]
    assert not any(each.faults for each in asked), asked


async def visits_of(runtime: Runtime, people: list[UUID]) -> dict[UUID, set[str]]:
    """The steps that each has visits for under one itinerary of theirs."""
    query = text("""
        SELECT b.person_id, array_agg(b.step) FROM bookings b JOIN itineraries i ON i.id = b.itinerary_id
        WHERE b.status = 'confirmed' AND i.status = 'standing' AND i.person_id = b.person_id
            AND b.person_id = ANY (:people)
        GROUP BY b.person_id, i.id
    """)
    async with runtime.database.reading(first_region(runtime)) as uow:
        return {person: set(steps) for person, steps in await uow.session.execute(query, {"people": people})}
