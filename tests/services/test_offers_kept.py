"""A place that is offered is kept: for one person, until they say so or its time is over, and never lost."""

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from app.db.locks import lock_person
from app.runtime import Runtime
from services.bookings.offered import release_all
from services.bookings.upkeep import move_bookings
from services.offers.queries import faults
from services.offers.search import Search
from services.points.errors import PlaceTaken
from tests.services.crowd import first_region, newcomers
from tests.services.towns import found_town
from tests.support.clock import MovableClock


async def test_of_two_phones_that_accept_and_one_that_cancels_one_is_first(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    """Whatever comes first, there is one booking afterwards, or none, and no place is lost (case 26)."""
    town = await found_town(runtime, client, point=1, other=1)
    for _ in range(4):
        (person,) = await newcomers(runtime, 1)
        booking = await town.booked(person, "point", town.at("09:00", 20))
        await town.ask(person, booking, points=[str(town.points["point"])])
        assert await town.tick() == 1
        (offer,) = await town.offers(person)
        path, body = f"/v1/me/offers/{offer['id']}", {"choice_id": offer["choices"][0]["id"]}
        answers = await asyncio.gather(
            town.post(person, f"{path}/accept", body),
            town.post(person, f"{path}/accept", body),
            town.post(person, f"{path}/decline"),
            town.post(person, f"/v1/bookings/{booking}/cancel"),
        )
        assert {answer.status_code for answer in answers} <= {200, 409}
        await town.tick()
        assert await town.offers(person) == [] or answers[3].status_code != 200
        (now,) = (await client.get("/v1/me/bookings", headers=await town.headers(person))).json()["items"]
        assert now["status"] == "cancelled"
        assert await town.kept() == 0
    await town.healthy()


async def test_in_a_rush_for_the_same_places_everybody_has_one_or_an_offer(
    runtime: Runtime, second: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    """Two workers offer what strangers book and others cancel at the same moment: nothing is had twice or lost."""
    town = await found_town(runtime, client, closing=5, near=2)
    hours = [town.at("13:00") + timedelta(minutes=30 * n) for n in range(4)]
    stranded = await town.full("closing", hours)
    leaving = await town.full("near", hours[:2])
    clock.at = town.at("11:00")
    await town.close("closing")
    strangers = await newcomers(runtime, 16)
    wanted = [town.at("11:30") + timedelta(minutes=30 * n) for n in range(8)] * 2
    other = Search(second.database, first_region(second))
    booked = await asyncio.gather(
        *(town.booked(person, "near", at) for person, at in zip(strangers, wanted, strict=True)),
        town.tick(other),
        *(town.cancel(person, booking) for person, booking in leaving.items()),
        return_exceptions=True,
    )
    assert {type(result) for result in booked} <= {UUID, int, PlaceTaken, type(None)}
    await town.tick(other)
    offers = [offer for (offer,) in await asyncio.gather(*map(town.offers, stranded))]
    assert all(offer["choices"] for offer in offers)
    assert await town.kept() == sum(len(offer["choices"]) for offer in offers)
    answers, _ = await asyncio.gather(asyncio.gather(*map(town.accept, stranded, offers)), town.tick(other))
    assert {answer.status_code for answer in answers} == {200}
    await town.healthy()


async def test_the_old_place_stays_until_the_new_one_is_had(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    """Rebooking loses nobody's place (case 26): too late for the new one, the old one is what it was."""
    town = await found_town(runtime, client, point=1)
    (person, other) = await newcomers(runtime, 2)
    booking = await town.booked(person, "point", town.at("09:00", 9))
    await town.ask(person, booking, earliest=town.at("09:00", 2).isoformat())
    await town.tick()
    (offer,) = await town.offers(person)
    clock.move(minutes=31)
    late = await town.accept(person, offer)
    assert (late.status_code, late.json()["code"]) == (409, "place_no_longer_offered")
    answer = await client.get(f"/v1/bookings/{booking}", headers=await town.headers(person))
    assert (answer.json()["status"], answer.json()["starts_at"]) == ("confirmed", town.at("09:00", 9).isoformat())
    # Another's offer is nobody else's to take.
    stolen = await town.accept(other, offer)
    assert (stolen.status_code, stolen.json()["code"]) == (404, "not_found")
    await town.tick()
    await town.healthy()


async def test_what_is_kept_is_no_hold_of_the_persons_own(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    town = await found_town(runtime, client, point=2, other=1)
    (person,) = await newcomers(runtime, 1)
    booking = await town.booked(person, "point", town.at("09:00", 9))
    await town.ask(person, booking, points=[str(town.points["other"])], earliest=town.at("09:00", 2).isoformat())
    await town.tick()
    (offer,) = await town.offers(person)
    kept = offer["choices"][0]["id"]
    listed = (await client.get("/v1/me/bookings", headers=await town.headers(person))).json()["items"]
    assert [item["id"] for item in listed] == [str(booking)]
    for path, body in (("/v1/bookings", {"hold_id": kept}), (f"/v1/bookings/{kept}/cancel", None)):
        answer = await town.post(person, path, body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    # Their other visits stand in the way of nothing that is kept, nor it in theirs; once booked, it cannot be taken.
    body = {"service": "course", "point_id": str(town.points["point"]), "starts_at": offer["choices"][0]["starts_at"]}
    assert (await town.post(person, "/v1/holds", body)).json()["code"] in {"step_unknown", "no_such_place"}
    answer = await town.accept(person, offer)
    assert answer.status_code == 200
    again = await town.accept(person, offer)
    assert (again.status_code, again.json()) == (200, answer.json())
    await town.healthy()


async def test_what_is_sought_for_one_is_theirs_when_two_profiles_are_joined(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    town = await found_town(runtime, client, point=1)
    one, other = await newcomers(runtime, 2)
    booking = await town.booked(one, "point", town.at("09:00", 9))
    await town.ask(one, booking)
    await town.tick()
    async with runtime.database.writing(first_region(runtime)) as uow:
        for person in sorted((one, other)):
            await lock_person(uow, person)
        assert await move_bookings(uow, one, other)
    answer = await town.accept(other)
    assert (answer.status_code, answer.json()["id"]) == (200, str(booking))
    await town.healthy()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("UPDATE offers SET status = 'declined', decided_at = now() WHERE id = :offer", "it is not open"),
        ("RELEASE", "no place is kept"),
        ("UPDATE waitlist SET status = 'ended', decided_at = now() WHERE id = :entry", "its entry is ended"),
        ("CLOSE", "no other place is sought"),
    ],
)
async def test_the_doctor_tells_what_is_wrong_with_offers_and_a_tick_mends_it(
    runtime: Runtime, client: httpx.AsyncClient, clock: MovableClock, wrong: str, told: str
) -> None:
    town = await found_town(runtime, client, point=1, other=1)
    (person,) = await newcomers(runtime, 1)
    booking = await town.booked(person, "point", town.at("13:00"))
    if wrong == "CLOSE":
        await town.close("point")  # and no worker has come yet
    else:
        await town.ask(person, booking, points=[str(town.points["other"])])
        await town.tick()
        async with runtime.database.writing(first_region(runtime)) as uow:
            both = "SELECT o.id AS offer, w.id AS entry FROM offers o JOIN waitlist w ON w.id = entry_id"
            made = await uow.session.execute(text(f"{both} WHERE booking_id = :booking"), {"booking": booking})
            ids = made.mappings().one()
            if wrong == "RELEASE":
                await release_all(uow, [ids["offer"]])
            else:
                named = {name: value for name, value in ids.items() if f":{name}" in wrong}
                await uow.session.execute(text(wrong), named)
        clock.move(minutes=2)
    async with runtime.database.reading(first_region(runtime)) as uow:
        (fault,) = await faults(uow)
    assert told in fault
    await town.tick()
    async with runtime.database.reading(first_region(runtime)) as uow:
        assert await faults(uow) == []
