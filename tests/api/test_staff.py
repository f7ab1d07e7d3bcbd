"""Staff sign in with password and one-time password; too many failures lock the account for a while."""

import asyncio
from datetime import timedelta

import httpx
import pyotp

from app.demo.seed import Clerk
from tests.api.helpers import claims, given, hire, refused
from tests.support.people import World


def _totp(world: World, clerk: Clerk, steps: int = 0) -> str:
    return pyotp.TOTP(clerk["totp"]).at(world.clock.now() + timedelta(seconds=30 * steps))


async def _enter(world: World, clerk: Clerk, **other: str) -> httpx.Response:
    body = {"login": clerk["login"], "password": clerk["password"], "totp": _totp(world, clerk)} | other
    return await world.client.post("/v1/auth/staff/sessions", json=body)


async def test_a_clerk_signs_in_for_one_point(world: World) -> None:
    world.clock.move(seconds=30)
    tokens = given(await _enter(world, await hire(world, "exam-8")), 201)
    assert (tokens["device_id"], tokens["device_certified_until"]) == (None, None)
    stated = claims(tokens["access_token"])
    assert (stated["role"], stated["point"]) == ("clerk", world.point_id("exam-8"))
    assert "person" not in stated


async def test_a_clerk_refreshes_without_a_phone(world: World) -> None:
    world.clock.move(seconds=30)
    tokens = given(await _enter(world, await hire(world)), 201)
    body = {"refresh_token": tokens["refresh_token"]}
    pair = given(await world.client.post("/v1/auth/refresh", json=body))
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    given(await world.client.get("/v1/visits", headers=headers))
    refused(await world.client.post("/v1/auth/refresh", json=body), 401, "session_ended")


async def test_whatever_is_wrong_the_answer_is_the_same(world: World) -> None:
    clerk = await hire(world)
    wrong = f"{(int(_totp(world, clerk)) + 1) % 10**6:06}"
    problems = [
        refused(answer, 401, "wrong_credentials")
        for answer in (
            await _enter(world, clerk, password="wrong"),
            await _enter(world, clerk, totp=wrong),
            await _enter(world, clerk, login="nobody@nowhere"),
        )
    ]
    words = [{k: v for k, v in problem.items() if k != "request_id"} for problem in problems]
    assert words[0] == words[1] == words[2]


async def test_a_one_time_password_is_used_once(world: World) -> None:
    clerk = await hire(world)
    world.clock.move(seconds=30)
    totp = _totp(world, clerk)
    given(await _enter(world, clerk, totp=totp), 201)
    refused(await _enter(world, clerk, totp=totp), 401, "wrong_credentials")
    world.clock.move(seconds=30)  # still one step away
    refused(await _enter(world, clerk, totp=totp), 401, "wrong_credentials")
    given(await _enter(world, clerk), 201)


async def test_a_one_time_password_entered_twice_at_once_is_used_once(world: World) -> None:
    world.clock.move(seconds=30)
    clerk = await hire(world)
    answers = await asyncio.gather(*(_enter(world, clerk) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401]


async def test_an_older_one_time_password_is_refused_after_a_newer_one(own_time: World) -> None:
    clerk = await hire(own_time)
    given(await _enter(own_time, clerk, totp=_totp(own_time, clerk, 1)), 201)
    refused(await _enter(own_time, clerk), 401, "wrong_credentials")


async def test_an_authenticator_half_a_minute_off_is_good_and_more_is_not(own_time: World) -> None:
    clerk = await hire(own_time)
    for steps in (-2, 2):
        refused(await _enter(own_time, clerk, totp=_totp(own_time, clerk, steps)), 401, "wrong_credentials")
    given(await _enter(own_time, clerk, totp=_totp(own_time, clerk, -1)), 201)


async def test_five_failures_lock_the_account_for_fifteen_minutes(own_time: World) -> None:
    clerk = await hire(own_time)
    for _ in range(5):
        refused(await _enter(own_time, clerk, password="wrong"), 401, "wrong_credentials")
    refused(await _enter(own_time, clerk), 401, "wrong_credentials")
    own_time.clock.move(minutes=14, seconds=59)
    refused(await _enter(own_time, clerk), 401, "wrong_credentials")
    own_time.clock.move(seconds=1)
    given(await _enter(own_time, clerk), 201)


async def test_failures_at_once_are_all_counted(own_time: World) -> None:
    clerk = await hire(own_time)
    await asyncio.gather(*(_enter(own_time, clerk, password="wrong") for _ in range(5)))
    refused(await _enter(own_time, clerk), 401, "wrong_credentials")


async def test_a_success_forgets_the_failures_before_it(own_time: World) -> None:
    clerk = await hire(own_time)
    for _ in range(2):
        for _ in range(4):
            refused(await _enter(own_time, clerk, password="wrong"), 401, "wrong_credentials")
        given(await _enter(own_time, clerk), 201)
        own_time.clock.move(seconds=30)


async def test_a_lock_is_the_accounts_own(own_time: World) -> None:
    clerk = await hire(own_time)
    for _ in range(5):
        refused(await _enter(own_time, clerk, password="wrong"), 401, "wrong_credentials")
    given(await _enter(own_time, await hire(own_time)), 201)
