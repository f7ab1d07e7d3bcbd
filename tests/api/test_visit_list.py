"""The day's list at a desk: in pages, asked for again and again, and told to each visitor once an hour."""

from datetime import timedelta

import pytest

from tests.api.helpers import AIRPORT, Json, booked, cursor, given, hire, log, refused
from tests.support.people import Desk, Person, World


async def _desk(world: World) -> Desk:
    world.clerks[AIRPORT] = await hire(world)
    return await world.desk(AIRPORT)


async def _reads(person: Person) -> list[Json]:
    return [use for use in await log(person) if use["purpose"] == "visit_list"]


async def test_a_polling_desk_leaves_one_entry_an_hour_and_says_so(own_time: World) -> None:
    visitor, absent = await own_time.newcomer(), await own_time.newcomer()
    await booked(visitor, "medical", point=AIRPORT, days=2)
    await booked(visitor, "fingerprints", point=AIRPORT, days=2.1)
    await booked(absent, point=AIRPORT, days=3)
    day = str(own_time.today + timedelta(days=2))
    desk = await _desk(own_time)
    for _ in range(3):
        items = given(await desk.get("/v1/visits", day=day))["items"]
        assert [item["name"] for item in items].count("ANNA MARIA ERIKSSON") >= 2
        own_time.clock.move(minutes=1)
    (first,) = await _reads(visitor)
    assert first["until"] > first["at"]
    other = await _desk(own_time)
    given(await other.get("/v1/visits", day=day))
    assert len(await _reads(visitor)) == 2
    late = await own_time.newcomer()
    await booked(late, point=AIRPORT, days=2)
    given(await other.get("/v1/visits", day=day))
    assert len(await _reads(late)) == 1
    assert await _reads(absent) == []


async def test_a_look_after_the_hour_is_told_again(own_time: World) -> None:
    visitor = await own_time.newcomer()
    day = (await booked(visitor, point=AIRPORT, days=2))["starts_at"][:10]
    clerk = await hire(own_time)
    for looks in (1, 2):
        own_time.clerks[AIRPORT] = clerk
        desk = await own_time.desk(AIRPORT)
        given(await desk.get("/v1/visits", day=day))
        own_time.clock.move(minutes=60)
        await visitor.sign_in()
        assert len(await _reads(visitor)) == looks


async def test_a_list_that_has_not_changed_is_not_sent_again(world: World) -> None:
    visitor = await world.newcomer()
    visit = await booked(visitor, point=AIRPORT, days=2)
    day, desk = visit["starts_at"][:10], await _desk(world)
    first = await desk.get("/v1/visits", day=day)
    known = desk.headers | {"If-None-Match": first.headers["ETag"]}
    assert (await world.client.get("/v1/visits", params={"day": day}, headers=known)).status_code == 304
    given(await visitor.post(f"/v1/bookings/{visit['id']}/cancel"))
    assert given(await world.client.get("/v1/visits", params={"day": day}, headers=known)) != first.json()


async def test_the_list_is_paged_and_each_visit_comes_once(world: World) -> None:
    for _ in range(3):
        await booked(await world.newcomer(), point=AIRPORT, days=4)
    day, desk = str(world.today + timedelta(days=4)), await _desk(world)
    whole = given(await desk.get("/v1/visits", day=day))["items"]
    seen: list[Json] = []
    page = given(await desk.get("/v1/visits", day=day, limit=2))
    while page["next"]:
        seen += page["items"]
        page = given(await desk.get("/v1/visits", day=day, limit=2, cursor=page["next"]))
    assert seen + page["items"] == whole
    assert len(whole) >= 3


@pytest.mark.parametrize("days", [-32, 400, 100_000])
async def test_a_day_too_far_off_is_refused(world: World, days: int) -> None:
    desk = await _desk(world)
    answer = await desk.get("/v1/visits", day=str(world.today + timedelta(days=days)))
    assert refused(answer, 422, "invalid_input")["field"] == "day"


@pytest.mark.parametrize("bad", ["x", cursor(), cursor("2026-09-01T10:00:00+03:00", "x"), cursor(1, 2), "e30"])
async def test_a_cursor_that_is_not_ours_is_refused(world: World, bad: str) -> None:
    desk = await _desk(world)
    assert refused(await desk.get("/v1/visits", cursor=bad), 422, "invalid_input")["field"] == "cursor"
    given(await desk.get("/v1/visits", day=str(world.today - timedelta(days=31))))
