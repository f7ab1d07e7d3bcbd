"""A point closes at once: everybody with a visit there is offered another within one tick of a worker."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import httpx
from sqlalchemy import text

from app.domain.identity.caller import Role
from app.runtime import Runtime
from services.offers.search import Search
from tests.services.crowd import first_region, newcomers
from tests.services.offices import staff_headers
from tests.services.towns import Json, Town, found_town
from tests.support.clock import MovableClock


def half_hours(town: Town, since: str, count: int, ahead: int = 0) -> list[datetime]:
    return [town.at(since, ahead) + timedelta(minutes=30 * n) for n in range(count)]


async def test_a_point_closes_at_noon_with_80_people_booked(
    runtime: Runtime, second: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    """Two workers at once: each of the 80 has an offer after one tick, no place is kept for two, and all who accept
    are moved in one swap (case 26).
    """
    town = await found_town(runtime, client, closing=8, near=3, next_one=2)
    people = await town.full("closing", half_hours(town, "13:00", 10))
    clock.at = town.at("12:00")
    told = await town.close("closing")
    assert {visit["booking_id"] for visit in told["affected"]} == {str(booking) for booking in people.values()}
    assert len(people) == 80
    other = Search(second.database, first_region(runtime))
    assert await town.tick(other) == 80
    await town.healthy()
    offers = [offer for (offer,) in await asyncio.gather(*map(town.offers, people))]
    for booking, offer in zip(people.values(), offers, strict=True):
        assert (offer["booking"]["id"], offer["booking"]["status"]) == (str(booking), "confirmed")
        assert (offer["booking"]["to_be_moved"], offer["cause"]) == (True, "closed")
        assert 1 <= len(offer["choices"]) <= 2
    kept = [choice["id"] for offer in offers for choice in offer["choices"]]
    assert len(set(kept)) == len(kept)
    # A tick later nothing has changed for anybody.
    assert await town.tick() == 0
    answers = await asyncio.gather(*map(town.accept, people, offers))
    moved = {answer.json()["id"]: answer.json() for answer in answers}
    assert [answer.status_code for answer in answers] == [200] * 80
    for booking, offer in zip(people.values(), offers, strict=True):
        now = moved[str(booking)]
        assert (now["status"], now["to_be_moved"]) == ("confirmed", False)
        assert (now["point"]["id"], now["starts_at"]) == (
            offer["choices"][0]["point"]["id"],
            offer["choices"][0]["starts_at"],
        )
    assert await town.tick() == 0
    assert await town.kept() == 0
    await town.healthy()


async def test_with_no_place_anywhere_everybody_is_told_and_has_one_as_soon_as_there_is_one(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    town = await found_town(runtime, client, closing=1)
    person = (await newcomers(runtime, 1))[0]
    booking = await town.booked(person, "closing", town.at("13:00"))
    headers = await staff_headers(runtime, Role.POINT_MANAGER, town.points["closing"])
    path = f"/v1/points/{town.points['closing']}/plan"
    read = (await client.get(path, headers=headers)).json()
    gone = {"version": read["version"], "plan": read["plan"] | {"hours": {}}}
    refused = (await client.put(path, json=gone, headers=headers)).json()
    answer = await client.put(path, json=gone | {"confirmation": refused["confirmation"]}, headers=headers)
    assert answer.status_code == 200, answer.text
    assert await town.tick() == 0
    (offer,) = await town.offers(person)
    assert (offer["id"], offer["choices"], offer["cause"]) == (None, [], "closed")
    assert await town.news() == [(booking, None)]
    assert await town.tick() == 0
    assert await town.news() == []  # told once
    await town.healthy()
    opened = {"version": answer.json()["version"], "plan": read["plan"] | {"hours": {"2": [["09:00", "10:00"]]}}}
    answer = await client.put(path, json=opened, headers=headers)
    assert answer.status_code == 200, answer.text
    assert await town.tick() == 1
    (offer,) = await town.offers(person)
    assert offer["choices"][0]["starts_at"] == town.at("09:00", 1).isoformat()
    assert await town.news() == [(booking, UUID(offer["id"]))]


async def test_offers_for_another_cause_neither_keep_the_closure_from_anybody_nor_count_for_it(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    """Who had let earlier times pass hears that their point is closed, and has all offers for that before them."""
    town = await found_town(runtime, client, closing=1, near=1)
    (person,) = await newcomers(runtime, 1)
    booking = await town.booked(person, "closing", town.at("13:00"))
    asked = clock.at
    await town.ask(person, booking, points=[str(town.points["near"])])
    most = first_region(runtime).offers.most
    for n in range(most - 1):
        assert await town.tick() == 1
        if n < most - 2:
            (offer,) = await town.offers(person)
            await town.post(person, f"/v1/me/offers/{offer['id']}/decline")
    await town.news()
    plans = {}
    for point in ("closing", "near"):
        headers = await staff_headers(runtime, Role.POINT_MANAGER, town.points[point])
        path = f"/v1/points/{town.points[point]}/plan"
        read = (await client.get(path, headers=headers)).json()
        gone = {"version": read["version"], "plan": read["plan"] | {"hours": {}}}
        refused = (await client.put(path, json=gone, headers=headers)).json()
        more = {"confirmation": refused["confirmation"]} if "confirmation" in refused else {}
        plans[point] = path, headers, read, (await client.put(path, json=gone | more, headers=headers)).json()
    assert await town.tick() == 0
    (offer,) = await town.offers(person)
    assert (offer["id"], offer["choices"], offer["cause"]) == (None, [], "closed")
    assert await town.news() == [(booking, None)]
    assert await town.kept() == 0
    await town.healthy()
    path, headers, read, now = plans["near"]
    back = {"version": now["version"], "plan": read["plan"]}
    assert (await client.put(path, json=back, headers=headers)).status_code == 200
    for _ in range(2):
        assert await town.tick() == 1
        (offer,) = await town.offers(person)
        assert (offer["cause"], len(offer["choices"]) > 0) == ("closed", True)
        await town.post(person, f"/v1/me/offers/{offer['id']}/decline")
    async with runtime.database.reading(first_region(runtime)) as uow:
        since = "SELECT asked_at FROM waitlist WHERE booking_id = :booking AND status = 'waiting'"
        assert await uow.session.scalar(text(since), {"booking": booking}) == asked
    await town.healthy()


async def test_who_declines_is_offered_other_places_a_few_times_and_then_chooses_alone(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    town = await found_town(runtime, client, closing=1, near=1)
    (person,) = await newcomers(runtime, 1)
    await town.booked(person, "closing", town.at("13:00"))
    clock.at = town.at("12:00")
    await town.close("closing")
    seen: set[tuple[str, str]] = set()
    for _ in range(first_region(runtime).offers.most):
        assert await town.tick() == 1
        (offer,) = await town.offers(person)
        new = {(choice["point"]["id"], choice["starts_at"]) for choice in offer["choices"]}
        assert not new & seen
        seen |= new
        path = f"/v1/me/offers/{offer['id']}/decline"
        for _ in range(2):  # twice is once
            answer = await town.post(person, path)
            assert (answer.status_code, answer.json()["to_be_moved"]) == (200, True), answer.text
        assert await town.kept() == 0
    assert await town.tick() == 0
    assert await town.offers(person) == []
    await town.healthy()
    # The place is theirs still, and they can move it themselves.
    (booking,) = (await client.get("/v1/me/bookings", headers=await town.headers(person))).json()["items"]
    assert (booking["status"], booking["to_be_moved"]) == ("confirmed", True)


async def test_places_that_nobody_took_in_time_are_free_again_and_others_are_offered(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    town = await found_town(runtime, client, closing=1, near=1)
    (person,) = await newcomers(runtime, 1)
    await town.booked(person, "closing", town.at("15:00"))
    clock.at = town.at("09:30")
    await town.close("closing")
    await town.tick()
    (first,) = await town.offers(person)
    assert first["expires_at"] == town.at("11:30").isoformat()
    clock.at = town.at("11:30")
    late = await town.post(person, f"/v1/me/offers/{first['id']}/accept", {"choice_id": first["choices"][-1]["id"]})
    assert (late.status_code, late.json()["code"]) == (409, "place_no_longer_offered")
    assert await town.tick() == 1
    (other,) = await town.offers(person)
    assert other["id"] != first["id"]
    assert {c["starts_at"] for c in other["choices"]}.isdisjoint(c["starts_at"] for c in first["choices"])
    assert await town.kept() == len(other["choices"])
    await town.healthy()


async def test_a_point_that_opens_again_takes_its_offers_back(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    town = await found_town(runtime, client, closing=2, near=1)
    people = await town.full("closing", half_hours(town, "13:00", 2))
    clock.at = town.at("12:00")
    headers = await staff_headers(runtime, Role.POINT_MANAGER, town.points["closing"])
    path = f"/v1/points/{town.points['closing']}/plan"
    before = (await client.get(path, headers=headers)).json()
    closed = await town.close("closing", until="16:00")
    assert len(closed["affected"]) == 4
    assert await town.tick() == 4
    answer = await client.put(path, json=before | {"version": closed["version"]}, headers=headers)
    assert answer.status_code == 200, answer.text
    assert await town.tick() == 0
    assert [await town.offers(person) for person in people] == [[]] * 4
    assert await town.kept() == 0
    await town.healthy()
    # And when it closes again, they are offered others again.
    await town.close("closing")
    assert await town.tick() == 4


async def offered_at_noon(town: Town, runtime: Runtime, clock: MovableClock) -> tuple[UUID, Json]:
    """Whose visit at one o'clock has lost its place, and what is offered for it."""
    (person,) = await newcomers(runtime, 1)
    await town.booked(person, "closing", town.at("13:00"))
    clock.at = town.at("12:00")
    await town.close("closing")
    await town.tick()
    (offer,) = await town.offers(person)
    return person, offer


