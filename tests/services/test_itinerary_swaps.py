"""Several visits of one person move at once."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest_asyncio

from app.domain.region.policy import RegionPolicy
from app.runtime import Runtime
from services.bookings.queries import ledger_faults
from tests.services.crowd import newcomers, token_of
from tests.services.offices import workday
from tests.services.town_of_all_kinds import Town, make_town

Json = dict[str, Any]


class Visitor:
    def __init__(self, client: httpx.AsyncClient, town: Town, headers: dict[str, str]) -> None:
        self.client, self.town, self.headers = client, town, headers

    def place(self, step: str, day: date, wall: str) -> Json:
        starts_at = f"{day}T{wall}:00+03:00"
        return {"step": step, "service": step, "point_id": str(self.town.points[step]), "starts_at": starts_at}

    async def post(self, path: str, body: Json, status: int = 201) -> Json:
        answer = await self.client.post(path, json=body, headers=self.headers)
        assert answer.status_code == status, answer.text
        said: Json = answer.json()
        return said

    async def visits(self) -> dict[str, str]:
        items = (await self.client.get("/v1/me/bookings", headers=self.headers)).json()["items"]
        return {b["step"]: b["starts_at"][11:16] for b in items if b["status"] == "confirmed"}


@pytest_asyncio.fixture
async def visitor(runtime: Runtime, client: httpx.AsyncClient) -> Visitor:
    town = await make_town(runtime)
    (person,) = await newcomers(runtime, 1)
    return Visitor(client, town, {"Authorization": f"Bearer {await token_of(runtime, person)}"})


async def test_two_visits_exchange_their_times_in_one_swap(
    runtime: Runtime, region: RegionPolicy, visitor: Visitor
) -> None:
    """Nobody is in two places on the way: neither visit ever stands where the other still is."""
    day = workday(region.day_of(runtime.database.clock.now()))
    first = await visitor.post("/v1/bookings", visitor.place("medical", day, "09:00"))
    second = await visitor.post("/v1/bookings", visitor.place("fingerprints", day, "11:00"))
    swapped = [visitor.place("medical", day, "11:00"), visitor.place("fingerprints", day, "09:00")]
    await visitor.post("/v1/itineraries", visitor.town.home | {"visits": swapped}, 409)  # they stay as they are
    booked = await visitor.post("/v1/itineraries", visitor.town.home | {"visits": swapped, "replan": True})
    assert {visit["booking"]["id"] for visit in booked["visits"]} == {first["id"], second["id"]}
    assert await visitor.visits() == {"medical": "11:00", "fingerprints": "09:00"}
    async with runtime.database.reading(region) as uow:
        assert await ledger_faults(uow) == []


async def test_visits_that_would_overlap_are_refused(runtime: Runtime, region: RegionPolicy, visitor: Visitor) -> None:
    day = workday(region.day_of(runtime.database.clock.now()))
    await visitor.post("/v1/bookings", visitor.place("medical", day, "09:00"))
    body = visitor.town.home | {"visits": [visitor.place("fingerprints", day, "09:20")]}
    problem = await visitor.post("/v1/itineraries", body, 409)
    assert problem["code"] == "itinerary_breaks"
    assert {(each["step"], each["fault"]) for each in problem["violations"]} == {("fingerprints", "clash")}
    assert await visitor.visits() == {"medical": "09:00"}


async def test_a_hold_is_given_back_for_its_itinerary(runtime: Runtime, region: RegionPolicy, visitor: Visitor) -> None:
    """Case 8, of itineraries: the only counter is held by the person who books that very place."""
    day = workday(region.day_of(runtime.database.clock.now()))
    place = visitor.place("medical", day, "09:00")
    await visitor.post("/v1/holds", place)
    plan = await visitor.post("/v1/itineraries/plan", visitor.town.home | {"most_visits": 1}, 200)
    assert plan["itineraries"]
    await visitor.post("/v1/itineraries", visitor.town.home | {"visits": [place]})
    assert await visitor.visits() == {"medical": "09:00"}
    async with runtime.database.reading(region) as uow:
        assert await ledger_faults(uow) == []


async def test_a_lapse_of_limits_is_told_with_whose_it_is(
    runtime: Runtime, region: RegionPolicy, visitor: Visitor
) -> None:
    day = workday(region.day_of(runtime.database.clock.now()))
    booking = await visitor.post("/v1/bookings", visitor.place("medical", day, "09:00"))
    for turn in range(region.limits.changes):
        body = visitor.place("medical", day + timedelta(days=7), ("09:00", "10:00")[turn % 2])
        await visitor.post(
            f"/v1/bookings/{booking['id']}/reschedule", {k: body[k] for k in ("point_id", "starts_at")}, 200
        )
    body = visitor.town.home | {"visits": [visitor.place("medical", day, "11:00")], "replan": True}
    problem = await visitor.post("/v1/itineraries", body, 409)
    assert (problem["code"], "member" in problem) == ("too_many_changes", True)
