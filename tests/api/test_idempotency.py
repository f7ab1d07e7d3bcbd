"""Idempotency-Key: a POST that is sent again is done once and answered the same."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from tests.api.helpers import given, left_at, log, place_at, refused, stay_signed_in
from tests.support.people import Person, World, new_key

pytestmark = pytest.mark.usefixtures("honest_ledger")


@pytest_asyncio.fixture
async def person(world: World) -> Person:
    return await world.newcomer()


def _entry(person: Person, days_ago: int = 1) -> dict[str, Any]:
    return {"entered_on": (person.world.today - timedelta(days=days_ago)).isoformat(), "purpose": "work"}


async def _entries(person: Person) -> int:
    """How many entries the person's log tells of, beside the first."""
    return [use["action"] for use in await log(person)].count("entry_given") - 1


async def _bookings(person: Person) -> int:
    return len(given(await person.get("/v1/me/bookings"))["items"])


async def test_a_repeat_is_answered_the_same_and_done_once(person: Person) -> None:
    """Case 12: a retry after a network error books twice."""
    key, place = new_key(), await place_at(person, days=16)
    first = await person.post("/v1/bookings", place, key=key)
    again = await person.post("/v1/bookings", place, key=key)
    assert given(again, 201) == given(first, 201)
    assert again.content == first.content
    assert again.headers["content-type"] == first.headers["content-type"] == "application/json"
    assert await _bookings(person) == 1


async def test_a_repeat_gets_the_answer_of_then_not_of_now(person: Person) -> None:
    key, place = new_key(), await place_at(person, days=16)
    first = given(await person.post("/v1/bookings", place, key=key), 201)
    given(await person.post(f"/v1/bookings/{first['id']}/cancel"))
    assert given(await person.post("/v1/bookings", place, key=key), 201) == first
    assert given(await person.get(f"/v1/bookings/{first['id']}"))["status"] == "cancelled"


async def test_without_a_key_or_with_another_it_is_done_again(person: Person) -> None:
    for key in (None, None, new_key(), new_key()):
        given(await person.post("/v1/me/entries", _entry(person), key=key), 201)
    assert await _entries(person) == 4


async def test_a_key_sent_with_another_body_is_refused(person: Person) -> None:
    key = new_key()
    given(await person.post("/v1/me/entries", _entry(person), key=key), 201)
    answer = await person.post("/v1/me/entries", _entry(person, 2), key=key)
    refused(answer, 422, "idempotency_key_reused")
    assert await _entries(person) == 1


async def test_a_key_sent_to_another_address_is_refused(person: Person) -> None:
    key, place = new_key(), await place_at(person, days=16)
    held = given(await person.post("/v1/holds", place, key=key), 201)
    refused(await person.post("/v1/bookings", place, key=key), 422, "idempotency_key_reused")
    assert given(await person.get(f"/v1/bookings/{held['id']}"))["status"] == "held"


async def test_errors_are_not_kept(person: Person) -> None:
    key, place = new_key(), await place_at(person, point="medical-5", days=16)
    other = await person.world.newcomer()
    theirs = given(await other.post("/v1/bookings", place), 201)
    for _ in range(2):
        refused(await person.post("/v1/bookings", place, key=key), 409, "place_taken")
    given(await other.post(f"/v1/bookings/{theirs['id']}/cancel"))
    booking = given(await person.post("/v1/bookings", place, key=key), 201)
    assert given(await person.post("/v1/bookings", place, key=key), 201) == booking
    assert await left_at(person, place) == 0


async def test_a_body_that_was_refused_leaves_its_key_free(person: Person) -> None:
    key = new_key()
    refused(await person.post("/v1/me/entries", _entry(person) | {"visa": "perhaps"}, key=key), 422, "invalid_input")
    refused(await person.post("/v1/me/entries", _entry(person, -9), key=key), 422, "entry_not_plausible")
    given(await person.post("/v1/me/entries", _entry(person), key=key), 201)


async def test_requests_at_once_with_one_key_make_one_booking_and_one_answer(person: Person) -> None:
    key, place = new_key(), await place_at(person, days=16)
    answers = await asyncio.gather(*(person.post("/v1/bookings", place, key=key) for _ in range(5)))
    assert len({given(answer, 201)["id"] for answer in answers}) == 1
    assert len({answer.content for answer in answers}) == 1
    assert await _bookings(person) == 1


async def test_entries_at_once_with_one_key_are_one(person: Person) -> None:
    key = new_key()
    answers = await asyncio.gather(*(person.post("/v1/me/entries", _entry(person), key=key) for _ in range(5)))
    assert [answer.status_code for answer in answers] == [201] * 5
    assert await _entries(person) == 1


async def test_the_keys_of_two_people_do_not_meet(world: World, person: Person) -> None:
    key, other = new_key(), await world.newcomer()
    place = await place_at(person, point="exam-1", service="exam", days=16)
    first, second = [given(await who.post("/v1/bookings", place, key=key), 201) for who in (person, other)]
    assert first["id"] != second["id"]
    # Nor do they when one sends what the other did not.
    given(await other.post("/v1/me/entries", _entry(other), key="shared-by-chance"), 201)
    given(await person.post("/v1/me/entries", _entry(person, 2), key="shared-by-chance"), 201)


async def test_an_answer_is_kept_for_a_day(own_time: World) -> None:
    person = await own_time.newcomer()
    key, entry = new_key(), _entry(person)
    first = given(await person.post("/v1/me/entries", entry, key=key), 201)
    own_time.clock.move(hours=23, minutes=59)
    await stay_signed_in(person)
    assert given(await person.post("/v1/me/entries", entry, key=key), 201) == first
    assert await _entries(person) == 1
    own_time.clock.move(minutes=1)
    given(await person.post("/v1/me/entries", entry, key=key), 201)
    assert await _entries(person) == 2
    # And this answer is kept in turn.
    given(await person.post("/v1/me/entries", entry, key=key), 201)
    assert await _entries(person) == 2


async def test_a_repeat_after_a_new_sign_in_is_still_done_once(own_time: World) -> None:
    """Case 12: the token ended between the two tries."""
    person = await own_time.newcomer()
    key, place = new_key(), await place_at(person, days=16)
    first = given(await person.post("/v1/bookings", place, key=key), 201)
    own_time.clock.move(minutes=11)
    refused(await person.post("/v1/bookings", place, key=key), 401, "not_signed_in")
    await person.sign_in()
    assert given(await person.post("/v1/bookings", place, key=key), 201) == first
    assert await _bookings(person) == 1


@pytest.mark.parametrize("key", ["short", "x" * 129])
async def test_a_key_of_a_wrong_length_is_refused(person: Person, key: str) -> None:
    refused(await person.post("/v1/me/entries", _entry(person), key=key), 422, "invalid_input")
    assert await _entries(person) == 0
