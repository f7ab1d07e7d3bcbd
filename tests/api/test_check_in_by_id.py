"""A visitor whose phone is dead is checked in by Migrant ID, and a desk learns nothing of anybody else by it."""

import secrets

import httpx
import pytest_asyncio

from app.domain.profiles.migrant_id import RANDOM_BYTES, make_migrant_id
from tests.api.helpers import Json, booked, given, log, refused
from tests.support.people import Desk, Person, World


@pytest_asyncio.fixture
async def person(world: World) -> Person:
    return await world.newcomer()


async def _say(desk: Desk, migrant_id: str) -> httpx.Response:
    return await desk.post("/v1/visits/check-ins", {"migrant_id": migrant_id})


async def _id_of(person: Person) -> str:
    shown: str = given(await person.get("/v1/me"))["migrant_id"]
    return shown


async def test_a_visitor_with_a_dead_phone_is_checked_in_by_migrant_id(person: Person, desk: Desk, point: str) -> None:
    visit, migrant_id = await booked(person, point=point), await _id_of(person)
    shown = given(await _say(desk, migrant_id.lower().replace("-", " ")), 201)
    assert (shown["booking_id"], shown["status"], shown["name"]) == (visit["id"], "arrived", "ANNA MARIA ERIKSSON")
    assert [entry["action"] for entry in await log(person)][:2] == ["arrived_by_migrant_id", "used"]
    refused(await _say(desk, migrant_id), 409, "already_arrived")


async def test_an_unknown_id_and_one_of_somebody_not_expected_are_answered_alike(
    person: Person, desk: Desk, point: str
) -> None:
    await booked(person, point=point, days=1)
    before = await log(person)
    unknown = make_migrant_id(secrets.token_bytes(RANDOM_BYTES))
    answers = [refused(await _say(desk, each), 404, "not_expected_today") for each in (unknown, await _id_of(person))]
    told: list[Json] = [{name: value for name, value in a.items() if name != "request_id"} for a in answers]
    assert told[0] == told[1]
    assert await log(person) == before


async def test_a_mistyped_id_is_told_as_such(person: Person, desk: Desk) -> None:
    shown = await _id_of(person)
    wrong = shown[:-1] + ("A" if shown[-1] != "A" else "B")
    assert refused(await _say(desk, wrong), 422, "invalid_input")["field"] == "migrant_id"
    refused(await desk.post("/v1/visits/check-ins", {"migrant_id": shown, "qr_pass": "x"}), 422, "invalid_input")
