"""A visit is moved in one swap, within limits."""

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio

from tests.api.helpers import AIRPORT, booked, given, instant, left_at, log, place_at, refused, stay_signed_in
from tests.support.people import Person, World, new_key

pytestmark = pytest.mark.usefixtures("honest_ledger")
ONE_COUNTER = "medical-11"


@pytest_asyncio.fixture
async def person(own_time: World) -> Person:
    return await own_time.newcomer()


def elsewhere(place: dict[str, str]) -> dict[str, str]:
    """A place as a move asks for it."""
    return {"point_id": place["point_id"], "starts_at": place["starts_at"]}


async def test_a_visit_is_moved_and_stays_the_same_booking(person: Person) -> None:
    old = await place_at(person, point=ONE_COUNTER, days=18)
    booking = given(await person.post("/v1/bookings", old), 201)
    new = await place_at(person, point="medical-10", days=19)
    before = await left_at(person, new)
    moved = given(await person.post(f"/v1/bookings/{booking['id']}/reschedule", elsewhere(new)))
    assert moved["id"] == booking["id"]
    assert moved["status"] == "confirmed"
    assert instant(moved["starts_at"]) == instant(new["starts_at"])
    assert moved["point"]["id"] == new["point_id"]
    assert await left_at(person, old) == 1
    assert await left_at(person, new) == before - 1
    assert given(await person.get(f"/v1/bookings/{booking['id']}")) == moved
    assert [entry["action"] for entry in await log(person)][:2] == ["booking_moved", "booking_confirmed"]


async def test_a_visit_is_moved_by_less_than_its_own_length(person: Person) -> None:
    """Case 8, of bookings: one's own place does not stand in one's way, even at the only counter."""
    place = await place_at(person, point=ONE_COUNTER, days=20)
    booking = given(await person.post("/v1/bookings", place), 201)
    later = (instant(place["starts_at"]) + timedelta(minutes=20)).isoformat()
    to = {"point_id": place["point_id"], "starts_at": later}
    moved = given(await person.post(f"/v1/bookings/{booking['id']}/reschedule", to))
    assert instant(moved["starts_at"]) == instant(later)


async def test_a_move_that_is_refused_leaves_the_visit_where_it_was(world: World, person: Person) -> None:
    """Case 26: rebooking frees the old place only when the new one is had."""
    wanted = await place_at(person, point=ONE_COUNTER, days=21)
    given(await (await world.newcomer()).post("/v1/bookings", wanted), 201)
    old = await place_at(person, point="medical-10", days=21)
    booking = given(await person.post("/v1/bookings", old), 201)
    refused(await person.post(f"/v1/bookings/{booking['id']}/reschedule", elsewhere(wanted)), 409, "place_taken")
    assert given(await person.get(f"/v1/bookings/{booking['id']}")) == booking


