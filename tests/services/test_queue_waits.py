"""Waits of a real queue, told over HTTP as it moves; and what becomes of visits that a point will be late for."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.runtime import Runtime
from services.offers.behind import take_up_late
from services.offers.search import Search
from tests.services.crowd import first_region
from tests.services.halls import Hall, given, minutes, open_hall
from tests.support.clock import START, MovableClock

Json = dict[str, Any]


async def waits_there(hall: Hall) -> dict[str, Json]:
    items = given(await hall.client.get(f"/v1/points/{hall.point_id}/waits"))["items"]
    return {item["service"]: item["wait"] for item in items}


def minutes_until(told: str | None, now: datetime) -> float:
    assert told is not None
    return (datetime.fromisoformat(told) - now) / timedelta(minutes=1)


async def test_a_wait_is_told_from_who_is_at_the_counter_and_who_is_before(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    """Half an hour a visit, as declared: nothing was measured yet."""
    hall = await open_hall(runtime, client, clerks=1)
    assert minutes_until((await waits_there(hall))["medical"]["likely"], clock.at) == 0
    await hall.walk_in()
    await hall.called()
    visitor = await hall.booked(START + minutes(30))
    clock.move(minutes=20)
    ticket = (await visitor.arrive())["ticket"]
    wait = given(await visitor.get(f"/v1/me/tickets/{ticket['id']}/wait"))["wait"]
    assert 3 <= minutes_until(wait["median"], clock.at) <= 16
    assert 15 <= minutes_until(wait["likely"], clock.at) <= 60
    assert minutes_until(wait["least"], clock.at) <= minutes_until(wait["median"], clock.at)
    # Whoever comes now without a booking waits for both.
    there = (await waits_there(hall))["exam"]
    assert minutes_until(there["median"], clock.at) >= minutes_until(wait["median"], clock.at) + 20
    # Who is called waits no more.
    clock.move(minutes=1)
    other = await visitor.get(f"/v1/me/tickets/{ticket['id']}/wait")
    assert other.status_code == 200
    stranger = await hall.visitor()
    assert (await stranger.get(f"/v1/me/tickets/{ticket['id']}/wait")).status_code == 404


async def test_the_day_tells_how_long_visits_take(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    hall = await open_hall(runtime, client, clerks=1)
    for _ in range(12):
        await hall.walk_in()
    before = minutes_until((await waits_there(hall))["medical"]["median"], clock.at)
    assert before > 280
    told = []
    for _ in range(4):
        ticket = await hall.say(await hall.called(), "serve")
        clock.move(minutes=8)
        await hall.say(ticket, "finish", {})
        told.append(minutes_until((await waits_there(hall))["medical"]["median"], clock.at))
    # Of the four that are gone, 8 minutes each; the eight that are left are not thought to take half an hour any more.
    assert told == sorted(told, reverse=True)
    assert told[-1] < 8 * 20


async def test_when_to_leave_is_told_from_the_way_and_from_the_queue(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    hall = await open_hall(runtime, client, clerks=1)
    visitor = await hall.booked(START + minutes(120))
    at = given(await client.get(f"/v1/points/{hall.point_id}"))
    home = {"lat": at["lat"] + 0.1, "lon": at["lon"]}

    async def advice(**where: float) -> Json:
        path = f"/v1/bookings/{visitor.booking_id}/advice"
        return given(await client.get(path, params=where or home, headers=await visitor.headers()))

    told = await advice()
    assert (told["travel_minutes"], told["leave_now"], told["to_be_moved"]) == (39, False, False)
    assert minutes_until(told["arrive_at"], START) == 115
    assert minutes_until(told["leave_at"], START) == 115 - 39
    assert told["wait"] is not None
    # Four others are booked before, and the one counter will be late for certain.
    for earlier in (0, 0, 30, 30, 60, 60, 90):
        await hall.booked(START + minutes(30 + earlier))
    clock.move(minutes=25)
    told = await advice()
    late = minutes_until(told["arrive_at"], START) - 115
    assert 5 <= late <= 15
    assert minutes_until(told["wait"]["median"], START) > 150
    clock.move(minutes=80)
    assert (await advice())["leave_now"]
    here = {"lat": at["lat"], "lon": at["lon"]}
    assert (await advice(**here))["travel_minutes"] == 0
    refused = await client.get(
        f"/v1/bookings/{visitor.booking_id}/advice", params={"lat": 91, "lon": 0}, headers=await visitor.headers()
    )
    assert refused.json()["code"] == "invalid_input"
    await visitor.arrive()
    answer = await client.get(f"/v1/bookings/{visitor.booking_id}/advice", params=home, headers=await visitor.headers())
    assert (answer.status_code, answer.json()["code"]) == (409, "not_movable")


async def test_whoever_a_point_will_be_late_for_is_offered_another_time_and_keeps_theirs(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    hall, region = await open_hall(runtime, client, clerks=1), first_region(runtime)

    async def taken_up() -> int:
        await take_up_late(runtime.database, region)
        async with runtime.database.reading(region) as uow:
            sought = text("SELECT count(*) FROM waitlist WHERE point_id = :point AND cause = 'behind'")
            return await uow.session.scalar(sought, {"point": hall.point_id}) or 0

    await hall.booked(START + minutes(30))
    last = await hall.booked(START + minutes(60))
    assert await taken_up() == 0
    for _ in range(3):
        await hall.booked(START + minutes(30))
    late = await taken_up()
    assert late >= 2
    assert await taken_up() == late  # each visit once
    await Search(runtime.database, region).tick()
    (offer,) = given(await last.get("/v1/me/offers"))["items"]
    assert (offer["cause"], offer["booking"]["to_be_moved"]) == ("behind", False)
    here = str(hall.point_id)  # halls of other tests may be offered too
    (choice,) = [each for each in offer["choices"] if each["point"]["id"] == here]
    assert minutes_until(choice["starts_at"], START) >= 60 + 45
    clock.move(minutes=30)
    await Search(runtime.database, region).tick()
    (offer,) = given(await last.get("/v1/me/offers"))["items"]  # what nobody took is gone; there is another
    assert choice["id"] not in {each["id"] for each in offer["choices"]}
    clock.move(minutes=30)
    await Search(runtime.database, region).tick()
    assert given(await last.get("/v1/me/offers"))["items"] == []
    assert await last.visit() == "confirmed"
    assert await taken_up() == late


@pytest.mark.parametrize("service", ["medical", "exam"])
async def test_with_no_counter_open_the_point_tells_nothing_it_does_not_know(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock, service: str
) -> None:
    hall = await open_hall(runtime, client, clerks=0)
    assert await waits_there(hall) == {}
