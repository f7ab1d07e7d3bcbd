"""Phone and SIM are gone: in person at a service point, then on a new phone and number."""

import asyncio
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.api.helpers import Json, ask_code, booked, given, hire, log, refresh, refused, stay_signed_in
from tests.api.test_numbers import carry_out, change, codes_for, person_id, sign_in_on, waiting_change
from tests.api.test_staff import _enter
from tests.support.people import Desk, Person, World


@pytest_asyncio.fixture
async def clerk(own_time: World) -> Desk:
    own_time.clock.move(seconds=30)
    tokens = given(await _enter(own_time, await hire(own_time)), 201)
    return Desk(own_time, tokens["access_token"])


@pytest_asyncio.fixture
async def person(own_time: World) -> Person:
    person = await own_time.newcomer()
    own_time.clock.move(minutes=2)
    return person


@pytest_asyncio.fixture
async def papers(person: Person) -> Json:
    profile = given(await person.get("/v1/me"))
    passport = profile["passport"]
    return {
        "migrant_id": profile["migrant_id"],
        "document_issuer": passport["issuer"],
        "document_number": passport["number"],
    }


async def begin(clerk: Desk, papers: Json, **other: str) -> httpx.Response:
    return await clerk.post("/v1/recoveries", papers | other)


async def finish(phone: Person, paper_code: str, code: str | None = None) -> httpx.Response:
    body: dict[str, Any] = {
        "phone": phone.number,
        "code": code or await ask_code(phone.world, phone.number),
        "recovery_code": paper_code,
        "device_key": phone.device_key,
    }
    answer = await phone.world.client.post("/v1/auth/recoveries", json=body)
    if answer.is_success:
        phone.tokens = answer.json()
    return answer


async def test_a_new_phone_on_a_new_number_signs_in_to_the_same_account(
    person: Person, clerk: Desk, papers: Json
) -> None:
    world = person.world
    code = given(await begin(clerk, papers), 201)["code"]
    refused(await refresh(person), 401, "session_ended")
    phone = world.stranger()
    given(await finish(phone, code.replace("-", " ").lower()), 201)
    assert person_id(phone) == person_id(person)
    assert given(await phone.get("/v1/me"))["migrant_id"] == papers["migrant_id"]
    assert len(given(await phone.get("/v1/me/devices"))["items"]) == 1
    actions = [entry["action"] for entry in await log(phone)]
    assert actions[:3] == ["signed_in", "recovered", "recovery_begun"]
    used = next(entry for entry in await log(phone) if entry["purpose"] == "account_recovery")
    assert used["receiver"].startswith("point:")


async def test_the_lost_number_is_nobodys_and_opens_an_empty_account(person: Person, clerk: Desk, papers: Json) -> None:
    given(await begin(clerk, papers), 201)
    await person.world.relay()
    assert person.world.sms.sent[-1][0] == person.number  # its holder is told
    finder = await sign_in_on(person.world, person.number)
    assert person_id(finder) != person_id(person)
    assert given(await finder.get("/v1/me"))["migrant_id"] is None


async def test_it_undoes_what_a_thief_has_changed(person: Person, clerk: Desk, papers: Json) -> None:
    """The thief had the phone and moved the account to a number of their own."""
    world, thiefs = person.world, person.world.stranger()
    code = await codes_for(person, thiefs.number)
    given(await change(person, thiefs.number, code=code, old_code=world.sms.code_for(person.number)))
    world.clock.move(minutes=2)
    paper = given(await begin(clerk, papers), 201)["code"]
    refused(await refresh(person), 401, "session_ended")
    own = world.stranger()
    given(await finish(own, paper), 201)
    assert person_id(await sign_in_on(world, thiefs.number)) != person_id(own)


async def test_it_stops_a_change_that_waits(person: Person, clerk: Desk, papers: Json) -> None:
    await waiting_change(person)
    paper = given(await begin(clerk, papers), 201)["code"]
    phone = person.world.stranger()
    given(await finish(phone, paper), 201)
    person.world.clock.move(days=4)
    await carry_out(person.world)
    await stay_signed_in(phone)
    assert given(await phone.get("/v1/me/number")) == {"ends_with": phone.number[-4:], "change": None}


async def test_two_phones_that_use_one_paper_at_once(person: Person, clerk: Desk, papers: Json) -> None:
    world = person.world
    paper = given(await begin(clerk, papers), 201)["code"]
    phones = [world.stranger() for _ in range(3)]
    codes = [await ask_code(world, phone.number) for phone in phones]
    answers = await asyncio.gather(*(finish(p, paper, c) for p, c in zip(phones, codes, strict=True)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401]
    refused(next(answer for answer in answers if answer.is_error), 401, "recovery_over")


async def test_the_paper_is_good_for_a_day_and_a_new_one_ends_it(person: Person, clerk: Desk, papers: Json) -> None:
    first = given(await begin(clerk, papers), 201)["code"]
    second = given(await begin(clerk, papers), 201)["code"]
    refused(await finish(person.world.stranger(), first), 401, "recovery_over")
    person.world.clock.move(days=1)
    refused(await finish(person.world.stranger(), second), 401, "recovery_over")


async def test_the_paper_is_nothing_without_a_number(person: Person, clerk: Desk, papers: Json) -> None:
    paper = given(await begin(clerk, papers), 201)["code"]
    phone = person.world.stranger()
    await ask_code(person.world, phone.number)
    refused(await finish(phone, paper, "000000"), 401, "wrong_code")
    taken = await sign_in_on(person.world, person.world.stranger().number)
    person.world.clock.move(minutes=2)
    refused(await finish(taken, paper), 409, "number_taken")
    given(await finish(person.world.stranger(), paper), 201)  # it was not spent


async def test_document_and_migrant_id_must_be_one_persons(person: Person, clerk: Desk, papers: Json) -> None:
    other = await person.world.newcomer()
    others = given(await other.get("/v1/me"))["migrant_id"]
    for wrong in ({"migrant_id": others}, {"migrant_id": "x"}, {"document_number": "X0000000"}):
        refused(await begin(clerk, papers, **wrong), 422, "recovery_refused")
    assert (await log(person))[0]["action"] == "recovery_refused"
    given(await refresh(person))


async def test_a_clerk_looks_ten_times_a_day(clerk: Desk, papers: Json) -> None:
    for _ in range(10):
        refused(await begin(clerk, papers, document_number="X0000000"), 422, "recovery_refused")
    refused(await begin(clerk, papers), 429, "too_many_recoveries")


@pytest.mark.slow
async def test_a_number_that_is_detached_while_it_signs_in_leaves_nobody_in(
    person: Person, clerk: Desk, papers: Json
) -> None:
    """Whoever is first: the thief's sign-in ends with the others, or it is an empty account."""
    world, thief = person.world, Person(person.world, person.number)
    code = await ask_code(world, person.number)
    body = {"phone": person.number, "code": code, "device_key": thief.device_key}
    begun, entered = await asyncio.gather(begin(clerk, papers), world.client.post("/v1/auth/sessions", json=body))
    given(begun, 201)
    thief.tokens = given(entered, 201)
    if person_id(thief) == person_id(person):
        refused(await refresh(thief), 401, "session_ended")


async def test_visits_stay_the_persons(person: Person, clerk: Desk, papers: Json) -> None:
    booking = await booked(person)
    paper = given(await begin(clerk, papers), 201)["code"]
    phone = person.world.stranger()
    given(await finish(phone, paper), 201)
    assert given(await phone.get(f"/v1/bookings/{booking['id']}"))["status"] == "confirmed"