async def test_a_place_that_was_offered_and_closes_too_is_not_offered_any_more(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    town = await found_town(runtime, client, closing=1, near=1, last=1)
    person, offer = await offered_at_noon(town, runtime, clock)
    assert offer["choices"][0]["point"]["id"] == str(town.points["near"])
    await town.close("near")
    await town.tick()
    (offer,) = await town.offers(person)
    assert str(town.points["near"]) not in {choice["point"]["id"] for choice in offer["choices"]}
    await town.healthy()
    assert (await town.accept(person)).status_code == 200
    await town.healthy()


async def test_a_worker_that_waits_for_who_decides_on_an_offer_has_nothing_that_they_need(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    """Offers and entries are locked before bookings and the ledger, by everybody: nobody waits in a circle."""
    town = await found_town(runtime, client, closing=1, near=1)
    _, offer = await offered_at_noon(town, runtime, clock)
    await town.close("near")
    named = {"offer": offer["id"]}
    async with runtime.database.writing(first_region(runtime)) as uow:
        await uow.session.execute(text("UPDATE offers SET expires_at = created_at WHERE id = :offer"), named)
    async with runtime.database.writing(first_region(runtime)) as uow:
        await uow.session.execute(text("SELECT FROM offers WHERE id = :offer FOR UPDATE"), named)
        ticking = asyncio.create_task(town.tick())
        waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'")
        for _ in range(200):
            if await uow.session.scalar(waits):
                break
            await asyncio.sleep(0.05)
        assert not ticking.done()
        await uow.session.execute(text("SET LOCAL lock_timeout = '500ms'"))
        await uow.session.execute(text("SELECT FROM bookings WHERE offer_id = :offer FOR UPDATE"), named)
    assert await ticking == 1
    await town.healthy()


async def test_a_closure_of_some_hours_leaves_the_others_and_is_for_those_who_work_there(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    town = await found_town(runtime, client, closing=1, near=1)
    clock.at = town.at("12:03")
    await town.close("closing", until="16:00")
    free = await client.get(f"/v1/points/{town.points['closing']}/days/{town.at('12:00').date()}?service=medical")
    assert [item["starts_at"][11:16] for item in free.json()["items"]] == ["16:00", "16:30", "17:00", "17:30"]
    path, body = f"/v1/points/{town.points['closing']}/closures", {"reason": {"ru": "Свет", "en": "Power"}}
    clerk = await staff_headers(runtime, Role.CLERK, town.points["closing"])
    again = await client.post(path, json=body | {"since": "13:00", "until": "15:00"}, headers=clerk)
    assert (again.status_code, again.json()["code"]) == (409, "closed_already")
    for since, until in (("20:50", "01:30"), ("17:00", "17:00")):
        backwards = await client.post(path, json=body | {"since": since, "until": until}, headers=clerk)
        assert (backwards.status_code, backwards.json()["code"]) == (422, "invalid_input")
    elsewhere = await staff_headers(runtime, Role.CLERK, town.points["near"])
    assert (await client.post(path, json=body, headers=elsewhere)).status_code == 404
