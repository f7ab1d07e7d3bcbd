"""Places are kept for a few minutes while a person decides."""

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio

from tests.api.helpers import (
    booked,
    given,
    instant,
    left_at,
    let_holds_expire,
    place_at,
    refused,
)
from tests.support.people import Person, World

pytestmark = pytest.mark.usefixtures("honest_ledger")
ONE_COUNTER = "medical-10"


@pytest_asyncio.fixture
async def person(own_time: World) -> Person:
    return await own_time.newcomer()


async def test_a_hold_is_confirmed_within_its_five_minutes(person: Person) -> None:
    held = given(await person.post("/v1/holds", await place_at(person, days=17)), 201)
    assert instant(held["held_until"]) == person.world.clock.now() + timedelta(minutes=5)
    person.world.clock.move(seconds=299)
    booking = given(await person.post("/v1/bookings", {"hold_id": held["id"]}), 201)
    assert booking == held | {"status": "confirmed", "held_until": None}
    assert given(await person.get(f"/v1/bookings/{held['id']}")) == booking


async def test_a_hold_that_expired_cannot_be_confirmed_though_no_worker_came_yet(person: Person) -> None:
    held = given(await person.post("/v1/holds", await place_at(person, days=17)), 201)
    person.world.clock.move(seconds=300)
    refused(await person.post("/v1/bookings", {"hold_id": held["id"]}), 409, "hold_gone")


async def test_a_hold_that_expired_gives_its_place_back(person: Person) -> None:
    place = await place_at(person, point=ONE_COUNTER, days=17)
    held = given(await person.post("/v1/holds", place), 201)
    assert await left_at(person, place) == 0
    person.world.clock.move(seconds=299)
    await let_holds_expire(person.world)
    assert await left_at(person, place) == 0
    person.world.clock.move(seconds=1)
    assert await let_holds_expire(person.world) >= 1
    assert await left_at(person, place) == 1
    refused(await person.post("/v1/bookings", {"hold_id": held["id"]}), 409, "hold_gone")
    assert given(await person.get("/v1/me/bookings"))["items"] == []
    other = await person.world.newcomer()
    given(await other.post("/v1/bookings", place), 201)


async def test_a_confirmed_hold_does_not_expire(person: Person) -> None:
    held = given(await person.post("/v1/holds", await place_at(person, days=17)), 201)
    given(await person.post("/v1/bookings", {"hold_id": held["id"]}), 201)
    person.world.clock.move(minutes=6)
    await let_holds_expire(person.world)
    assert given(await person.get(f"/v1/bookings/{held['id']}"))["status"] == "confirmed"


async def test_a_new_hold_replaces_ones_own_and_frees_its_place(person: Person) -> None:
    first = await place_at(person, point=ONE_COUNTER, days=17)
    old = given(await person.post("/v1/holds", first), 201)
    second = await place_at(person, point=ONE_COUNTER, days=17)
    assert second != first
    new = given(await person.post("/v1/holds", second), 201)
    assert await left_at(person, first) == 1
    assert await left_at(person, second) == 0
    refused(await person.post("/v1/bookings", {"hold_id": old["id"]}), 409, "hold_gone")
    assert [b["id"] for b in given(await person.get("/v1/me/bookings"))["items"]] == [new["id"]]


async def test_ones_own_hold_does_not_stand_in_ones_way_after_going_back(person: Person) -> None:
    """Case 8: the only counter is held by the person who asks for that very place again."""
    place = await place_at(person, point="medical-12", days=17)
    first = given(await person.post("/v1/holds", place), 201)
    again = given(await person.post("/v1/holds", place), 201)
    assert again == first
    # Nor when it is booked at once, or moved by less than its own length.
    later = place | {"starts_at": (instant(place["starts_at"]) + timedelta(minutes=20)).isoformat()}
    moved = given(await person.post("/v1/holds", later), 201)
    assert instant(moved["starts_at"]) == instant(later["starts_at"])
    booking = given(await person.post("/v1/bookings", place), 201)
    assert given(await person.get("/v1/me/bookings"))["items"] == [booking]


async def test_eight_phones_of_one_person_asking_at_once_have_one_hold(person: Person) -> None:
    place = await place_at(person, point="medical-12", days=18)
    answers = await asyncio.gather(*(person.post("/v1/holds", place) for _ in range(8)))
    assert len({given(answer, 201)["id"] for answer in answers}) == 1
    assert len(given(await person.get("/v1/me/bookings"))["items"]) == 1


async def test_a_hold_that_is_refused_leaves_the_one_before(person: Person) -> None:
    """Case 26, of holds: the old place is not lost when the new one cannot be had."""
    taken = await place_at(person, point=ONE_COUNTER, days=17)
    given(await (await person.world.newcomer()).post("/v1/bookings", taken), 201)
    held = given(await person.post("/v1/holds", await place_at(person, days=17)), 201)
    refused(await person.post("/v1/holds", taken), 409, "place_taken")
    given(await person.post("/v1/bookings", {"hold_id": held["id"]}), 201)


async def test_a_place_that_is_held_is_not_held_again(person: Person) -> None:
    """Case 4: two pending holds on one place cannot both be there, so not both be confirmed."""
    place = await place_at(person, point=ONE_COUNTER, days=17)
    given(await person.post("/v1/holds", place), 201)
    other = await person.world.newcomer()
    for path in ("/v1/holds", "/v1/bookings"):
        refused(await other.post(path, place), 409, "place_taken")


async def test_anothers_hold_is_not_found(person: Person) -> None:
    held = given(await person.post("/v1/holds", await place_at(person, days=17)), 201)
    other = await person.world.newcomer()
    refused(await other.post("/v1/bookings", {"hold_id": held["id"]}), 404, "not_found")
    given(await person.post("/v1/bookings", {"hold_id": held["id"]}), 201)


async def test_a_hold_confirmed_twice_is_one_booking(person: Person) -> None:
    """A second tap without an Idempotency-Key: the booking is theirs, and the answer says so."""
    held = given(await person.post("/v1/holds", await place_at(person, days=17)), 201)
    first = given(await person.post("/v1/bookings", {"hold_id": held["id"]}), 201)
    assert given(await person.post("/v1/bookings", {"hold_id": held["id"]}), 201) == first
    assert len(given(await person.get("/v1/me/bookings"))["items"]) == 1


async def test_a_hold_can_be_given_back(person: Person) -> None:
    place = await place_at(person, point=ONE_COUNTER, days=17)
    held = given(await person.post("/v1/holds", place), 201)
    for _ in range(2):
        assert given(await person.post(f"/v1/bookings/{held['id']}/cancel"))["status"] == "released"
    assert await left_at(person, place) == 1
    refused(await person.post("/v1/bookings", {"hold_id": held["id"]}), 409, "hold_gone")


async def test_a_step_that_is_booked_is_not_held(person: Person) -> None:
    await booked(person, days=17)
    refused(await person.post("/v1/holds", await place_at(person, days=17)), 409, "step_booked")
