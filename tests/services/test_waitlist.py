"""An earlier time is offered when a place comes free: to one at a time, by deadline and then by time of asking."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.domain.identity.caller import Role
from app.domain.pathways.rules import EntryPurpose
from app.runtime import Runtime
from services.bookings.upkeep import expire_holds
from services.offers.search import Search
from services.profiles.commands import Crossing, add_entry
from tests.services.crowd import first_region, newcomers
from tests.services.offices import staff_headers
from tests.services.towns import Town, found_town
from tests.support.clock import MovableClock

Json = dict[str, Any]


async def crowded(town: Town, waiting: int) -> tuple[UUID, UUID, list[tuple[UUID, UUID]]]:
    """Somebody at 13:00, and others who have the day after and ask for an earlier time: each (person, booking)."""
    first, *others = await newcomers(town.runtime, waiting + 1)
    taken = await town.booked(first, "point", town.at("13:00", 1))
    asking = []
    for number, person in enumerate(others):
        booking = await town.booked(person, "point", town.at("09:00", 9) + timedelta(minutes=30 * number))
        # Nothing but that one hour is wanted.
        bounds = {"earliest": town.at("13:00", 1).isoformat(), "latest": town.at("13:30", 1).isoformat()}
        await town.ask(person, booking, points=[str(town.points["point"])], **bounds)
        town.clock.move(seconds=1)
        asking.append((person, booking))
    return first, taken, asking


async def holder(town: Town, asking: list[tuple[UUID, UUID]]) -> int | None:
    """Which of them has an offer."""
    having = []
    for number, (person, _) in enumerate(asking):
        (offer,) = await town.offers(person)
        having += [number] if offer["choices"] else []
    assert len(having) <= 1
    return having[0] if having else None


async def test_a_place_that_comes_free_goes_from_one_to_the_next(
    runtime: Runtime, second: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    """Declined, run out, left, and at last accepted: the place that is given back is offered in its turn."""
    town = await found_town(runtime, client, point=1)
    first, taken, asking = await crowded(town, 5)
    other = Search(second.database, first_region(second))
    assert await town.tick(other) == 0
    await town.cancel(first, taken)
    assert await town.tick(other) == 1
    assert await holder(town, asking) == 0
    (offer,) = await town.offers(asking[0][0])
    assert offer["cause"] == "asked"
    assert [choice["starts_at"] for choice in offer["choices"]] == [town.at("13:00", 1).isoformat()]
    # It is kept for the one, and nobody else can have it.
    stranger = await newcomers(runtime, 1)
    with pytest.raises(Exception, match="place_taken"):
        await town.booked(stranger[0], "point", town.at("13:00", 1))
    assert await town.tick(other) == 0
    await town.post(asking[0][0], f"/v1/me/offers/{offer['id']}/decline")
    assert await town.tick(other) == 1
    assert await holder(town, asking) == 1
    clock.move(minutes=31)
    assert await town.tick(other) == 1
    assert await holder(town, asking) == 2
    left = await town.post(asking[2][0], f"/v1/waitlist/{asking[2][1]}/leave")
    assert left.status_code == 200, left.text
    assert await town.tick(other) == 1
    del asking[2]
    assert await holder(town, asking) == 2
    answer = await town.accept(asking[2][0])
    assert (answer.status_code, answer.json()["starts_at"]) == (200, town.at("13:00", 1).isoformat()), answer.text
    assert answer.json()["id"] == str(asking[2][1])
    assert await town.offers(asking[2][0]) == []
    assert await town.tick(other) == 0
    assert await town.kept() == 0
    await town.healthy()


async def test_the_nearest_deadline_goes_first(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    town = await found_town(runtime, client, point=1)
    first, taken, asking = await crowded(town, 2)
    async with runtime.database.writing(first_region(runtime)) as uow:
        (pressed,) = await newcomers(runtime, 1)
        crossed = Crossing(uow.region.day_of(uow.now) - timedelta(days=20), EntryPurpose.WORK)
        await add_entry(uow, pressed, crossed)
    asking.append((pressed, await town.booked(pressed, "point", town.at("17:00", 9))))
    await town.ask(*asking[-1], latest=town.at("17:00", 2).isoformat(), earliest=town.at("13:00", 1).isoformat())
    await town.cancel(first, taken)
    await town.tick()
    assert await holder(town, asking[:2]) is None
    (offer,) = await town.offers(pressed)
    assert offer["choices"][0]["starts_at"] == town.at("13:00", 1).isoformat()


Free = Callable[[Town, UUID, UUID], Awaitable[None]]


async def cancels(town: Town, person: UUID, booking: UUID) -> None:
    await town.cancel(person, booking)


async def moves_away(town: Town, person: UUID, booking: UUID) -> None:
    body = {"point_id": str(town.points["other"]), "starts_at": town.at("10:00", 20).isoformat()}
    answer = await town.post(person, f"/v1/bookings/{booking}/reschedule", body)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("free", [cancels, moves_away])
async def test_whatever_frees_a_place_is_noticed(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock, free: Free
) -> None:
    town = await found_town(runtime, client, point=1, other=1)
    first, taken, _ = await crowded(town, 1)
    assert await town.tick() == 0
    await free(town, first, taken)
    assert await town.tick() == 1


async def test_a_hold_that_runs_out_and_counters_that_are_added_are_noticed(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    town = await found_town(runtime, client, point=1)
    first, taken, _ = await crowded(town, 2)
    await town.cancel(first, taken)
    held = {"service": "medical", "point_id": str(town.points["point"]), "starts_at": town.at("13:00", 1).isoformat()}
    assert (await town.post(first, "/v1/holds", held)).status_code == 201
    assert await town.tick() == 0
    clock.move(minutes=30)
    async with runtime.database.writing(first_region(runtime)) as uow:
        await expire_holds(uow)
    assert await town.tick() == 1
    path = f"/v1/points/{town.points['point']}/plan"
    headers = await staff_headers(runtime, Role.POINT_MANAGER, town.points["point"])
    read = (await client.get(path, headers=headers)).json()
    read["plan"]["pools"][0]["counters"] = 2
    assert (await client.put(path, json=read, headers=headers)).status_code == 200
    assert await town.tick() == 1
    await town.healthy()


async def test_where_and_when_is_as_they_asked(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    town = await found_town(runtime, client, point=1, other=1)
    (person,) = await newcomers(runtime, 1)
    booking = await town.booked(person, "point", town.at("09:00", 9))
    for bounds, code in (
        ({"earliest": town.at("09:00", 9).isoformat()}, "nothing_earlier"),
        ({"latest": town.at("08:00").isoformat()}, "nothing_earlier"),
        ({"points": [str(booking)]}, "nothing_earlier"),
        ({"points": []}, "invalid_input"),
        ({"near": {"lat": 91, "lon": 0}}, "invalid_input"),
    ):
        answer = await town.post(person, "/v1/waitlist", {"booking_id": str(booking)} | bounds)
        assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    south = await client.get(f"/v1/points/{town.points['other']}")
    near = {"lat": south.json()["lat"], "lon": south.json()["lon"]}
    await town.ask(person, booking, near=near, earliest=town.at("16:00", 3).isoformat())
    await town.tick()
    (offer,) = await town.offers(person)
    (choice,) = offer["choices"]
    assert choice["starts_at"] == town.at("16:00", 3).isoformat()
    # Asked again with other bounds, it is asked for anew.
    await town.ask(person, booking, points=[str(town.points["other"])], latest=town.at("12:00", 1).isoformat())
    assert await town.kept() == 0
    await town.tick()
    (offer,) = await town.offers(person)
    (choice,) = offer["choices"]
    assert choice["point"]["id"] == str(town.points["other"])
    assert choice["travel_minutes"] == 26
    answer = await client.get("/v1/me/offers", params=near, headers=await town.headers(person))
    assert [each["minutes_from_you"] for each in answer.json()["items"][0]["choices"]] == [0]
    half = await client.get("/v1/me/offers", params={"lat": 1}, headers=await town.headers(person))
    assert half.json()["code"] == "invalid_input"
    # Who moves the visit themselves waits for nothing any more.
    body = {"point_id": str(town.points["point"]), "starts_at": town.at("10:00", 8).isoformat()}
    assert (await town.post(person, f"/v1/bookings/{booking}/reschedule", body)).status_code == 200
    await town.tick()
    assert await town.offers(person) == []
    assert await town.kept() == 0
    for _ in range(2):
        assert (await town.post(person, f"/v1/waitlist/{booking}/leave")).status_code == 200
    await town.healthy()


async def test_who_never_answers_is_asked_a_few_times_only(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    town = await found_town(runtime, client, point=1)
    (person,) = await newcomers(runtime, 1)
    booking = await town.booked(person, "point", town.at("09:00", 20))
    await town.ask(person, booking)
    for _ in range(first_region(runtime).offers.most):
        assert await town.tick() == 1
        clock.move(minutes=31)
    assert await town.tick() == 0
    assert await town.offers(person) == []
    assert await town.kept() == 0
