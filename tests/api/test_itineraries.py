"""Whole pathways, planned and booked in one call each."""

import pytest
import pytest_asyncio

from tests.api.helpers import Json, given, instant, refused
from tests.support.people import Person, World

pytestmark = pytest.mark.usefixtures("honest_ledger")
HOME: Json = {"lat": 55.79, "lon": 49.13}


@pytest_asyncio.fixture
async def person(world: World) -> Person:
    return await world.newcomer()


async def plan(person: Person, **other: object) -> Json:
    found: Json = given(await person.post("/v1/itineraries/plan", HOME | other))
    return found


def visits(itinerary: Json) -> list[Json]:
    return [visit for outing in itinerary["outings"] for visit in outing["visits"]]


async def test_the_whole_pathway_is_planned_in_one_call(person: Person) -> None:
    found = await plan(person)
    best = found["itineraries"][0]
    print(best)
    assert [v["step"] for v in visits(best)][-1] == "collection"
    assert 0
