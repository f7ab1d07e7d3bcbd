"""Refresh tokens rotate, are bound to the phone's key, and a second use ends the sign-in."""

import asyncio
from datetime import timedelta

import pytest_asyncio

from tests.api.helpers import b64, given, proof, refresh, refused
from tests.support.people import Person, World, new_key


@pytest_asyncio.fixture
async def person(own_time: World) -> Person:
    person = own_time.stranger()
    await person.sign_in()
    return person


def _first(person: Person) -> str:
    token: str = person.tokens["refresh_token"]
    return token


async def _ended(person: Person, token: str) -> None:
    refused(await refresh(person, token=token), 401, "session_ended")


async def test_a_refresh_gives_a_new_pair_that_works_and_goes_on(person: Person) -> None:
    before = dict(person.tokens)
    for _ in range(3):
        pair = given(await refresh(person))
        assert pair["refresh_token"] != person.tokens["refresh_token"]
        assert pair["access_token"] != person.tokens["access_token"]
        assert pair["device_id"] == before["device_id"]
        person.tokens = pair
        given(await person.get("/v1/me"))


async def test_a_refresh_certifies_the_phone_anew(person: Person) -> None:
    person.world.clock.move(days=3)
    pair = given(await refresh(person))
    assert pair["device_certified_until"] > person.tokens["device_certified_until"]


async def test_a_proof_that_does_not_fit_is_refused_and_spends_nothing(person: Person) -> None:
    token, other = _first(person), person.world.stranger()
    stale = proof(person, token, at=person.world.clock.now() - timedelta(minutes=6))
    nested = b64(b"[" * 1400) + ".e30.AA"
    body = {"refresh_token": token}
    refused(await person.world.client.post("/v1/auth/refresh", json=body), 401, "proof_refused")
    for signed in (proof(other, token), proof(person, "another token"), stale, "garbage", "a.b.c", nested):
        refused(await refresh(person, signed=signed), 401, "proof_refused")
    given(await refresh(person))


async def test_a_phone_whose_clock_is_four_minutes_off_can_refresh(person: Person) -> None:
    at = person.world.clock.now()
    person.world.clock.move(minutes=4)
    given(await refresh(person, signed=proof(person, _first(person), at=at)))


async def test_an_unknown_token_is_refused(person: Person) -> None:
    await _ended(person, "x" * 43)


async def test_a_second_use_ends_the_whole_sign_in(person: Person) -> None:
    second = given(await refresh(person))
    await _ended(person, _first(person))
    await _ended(person, second["refresh_token"])


async def test_a_second_use_without_proof_ends_it_too(person: Person) -> None:
    """Whoever holds a copy of a spent token need not have the phone."""
    second = given(await refresh(person))
    refused(await refresh(person, token=_first(person), signed="garbage"), 401, "session_ended")
    await _ended(person, second["refresh_token"])


async def test_a_second_use_leaves_the_persons_other_sign_in_alone(person: Person) -> None:
    spent = _first(person)
    given(await refresh(person))
    person.world.clock.move(seconds=60)
    await person.sign_in()
    await _ended(person, spent)
    given(await refresh(person))


async def test_a_repeat_with_the_same_key_within_a_minute_gets_the_same_pair(person: Person) -> None:
    key, signed = new_key(), proof(person, _first(person))
    pair = given(await refresh(person, signed=signed, key=key))
    person.world.clock.move(seconds=59)
    assert given(await refresh(person, signed=signed, key=key)) == pair
    person.tokens = pair
    given(await refresh(person))


async def test_a_repeat_with_the_same_key_after_a_minute_ends_the_sign_in(person: Person) -> None:
    key, signed = new_key(), proof(person, _first(person))
    pair = given(await refresh(person, signed=signed, key=key))
    person.world.clock.move(seconds=60)
    refused(await refresh(person, signed=signed, key=key), 401, "session_ended")
    await _ended(person, pair["refresh_token"])


async def test_a_refused_repeat_is_refused_in_the_same_words_again(person: Person) -> None:
    key, signed = new_key(), proof(person, _first(person))
    given(await refresh(person))
    for _ in range(2):
        refused(await refresh(person, token=_first(person), signed=signed, key=key), 401, "session_ended")


async def test_a_repeat_with_another_key_ends_the_sign_in(person: Person) -> None:
    signed = proof(person, _first(person))
    pair = given(await refresh(person, signed=signed, key=new_key()))
    refused(await refresh(person, signed=signed, key=new_key()), 401, "session_ended")
    await _ended(person, pair["refresh_token"])


async def test_a_phone_that_asks_twice_at_once_with_one_key_gets_one_pair(person: Person) -> None:
    key, signed = new_key(), proof(person, _first(person))
    answers = await asyncio.gather(*(refresh(person, signed=signed, key=key) for _ in range(3)))
    pairs = [given(answer) for answer in answers]
    assert pairs[0] == pairs[1] == pairs[2]
    person.tokens = pairs[0]
    given(await refresh(person))


async def test_two_uses_at_once_without_a_key_end_the_sign_in(person: Person) -> None:
    answers = await asyncio.gather(refresh(person), refresh(person))
    assert sorted(answer.status_code for answer in answers) == [200, 401]
    pair = next(answer.json() for answer in answers if answer.is_success)
    await _ended(person, pair["refresh_token"])


async def test_signing_out_ends_the_family(person: Person) -> None:
    answer = await person.world.client.delete("/v1/auth/session", headers=person.headers)
    assert (answer.status_code, answer.content) == (204, b"")
    await _ended(person, _first(person))


async def test_signing_out_leaves_another_phone_signed_in(person: Person) -> None:
    first = dict(person.tokens)
    person.world.clock.move(seconds=60)
    await person.sign_in()
    assert (await person.world.client.delete("/v1/auth/session", headers=person.headers)).status_code == 204
    await _ended(person, _first(person))
    given(await refresh(person, token=first["refresh_token"]))


async def test_a_refresh_token_lives_sixty_days(person: Person) -> None:
    person.world.clock.move(days=60)
    await _ended(person, _first(person))


async def test_a_phone_that_signs_its_repeat_anew_gets_the_same_pair(person: Person) -> None:
    token, key = _first(person), new_key()
    first = given(await refresh(person, token=token, signed=proof(person, token), key=key))
    person.world.clock.move(seconds=20)
    assert given(await refresh(person, token=token, signed=proof(person, token), key=key)) == first
