"""How little one person, or somebody who is nobody yet, can keep from the others."""

import pytest

from tests.api.helpers import Json, given, left_at, let_holds_expire, place_at, refused
from tests.support.people import World

pytestmark = pytest.mark.usefixtures("honest_ledger")
ONE_COUNTER = "medical-7"


async def test_a_stranger_holds_nothing(world: World) -> None:
    """Case 27: a hold asks for a sign-in, a profile and a step that is theirs; accounts are bound to phone codes."""
    person = await world.newcomer()
    place = await place_at(person, point=ONE_COUNTER, days=21)
    for path in ("/v1/holds", "/v1/bookings", "/v1/family-bookings"):
        refused(await world.client.post(path, json=place), 401, "not_signed_in")
    fresh = world.stranger()
    await fresh.sign_in()
    refused(await fresh.post("/v1/holds", place), 409, "profile_incomplete")
    desk = await world.desk(ONE_COUNTER)
    refused(await desk.post("/v1/holds", place), 403, "not_allowed")
    assert await left_at(person, place) == 1


async def test_one_person_cannot_exhaust_a_day(world: World) -> None:
    """Case 27: whatever is asked for, one place a step is held, for minutes, and a confirmed one is the only one."""
    person = await world.newcomer()
    first = await place_at(person, point=ONE_COUNTER, days=21)
    path = f"/v1/points/{first['point_id']}/days/{first['starts_at'][:10]}"
    starts: list[Json] = given(await person.get(path, service="medical"))["items"]
    assert len(starts) > 6
    for start in starts:
        answer = await person.post("/v1/holds", first | {"starts_at": start["starts_at"]})
        assert answer.status_code == 201 or refused(answer, 409, "too_many_changes")
    after = given(await person.get(path, service="medical"))["items"]
    lost = {s["starts_at"] for s in starts} - {s["starts_at"] for s in after}
    (held,) = given(await person.get("/v1/me/bookings"))["items"]
    assert held["starts_at"] in lost
    assert len(lost) <= 3  # starts lie closer together than a visit is long
    world.clock.move(minutes=6)
    await let_holds_expire(world)
    assert given(await person.get(path, service="medical"))["items"] == starts
