"""Changing the number of an account, and what somebody with a stolen or recycled SIM cannot do."""

import asyncio
from typing import Any

import httpx
import pytest_asyncio

from services.numbers.commands import carry_out_due
from tests.api.helpers import ask_code, claims, enter_code, given, log, other_code, refused, stay_signed_in
from tests.support.people import Person, World


@pytest_asyncio.fixture
async def person(own_time: World) -> Person:
    person = own_time.stranger()
    await person.sign_in()
    own_time.clock.move(minutes=2)
    return person


def person_id(person: Person) -> str:
    return str(claims(person.tokens["access_token"])["person"])


def proof_of(person: Person, number: str) -> str:
    return person.phone_key.number_proof(number, person.world.clock.now().timestamp())


async def codes_for(person: Person, number: str, *, old_too: bool = True) -> str:
    """The code that came to the new number; the old one's is in the pocket too."""
    given(await person.post("/v1/me/number/codes", {"phone": number, "old_too": old_too}), 202)
    await person.world.relay()
    return person.world.sms.code_for(number)


async def change(person: Person, number: str, **other: Any) -> httpx.Response:
    body = {"phone": number, "proof": proof_of(person, number)} | other
    return await person.post("/v1/me/number", body)


async def carry_out(world: World) -> None:
    due = True
    while due:
        async with world.runtime.database.writing(world.region) as uow:
            due = await carry_out_due(uow)


async def waiting_change(person: Person) -> str:
    """Asks for a change without the old number, and returns the new one."""
    number = person.world.stranger().number
    code = await codes_for(person, number, old_too=False)
    assert given(await change(person, number, code=code))["takes_effect_at"] is not None
    return number


async def sign_in_on(world: World, number: str) -> Person:
    """Somebody with a new phone who holds `number`."""
    world.clock.move(minutes=2)
    other = Person(world, number)
    await other.sign_in()
    return other


async def test_both_numbers_and_the_phone_change_it_at_once(person: Person) -> None:
    world, number = person.world, person.world.stranger().number
    code = await codes_for(person, number)
    answer = given(await change(person, number, code=code, old_code=world.sms.code_for(person.number)))
    assert answer == {"takes_effect_at": None}
    assert given(await person.get("/v1/me/number")) == {"ends_with": number[-4:], "change": None}
    assert "number_changed" in {entry["action"] for entry in await log(person)}
    await world.relay()
    assert world.sms.sent[-1][0] == person.number  # the old number is told
    assert person_id(await sign_in_on(world, number)) == person_id(person)


async def test_whoever_registers_the_number_that_was_left_is_a_new_person(person: Person) -> None:
    world, number = person.world, person.world.stranger().number
    code = await codes_for(person, number)
    given(await change(person, number, code=code, old_code=world.sms.code_for(person.number)))
    assert person_id(await sign_in_on(world, person.number)) != person_id(person)


async def test_the_phone_alone_changes_it_after_three_days(person: Person) -> None:
    world, number = person.world, await waiting_change(person)
    await world.relay()
    assert world.sms.sent[-1][0] == person.number
    assert given(await person.get("/v1/me/number"))["change"]["ends_with"] == number[-4:]
    world.clock.move(days=2, hours=23)
    await carry_out(world)
    await stay_signed_in(person)
    assert given(await person.get("/v1/me/number"))["ends_with"] == person.number[-4:]
    world.clock.move(hours=1)
    await carry_out(world)
    await stay_signed_in(person)
    assert given(await person.get("/v1/me/number")) == {"ends_with": number[-4:], "change": None}
    assert person_id(await sign_in_on(world, number)) == person_id(person)


async def test_the_old_number_stops_a_change_that_waits(person: Person) -> None:
    """A phone was stolen unlocked: its owner signs in by the number on another one, and stops the thief."""
    await waiting_change(person)
    owner = await sign_in_on(person.world, person.number)
    assert given(await owner.get("/v1/me/number"))["change"] is not None
    headers = owner.headers
    answer = await owner.world.client.delete("/v1/me/number/change", headers=headers)
    assert answer.status_code == 204
    refused(await owner.world.client.delete("/v1/me/number/change", headers=headers), 404, "not_found")
    person.world.clock.move(days=4)
    await carry_out(person.world)
    await stay_signed_in(owner)
    assert given(await owner.get("/v1/me/number"))["ends_with"] == person.number[-4:]


async def test_a_stolen_sim_changes_no_number_for_a_day(person: Person) -> None:
    world = person.world
    thief = await sign_in_on(world, person.number)
    number = world.stranger().number
    world.clock.move(minutes=2)
    body = {"phone": number}
    refused(await thief.post("/v1/me/number/codes", body), 409, "device_too_new")
    code = await codes_for(person, number)
    old_code = world.sms.code_for(person.number)
    refused(await change(thief, number, code=code, old_code=old_code), 409, "device_too_new")
    refused(await change(thief, number, code=code), 409, "device_too_new")


async def test_a_change_needs_the_signature_of_the_phone_itself(person: Person) -> None:
    number, other = person.world.stranger().number, person.world.stranger()
    code = await codes_for(person, number)
    for signed in (proof_of(other, number), proof_of(person, person.number), "x"):
        refused(await change(person, number, code=code, proof=signed), 401, "proof_refused")
    given(await change(person, number, code=code))


async def test_a_wrong_code_is_counted_and_spends_nothing(person: Person) -> None:
    world, number = person.world, person.world.stranger().number
    code = await codes_for(person, number)
    old_code = world.sms.code_for(person.number)
    refused(await change(person, number, code=other_code(code), old_code=old_code), 401, "wrong_code")
    refused(await change(person, number, code=code, old_code=other_code(old_code)), 401, "wrong_code")
    assert given(await change(person, number, code=code, old_code=old_code))["takes_effect_at"] is None


async def test_codes_of_one_kind_are_no_good_for_another(person: Person) -> None:
    world, stranger = person.world, person.world.stranger()
    code = await codes_for(person, stranger.number)
    refused(await enter_code(stranger, code), 401, "wrong_code")
    world.clock.move(minutes=2)
    other = world.stranger()
    sign_in_code = await ask_code(world, other.number)
    refused(await change(person, other.number, code=sign_in_code), 401, "wrong_code")


async def test_a_number_that_has_an_account_is_refused_to_who_holds_it_only(person: Person) -> None:
    world, other = person.world, person.world.stranger()
    await other.sign_in()
    world.clock.move(minutes=2)
    code = await codes_for(person, other.number, old_too=False)
    refused(await change(person, other.number, code=other_code(code)), 401, "wrong_code")
    refused(await change(person, other.number, code=code), 409, "number_taken")


async def test_a_change_whose_number_found_an_account_meanwhile_ends(person: Person) -> None:
    number = await waiting_change(person)
    await sign_in_on(person.world, number)
    person.world.clock.move(days=3)
    await carry_out(person.world)
    await stay_signed_in(person)
    assert given(await person.get("/v1/me/number")) == {"ends_with": person.number[-4:], "change": None}
    assert (await log(person))[0]["action"] == "number_change_stopped"


async def test_a_change_entered_twice_at_once_is_made_once(person: Person) -> None:
    world, number = person.world, person.world.stranger().number
    code = await codes_for(person, number)
    old_code = world.sms.code_for(person.number)
    answers = await asyncio.gather(*(change(person, number, code=code, old_code=old_code) for _ in range(3)))
    assert [answer.status_code for answer in answers].count(200) == 1
    assert {answer.status_code for answer in answers} <= {200, 401, 503}
    assert [entry["action"] for entry in await log(person)].count("number_changed") == 1
