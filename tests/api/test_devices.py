"""Where an account is signed in: the list, signing out, and what a phone may not do that has only just come."""

from typing import Any

import pytest_asyncio

from tests.api.helpers import Json, ask_code, enter_code, given, hire, log, refresh, refused, stay_signed_in
from tests.api.test_staff import _enter
from tests.support.people import Person, World


@pytest_asyncio.fixture
async def person(own_time: World) -> Person:
    person = own_time.stranger()
    await _sign_in(person, device_name="Old phone")
    return person


async def _sign_in(person: Person, **other: Any) -> None:
    code = await ask_code(person.world, person.number)
    person.tokens = given(await enter_code(person, code, **other), 201)


async def _second_phone(person: Person) -> Person:
    """The same number on a phone of its own, an hour later."""
    person.world.clock.move(hours=1)
    other = Person(person.world, person.number)
    await _sign_in(other, device_name="New phone")
    await stay_signed_in(person)
    return other


async def _devices(person: Person) -> list[Json]:
    items: list[Json] = given(await person.get("/v1/me/devices"))["items"]
    return items


async def _sign_out(person: Person, sign_in_id: str) -> Any:
    return await person.world.client.delete(f"/v1/me/devices/{sign_in_id}", headers=person.headers)


async def _ended(person: Person) -> bool:
    return (await refresh(person)).status_code == 401


async def test_the_list_names_each_phone_and_which_one_this_is(person: Person) -> None:
    other = await _second_phone(person)
    newest, oldest = await _devices(person)
    assert (newest["name"], newest["this"]) == ("New phone", False)
    assert (oldest["name"], oldest["this"]) == ("Old phone", True)
    assert [device["this"] for device in await _devices(other)] == [True, False]
    assert oldest["seen_at"].endswith(":00:00Z")


async def test_a_phone_signs_another_one_out(person: Person) -> None:
    other = await _second_phone(person)
    newest = (await _devices(person))[0]
    assert (await _sign_out(person, newest["id"])).status_code == 204
    assert await _ended(other)
    assert not await _ended(person)
    assert "signed_out" in {entry["action"] for entry in await log(person)}
    refused(await _sign_out(person, newest["id"]), 404, "not_found")


async def test_nobody_signs_a_stranger_out(person: Person) -> None:
    stranger = person.world.stranger()
    await stranger.sign_in()
    refused(await _sign_out(stranger, (await _devices(person))[0]["id"]), 404, "not_found")
    assert not await _ended(person)


async def test_signing_out_everywhere_with_and_without_this_phone(person: Person) -> None:
    other = await _second_phone(person)
    answer = await person.post("/v1/me/devices/sign-out", {})
    assert answer.status_code == 204, answer.text
    assert await _ended(other)
    assert len(await _devices(person)) == 1
    assert (await person.post("/v1/me/devices/sign-out", {"this_too": True})).status_code == 204
    assert await _ended(person)


async def test_a_phone_of_less_than_a_day_signs_no_older_one_out(person: Person) -> None:
    thief = await _second_phone(person)
    oldest = (await _devices(thief))[1]
    problem = refused(await _sign_out(thief, oldest["id"]), 409, "device_too_new")
    assert problem["allowed_from"].startswith("2026-")
    refused(await thief.post("/v1/me/devices/sign-out", {"this_too": True}), 409, "device_too_new")
    assert not await _ended(person)
    thief.world.clock.move(hours=24)
    await stay_signed_in(thief)
    assert (await _sign_out(thief, oldest["id"])).status_code == 204


async def test_a_new_phone_may_sign_itself_out(person: Person) -> None:
    other = await _second_phone(person)
    assert (await _sign_out(other, (await _devices(other))[0]["id"])).status_code == 204
    assert await _ended(other)


async def test_a_phone_that_was_signed_out_signs_nobody_out_with_its_last_token(person: Person) -> None:
    other = await _second_phone(person)
    newest, oldest = await _devices(person)
    assert (await _sign_out(person, newest["id"])).status_code == 204
    refused(await _sign_out(other, oldest["id"]), 401, "not_signed_in")


async def test_a_phone_signs_in_anew_after_half_a_year_however_often_it_refreshes(person: Person) -> None:
    for _ in range(3):
        person.world.clock.move(days=59)
        await stay_signed_in(person)
    person.world.clock.move(days=3)
    refused(await refresh(person), 401, "session_ended")


async def test_staff_sign_in_anew_each_working_day_and_have_the_same_sign_out(own_time: World) -> None:
    clerk = await hire(own_time)
    first = given(await _enter(own_time, clerk), 201)
    own_time.clock.move(seconds=30)
    second = given(await _enter(own_time, clerk), 201)
    headers = {"Authorization": f"Bearer {second['access_token']}"}
    items = given(await own_time.client.get("/v1/me/devices", headers=headers))["items"]
    assert [item["name"] for item in items] == [None, None]
    answer = await own_time.client.post("/v1/me/devices/sign-out", json={}, headers=headers)
    assert answer.status_code == 204
    for tokens, status in ((first, 401), (second, 200)):
        body = {"refresh_token": tokens["refresh_token"]}
        answer = await own_time.client.post("/v1/auth/refresh", json=body)
        assert answer.status_code == status
    own_time.clock.move(hours=12)
    body = {"refresh_token": answer.json()["refresh_token"]}
    refused(await own_time.client.post("/v1/auth/refresh", json=body), 401, "session_ended")
