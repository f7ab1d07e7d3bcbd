"""How often one account or address may ask in a minute, in the headers that clients know."""

import time
from dataclasses import replace

from app.adapters.rates import MinuteRates
from tests.api.conftest import world_of
from tests.api.helpers import given, refused
from tests.support.contract import client_of
from tests.support.people import World


def _strict(world: World, signed_in: int, address: int) -> World:
    runtime = replace(world.runtime, rates=MinuteRates(signed_in, address))
    return world_of(runtime, client_of(runtime), world.clock, world)


async def test_each_answer_says_how_many_requests_are_left(world: World) -> None:
    person = world.stranger()
    await person.sign_in()
    person.world = _strict(world, 100, 100)
    for left in (99, 98):
        answer = await person.get("/v1/me")
        assert answer.headers["ratelimit-policy"] == '"requests";q=100;w=60'
        assert answer.headers["ratelimit"].startswith(f'"requests";r={left};t=')


async def test_beyond_them_a_problem_says_when_to_come_again(world: World) -> None:
    person, other = world.stranger(), world.stranger()
    await person.sign_in()
    await other.sign_in()
    person.world = other.world = strict = _strict(world, 3, 1000)
    answers = [await person.get("/v1/me") for _ in range(7)]
    answer = answers[-1]  # a minute may have begun in between
    refused(answer, 429, "too_many_requests")
    assert 0 < int(answer.headers["retry-after"]) <= 60
    assert answer.headers["ratelimit"].startswith('"requests";r=0;t=')
    given(await other.get("/v1/me"))
    given(await strict.client.get("/v1/points"))


async def test_made_up_tokens_count_for_their_address(world: World) -> None:
    strict = _strict(world, 1000, 3)
    headers = {"Authorization": "Bearer made.up.token"}
    answers = [await strict.client.get("/v1/me", headers=headers) for _ in range(7)]
    refused(answers[0], 401, "not_signed_in")
    refused(answers[-1], 429, "too_many_requests")


def test_counting_a_request_costs_next_to_nothing_however_many_callers_there_are() -> None:
    rates = MinuteRates(300, 300)
    for number in range(10_000):
        rates.count(str(number), signed_in=True)
    begun = time.perf_counter()
    for number in range(10_000):
        rates.count(str(number), signed_in=True)
    assert (time.perf_counter() - begun) / 10_000 < 50e-6
