"""A family's visits through the API. Whom somebody may act for, `services.profiles.queries.members` says."""

import pytest
import pytest_asyncio

from tests.api.helpers import Json, claims, given, place_at, refused
from tests.support.people import Person, World

pytestmark = pytest.mark.usefixtures("honest_ledger")


@pytest_asyncio.fixture
async def person(world: World) -> Person:
    return await world.newcomer()


def _id_of(person: Person) -> str:
    own: str = claims(person.tokens["access_token"])["person"]
    return own


async def test_a_family_of_one_is_booked_like_anybody_once_however_often_it_is_sent(person: Person) -> None:
    """Case 12, of families: the same Idempotency-Key books once."""
    place = await place_at(person, days=9)
    first = given(await person.post("/v1/family-bookings", place, key="family-of-one-booked"), 201)
    assert given(await person.post("/v1/family-bookings", place, key="family-of-one-booked"), 201) == first
    (visit,) = first["items"]
    assert visit["person_id"] == _id_of(person)
    assert visit["booking"]["group_id"]
    assert given(await person.get("/v1/me/bookings"))["items"] == [visit["booking"]]


async def test_nobody_books_for_a_stranger(person: Person, world: World) -> None:
    """Case 28, of families: a person id is no permission."""
    stranger = await world.newcomer()
    place: Json = await place_at(person, days=9)
    for people in ([_id_of(stranger)], [_id_of(person), _id_of(stranger)]):
        refused(await person.post("/v1/family-bookings", place | {"people": people}), 404, "not_found")
    for people in ([], [_id_of(person)] * 2, [_id_of(person)] * 7, ["x"]):
        refused(await person.post("/v1/family-bookings", place | {"people": people}), 422, "invalid_input")
    assert given(await stranger.get("/v1/me/bookings"))["items"] == []


async def test_an_error_names_the_member(person: Person) -> None:
    place = await place_at(person, days=9)
    given(await person.post("/v1/bookings", place), 201)
    problem = refused(await person.post("/v1/family-bookings", place), 409, "step_booked")
    assert problem["member"] == _id_of(person)


async def test_free_times_for_a_family_leave_room_for_all(person: Person) -> None:
    found = given(await person.get("/v1/free-times", service="medical", people=3))["items"]
    single = given(await person.get("/v1/free-times", service="medical"))["items"]
    assert {f["point"]["id"] for f in found} == {f["point"]["id"] for f in single}
    soonest = {f["point"]["id"]: f["starts_at"] for f in single}
    assert all(f["starts_at"] >= soonest[f["point"]["id"]] for f in found if f["starts_at"])
    assert any(f["starts_at"] for f in found)
    for wrong in (0, 7):
        refused(await person.get("/v1/free-times", service="medical", people=wrong), 422, "invalid_input")
