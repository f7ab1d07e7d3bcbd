"""Two regions in one process share nothing: neither people nor tokens."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from app.assembly import build_runtime
from app.settings import Settings
from tests.api.conftest import world_of
from tests.api.helpers import ask_code, enter_code, given, refused
from tests.support.contract import client_of
from tests.support.people import Person, World
from tests.support.server import fresh_region


@pytest.fixture(scope="module")
def neighbour(settings: Settings) -> str:
    code = f"{settings.regions[0]}_next"
    fresh_region(code)
    return code


@pytest_asyncio.fixture
async def here(world: World, settings: Settings, neighbour: str) -> AsyncIterator[World]:
    """A process that serves the shared region first, and its neighbour."""
    both = settings.model_copy(update={"regions": [world.region.code, neighbour]})
    runtime = build_runtime(both, clock=world.clock)
    async with client_of(runtime) as client:
        yield world_of(runtime, client, world.clock, world)
    await runtime.close()


@pytest_asyncio.fixture
async def there(here: World, neighbour: str) -> AsyncIterator[World]:
    """The same process, asked for the neighbour."""
    async with client_of(here.runtime) as client:
        client.headers["Manzil-Region"] = neighbour
        world = world_of(here.runtime, client, here.clock, here)
        world.region = here.runtime.regions[neighbour]
        yield world


async def _me(world: World, person: Person) -> httpx.Response:
    return await world.client.get("/v1/me", headers=person.headers)


async def test_a_token_of_one_region_is_refused_in_the_other(here: World, there: World) -> None:
    ours, theirs = here.stranger(), there.stranger()
    await ours.sign_in()
    await theirs.sign_in()
    given(await _me(here, ours))
    given(await _me(there, theirs))
    refused(await _me(there, ours), 401, "not_signed_in")
    refused(await _me(here, theirs), 401, "not_signed_in")


async def test_each_region_publishes_keys_of_its_own(here: World, there: World) -> None:
    published = [
        {key["kid"] for key in given(await world.client.get("/.well-known/jwks.json"))["keys"]}
        for world in (here, there)
    ]
    assert all(published)
    assert not published[0] & published[1]


async def test_a_code_sent_in_one_region_opens_nothing_in_the_other(here: World, there: World) -> None:
    person = there.stranger()
    code = await ask_code(there, person.number)
    person.world = here
    refused(await enter_code(person, code), 401, "wrong_code")
    person.world = there
    given(await enter_code(person, code), 201)


async def test_the_same_number_is_another_account_in_the_other_region(here: World, there: World) -> None:
    ours = await here.newcomer()
    theirs = there.stranger()
    theirs.number = ours.number
    await theirs.sign_in()
    profile = given(await _me(there, theirs))
    assert {profile[name] for name in ("migrant_id", "passport", "entry")} == {None}


async def test_an_unknown_region_is_told_so(world: World) -> None:
    for path in ("/v1/points", "/v1/me", "/.well-known/jwks.json"):
        answer = await world.client.get(path, headers={"Manzil-Region": "atlantis"})
        refused(answer, 404, "unknown_region")
        assert "atlantis" not in answer.text


async def test_naming_the_first_region_is_the_same_as_naming_none(world: World) -> None:
    named = await world.client.get("/v1/points", headers={"Manzil-Region": world.region.code})
    assert given(named) == given(await world.client.get("/v1/points"))
