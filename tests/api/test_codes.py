"""Sign-in codes: how often they are sent, how often they may be tried, how long they live."""

import asyncio

import pytest

from tests.api.helpers import ask_code, enter_code, given, other_code, refused
from tests.support.people import World


async def test_a_second_code_has_to_wait_for_a_minute(world: World) -> None:
    body = {"phone": world.stranger().number}
    given(await world.client.post("/v1/auth/codes", json=body), 202)
    answer = await world.client.post("/v1/auth/codes", json=body)
    refused(answer, 429, "too_soon")
    assert answer.headers["retry-after"] == "60"
    world.clock.move(seconds=45)
    answer = await world.client.post("/v1/auth/codes", json=body)
    refused(answer, 429, "too_soon")
    assert answer.headers["retry-after"] == "15"
    world.clock.move(seconds=15)
    given(await world.client.post("/v1/auth/codes", json=body), 202)


async def test_the_same_number_written_otherwise_shares_the_wait(world: World) -> None:
    number = world.stranger().number
    given(await world.client.post("/v1/auth/codes", json={"phone": number}), 202)
    spaced = f"{number[:2]} ({number[2:5]}) {number[5:8]}-{number[8:]}"
    refused(await world.client.post("/v1/auth/codes", json={"phone": spaced}), 429, "too_soon")


async def test_a_known_number_is_answered_as_an_unknown_one(world: World) -> None:
    known = await world.newcomer()
    world.clock.move(seconds=61)
    answers = [
        await world.client.post("/v1/auth/codes", json={"phone": phone})
        for phone in (known.number, world.stranger().number)
    ]
    assert [given(answer, 202) for answer in answers] == [{"expires_in": 300, "retry_after": 60, "busy": False}] * 2
    first, second = ({k: v for k, v in a.headers.items() if k not in {"x-request-id", "ratelimit"}} for a in answers)
    assert first == second


async def test_a_wrong_code_is_refused_alike_for_a_known_and_an_unknown_number(world: World) -> None:
    known, unknown = await world.newcomer(), world.stranger()
    problems = [refused(await enter_code(who, "000000"), 401, "wrong_code") for who in (known, unknown)]
    first, second = ({k: v for k, v in p.items() if k != "request_id"} for p in problems)
    assert first == second


async def test_four_wrong_tries_leave_the_right_code_good(world: World) -> None:
    person = world.stranger()
    code = await ask_code(world, person.number)
    for by in range(1, 5):
        refused(await enter_code(person, other_code(code, by)), 401, "wrong_code")
    given(await enter_code(person, code), 201)


async def test_five_wrong_tries_spend_the_code_and_a_new_one_is_good(world: World) -> None:
    person = world.stranger()
    code = await ask_code(world, person.number)
    for by in range(1, 6):
        refused(await enter_code(person, other_code(code, by)), 401, "wrong_code")
    refused(await enter_code(person, code), 401, "wrong_code")
    world.clock.move(seconds=60)
    given(await enter_code(person, await ask_code(world, person.number)), 201)


async def test_wrong_tries_at_once_are_all_counted(world: World) -> None:
    person = world.stranger()
    code = await ask_code(world, person.number)
    tries = [enter_code(person, other_code(code, by)) for by in range(1, 6)]
    for answer in await asyncio.gather(*tries):
        refused(answer, 401, "wrong_code")
    refused(await enter_code(person, code), 401, "wrong_code")


async def test_tries_with_one_idempotency_key_are_counted_too(world: World) -> None:
    person = world.stranger()
    code = await ask_code(world, person.number)
    for _ in range(5):
        refused(await enter_code(person, other_code(code), key="one-key-for-all"), 401, "wrong_code")
    refused(await enter_code(person, code), 401, "wrong_code")


async def test_a_code_is_good_up_to_its_last_second(own_time: World) -> None:
    person = own_time.stranger()
    code = await ask_code(own_time, person.number)
    own_time.clock.move(seconds=299)
    given(await enter_code(person, code), 201)


async def test_a_code_expires_after_five_minutes(own_time: World) -> None:
    person = own_time.stranger()
    code = await ask_code(own_time, person.number)
    own_time.clock.move(seconds=300)
    refused(await enter_code(person, code), 401, "wrong_code")


async def test_a_new_code_ends_the_one_before(world: World) -> None:
    person = world.stranger()
    first = await ask_code(world, person.number)
    world.clock.move(seconds=60)
    second = await ask_code(world, person.number)
    if first != second:  # one time in a million
        refused(await enter_code(person, first), 401, "wrong_code")
    given(await enter_code(person, second), 201)


async def test_a_code_is_used_once_even_when_entered_twice_at_once(world: World) -> None:
    person = world.stranger()
    code = await ask_code(world, person.number)
    answers = await asyncio.gather(*(enter_code(person, code) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401]
    refused(await enter_code(person, code), 401, "wrong_code")


async def test_a_code_opens_its_own_number_only(world: World) -> None:
    person, stranger = world.stranger(), world.stranger()
    code = await ask_code(world, person.number)
    await ask_code(world, stranger.number)
    if world.sms.code_for(stranger.number) != code:  # one time in a million
        refused(await enter_code(stranger, code), 401, "wrong_code")


async def test_signing_in_again_keeps_the_person(world: World) -> None:
    person = await world.newcomer()
    before = given(await person.get("/v1/me"))
    world.clock.move(seconds=60)
    given(await enter_code(person, await ask_code(world, person.number)), 201)
    assert given(await person.get("/v1/me")) == before


@pytest.mark.parametrize("phone", ["", "79", "9001234567", "+7900", "+99912345", "telephone"])
async def test_what_is_no_phone_number_is_refused(world: World, phone: str) -> None:
    refused(await world.client.post("/v1/auth/codes", json={"phone": phone}), 422, "invalid_phone")


async def test_the_message_is_in_the_language_of_the_request_and_names_nobody(world: World) -> None:
    phone = world.stranger().number
    code = await ask_code(world, phone, **{"Accept-Language": "ru"})
    _, text = world.sms.sent[-1]
    assert text == f"Manzil: {code} — ваш код на 5 минут. Никому его не сообщайте."