async def test_two_who_move_to_one_place_at_once_both_keep_a_place(world: World) -> None:
    """Case 26, at the same instant: one has the new place, the other keeps the old."""
    people = [await world.newcomer() for _ in range(6)]
    bookings = [await booked(person, days=22, point=AIRPORT) for person in people]
    new = await place_at(people[0], point=ONE_COUNTER, days=22)
    answers = await asyncio.gather(
        *(
            person.post(f"/v1/bookings/{booking['id']}/reschedule", elsewhere(new))
            for person, booking in zip(people, bookings, strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409, 409]
    for person, booking, answer in zip(people, bookings, answers, strict=True):
        now = given(await person.get(f"/v1/bookings/{booking['id']}"))
        assert now == (answer.json() if answer.status_code == 200 else booking)


async def test_a_move_sent_again_is_done_once(person: Person) -> None:
    """Case 12: the phone did not hear the answer and asks again."""
    booking = await booked(person, days=18)
    new = elsewhere(await place_at(person, point="medical-10", days=23))
    path, key = f"/v1/bookings/{booking['id']}/reschedule", new_key()
    first, again = [await person.post(path, new, key=key) for _ in range(2)]
    assert given(first) == given(again)
    assert [entry["action"] for entry in await log(person)].count("booking_moved") == 1


async def test_anothers_visit_is_not_moved(world: World, person: Person) -> None:
    """Case 28."""
    booking = await booked(await world.newcomer(), days=18)
    new = elsewhere(await place_at(person, days=24))
    refused(await person.post(f"/v1/bookings/{booking['id']}/reschedule", new), 404, "not_found")


async def test_a_visit_that_began_or_was_cancelled_is_not_moved(own_time: World, person: Person) -> None:
    new = elsewhere(await place_at(person, days=24))
    booking = await booked(person, days=15)
    own_time.clock.at = instant(booking["starts_at"])
    await person.sign_in()
    refused(await person.post(f"/v1/bookings/{booking['id']}/reschedule", new), 409, "not_movable")
    other = await own_time.newcomer()
    booking = await booked(other, days=3)
    given(await other.post(f"/v1/bookings/{booking['id']}/cancel"))
    refused(await other.post(f"/v1/bookings/{booking['id']}/reschedule", new), 409, "not_movable")


async def test_a_hold_is_not_moved(person: Person) -> None:
    held = given(await person.post("/v1/holds", await place_at(person, days=18)), 201)
    new = elsewhere(await place_at(person, days=24))
    refused(await person.post(f"/v1/bookings/{held['id']}/reschedule", new), 409, "not_movable")


async def test_nobody_moves_a_visit_again_and_again(own_time: World, person: Person) -> None:
    limit = own_time.region.limits.changes
    booking = await booked(person, days=18)
    path = f"/v1/bookings/{booking['id']}/reschedule"
    for number in range(limit):
        new = await place_at(person, point=AIRPORT, days=19 + number % 2)
        given(await person.post(path, elsewhere(new)))
        if number == 0:
            own_time.clock.move(hours=1)
            await stay_signed_in(person)
    new = elsewhere(await place_at(person, point=AIRPORT, days=25))
    problem = refused(await person.post(path, new), 409, "too_many_changes")
    assert problem["limit"] == limit
    # The first of them is a day ago, and others are not: one more.
    own_time.clock.move(hours=23)
    await stay_signed_in(person)
    given(await person.post(path, new))
    new = elsewhere(await place_at(person, point=AIRPORT, days=26))
    refused(await person.post(path, new), 409, "too_many_changes")
    own_time.clock.move(hours=1)
    await stay_signed_in(person)
    given(await person.post(path, new))


async def test_a_place_that_begins_in_a_moment_is_neither_shown_nor_booked(own_time: World, person: Person) -> None:
    place = await place_at(person, point=AIRPORT, days=1)
    own_time.clock.at = instant(place["starts_at"]) - timedelta(minutes=9)
    await person.sign_in()
    refused(await person.post("/v1/bookings", place), 409, "too_late")
    first = given(await person.get("/v1/free-times", service="medical"))["items"][0]
    assert instant(first["starts_at"]) >= own_time.clock.now() + own_time.region.limits.lead


async def test_a_taken_place_comes_with_the_nearest_free_ones(world: World, person: Person) -> None:
    """Case 10: taken while the page was open: a clear answer with alternatives that can be booked as they stand."""
    place = await place_at(person, point=ONE_COUNTER, days=23)
    given(await (await world.newcomer()).post("/v1/bookings", place), 201)
    problem = refused(await person.post("/v1/bookings", place), 409, "place_taken")
    found = problem["alternatives"]
    assert found
    assert place["point_id"] in {one["point_id"] for one in found}
    assert {one["point_id"] for one in found} - {place["point_id"]}
    nearest = min((one for one in found if one["point_id"] == place["point_id"]), key=lambda one: one["starts_at"])
    assert abs(instant(nearest["starts_at"]) - instant(place["starts_at"])) <= timedelta(hours=2)
    for one in found:
        booking = given(await person.post("/v1/bookings", place | one), 201)
        given(await person.post(f"/v1/bookings/{booking['id']}/cancel"))
