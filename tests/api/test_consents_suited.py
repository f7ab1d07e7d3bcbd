"""Consents follow who the person turns out to be: what may not stand any more ends in the same moment."""

import pytest_asyncio

from app.doctor import examine
from tests.api.helpers import fresh_passport, given, stay_signed_in
from tests.api.test_consents import LOCATION, SMS, give
from tests.api.test_merges import accept, two_with_one_passport
from tests.support.people import Person, World


@pytest_asyncio.fixture
async def person(world: World) -> Person:
    return await world.newcomer(citizenship="TJK")


async def statuses(person: Person) -> dict[str, str]:
    return {each["purpose"]: each["status"] for each in given(await person.get("/v1/me/consents"))["items"]}


async def test_who_asks_for_asylum_ends_what_was_mirrored_in_the_same_moment(person: Person) -> None:
    await give(person, LOCATION)
    await give(person, "mirror_document", "passport")
    await give(person, SMS)
    entry = {"entered_on": person.world.today.isoformat(), "purpose": "asylum"}
    given(await person.post("/v1/me/entries", entry), 201)
    found = {each["purpose"]: each["status"] for each in given(await person.get("/v1/me/consents"))["items"]}
    assert found == {LOCATION: "revoked", "mirror_document": "revoked", SMS: "given"}


async def test_a_refugees_document_ends_it_too_and_a_corrected_entry_lets_it_be_given_anew(person: Person) -> None:
    await give(person, LOCATION)
    given(await person.post("/v1/me/passport", {"mrz": fresh_passport("XXB")}), 201)
    assert await statuses(person) == {LOCATION: "revoked"}
    given(await person.post("/v1/me/passport", {"mrz": fresh_passport("TJK")}), 201)
    assert await statuses(person) == {LOCATION: "revoked"}
    await give(person, LOCATION)
    assert await statuses(person) == {LOCATION: "given"}


async def test_of_two_who_turn_out_to_be_one_the_one_that_goes_has_no_consent_left(world: World) -> None:
    holder, claimant, _, case = await two_with_one_passport(world)
    await give(holder, SMS)
    consent = await give(claimant, SMS)
    given(await accept(holder, case))
    await stay_signed_in(claimant)
    # Both phones serve the one person by now, whose consent is the holder's own.
    [left] = given(await claimant.get("/v1/me/consents"))["items"]
    assert (left["status"], left["id"] != consent["id"]) == ("given", True)
    faults = [fault for finding in await examine(world.runtime) for fault in finding.faults if "consent" in fault]
    assert faults == []
