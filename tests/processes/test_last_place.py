"""The acceptance of the whole: 200 people want one place."""

from datetime import datetime
from functools import partial
from uuid import UUID

import pytest
import pytest_asyncio

from app.runtime import Runtime
from services.bookings.commands import Wanted, book
from tests.processes.copies import Copy
from tests.processes.rush import Shot, assert_whole, at_once
from tests.services.crowd import first_region, left_at, newcomers, token_of, untouched_place

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PEOPLE = 200


def wanted_of(place: dict[str, str]) -> Wanted:
    starts_at = datetime.fromisoformat(place["starts_at"])
    return Wanted(place["step"], place["service"], UUID(place["point_id"]), starts_at)


async def shots_of(runtime: Runtime, people: list[UUID], path: str, body: dict[str, str]) -> list[Shot]:
    return [Shot(await token_of(runtime, person), path, body) for person in people]


@pytest_asyncio.fixture(scope="module")
async def crowd(made_copy: Copy) -> list[UUID]:
    """Enough for all tests here: who got a place is taken out, and the others have none as before."""
    async with made_copy.runtime() as runtime:
        return await newcomers(runtime, PEOPLE + 8)


async def test_of_200_simultaneous_bookings_of_the_last_place_one_succeeds(served: Copy, crowd: list[UUID]) -> None:
    """Case 1, with the figure of the acceptance: one 201, 199 times `place_taken`, nothing else."""
    async with served.runtime() as runtime:
        people = crowd[:PEOPLE]
        place = await untouched_place(runtime, "medical-5", "medical", counters=1)
        shots = await shots_of(runtime, people, "/v1/bookings", place)
        rush = await at_once(served, shots, spread_over=served.api_processes)
        assert rush.counted == {(201, ""): 1, (409, "place_taken"): PEOPLE - 1}
        (booked,) = rush.won()
        crowd.remove(people[rush.answers.index(booked)])
        assert booked.json["status"] == "confirmed"
        assert await left_at(runtime, place) == 0
        await assert_whole(runtime)


async def test_of_200_simultaneous_holds_of_the_last_place_one_succeeds_and_is_confirmed(
    served: Copy, crowd: list[UUID]
) -> None:
    """Cases 2 and 4: any of three rooms, two of them taken; the holds are asked for at the same moment."""
    async with served.runtime() as runtime:
        people = crowd[:PEOPLE]
        place = await untouched_place(runtime, "medical-1", "medical", counters=3)
        for early in (crowd.pop(), crowd.pop()):
            await runtime.database.decide(
                first_region(runtime),
                partial(book, person_id=early, wanted=wanted_of(place)),
            )
        assert await left_at(runtime, place) == 1
        shots = await shots_of(runtime, people, "/v1/holds", place)
        rush = await at_once(served, shots, spread_over=served.api_processes)
        assert rush.counted == {(201, ""): 1, (409, "place_taken"): PEOPLE - 1}
        (held,) = rush.won()
        winner = shots[rush.answers.index(held)]
        crowd.remove(people[rush.answers.index(held)])
        # Everybody knows the hold's id and tries to confirm it: it is the winner's alone (case 28).
        confirm = {"hold_id": held.json["id"]}
        shots = [Shot(shot.token, "/v1/bookings", confirm) for shot in shots]
        rush = await at_once(served, shots, spread_over=served.api_processes)
        assert rush.counted == {(201, ""): 1, (404, "not_found"): PEOPLE - 1}
        assert shots[rush.answers.index(rush.won()[0])].token == winner.token
        assert await left_at(runtime, place) == 0
        await assert_whole(runtime)
