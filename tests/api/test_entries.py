"""Entries and exits: corrected without forgetting what was told, and days without a visa counted."""

from datetime import timedelta
from typing import Any

import pytest_asyncio
from sqlalchemy import text

from tests.api.helpers import claims, given, log, refused
from tests.support.people import Person, World


@pytest_asyncio.fixture
async def person(world: World) -> Person:
    person = world.stranger()
    await person.sign_in()
    return person


def day(person: Person, days_ago: int) -> str:
    return (person.world.today - timedelta(days=days_ago)).isoformat()


async def enter(person: Person, days_ago: int, **told: Any) -> dict[str, Any]:
    body = {"entered_on": day(person, days_ago), "purpose": "work"} | told
    profile: dict[str, Any] = given(await person.post("/v1/me/entries", body), 201)
    return profile


async def rows(person: Person) -> list[tuple[str, bool]]:
    """Every version that was ever told: the day, and whether it counts."""
    query = text("SELECT entered_on, replaced_at IS NULL FROM entries WHERE person_id = :person ORDER BY 1, 2")
    owner = claims(person.tokens["access_token"])["person"]
    async with person.world.runtime.database.reading(person.world.region) as uow:
        return [(str(on), live) for on, live in await uow.session.execute(query, {"person": owner})]


async def test_a_wrong_entry_is_corrected_and_what_was_told_is_kept(person: Person) -> None:
    first = (await enter(person, 9))["entry"]
    await enter(person, 3)
    body = {"entered_on": day(person, 8), "purpose": "study", "place": "Маштаково", "migration_card": "46 21 0000001"}
    profile = given(await person.put(f"/v1/me/entries/{first['id']}", body))
    # The one given last still anchors the deadlines.
    assert profile["entry"]["entered_on"] == day(person, 3)
    items = given(await person.get("/v1/me/entries"))["items"]
    assert [(e["entered_on"], e["purpose"], e["place"]) for e in items] == [
        (day(person, 3), "work", None),
        (day(person, 8), "study", "Маштаково"),
    ]
    assert items[1]["migration_card"] == "46 21 0000001"
    assert await rows(person) == [(day(person, 9), False), (day(person, 8), True), (day(person, 3), True)]
    assert "entry_corrected" in [entry["action"] for entry in await log(person)]


async def test_an_exit_stops_the_days_without_a_visa(person: Person) -> None:
    profile = await enter(person, 9)
    assert (profile["days_left_without_visa"], profile["flags"]) == (80, [])
    path = f"/v1/me/entries/{profile['entry']['id']}/exit"
    profile = given(await person.post(path, {"left_on": day(person, 5)}))
    assert (profile["days_left_without_visa"], profile["entry"]["left_on"]) == (85, day(person, 5))
    assert given(await person.post(path, {"left_on": day(person, 6)}))["days_left_without_visa"] == 86
    for wrong in (10, -2):
        refused(await person.post(path, {"left_on": day(person, wrong)}), 422, "exit_not_plausible")
    refused(
        await person.put(
            path.removesuffix("/exit"), {"entered_on": day(person, 2), "purpose": "work", "left_on": day(person, 3)}
        ),
        422,
        "exit_not_plausible",
    )


async def test_an_exit_that_nobody_told_is_asked_for(person: Person) -> None:
    await enter(person, 20)
    profile = await enter(person, 2)
    assert profile["flags"] == ["exit_missing"]
    assert profile["days_left_without_visa"] == 90 - 21


async def test_days_with_a_visa_are_not_counted(person: Person) -> None:
    assert (await enter(person, 20, visa=True))["days_left_without_visa"] is None


async def test_an_entry_that_never_was_counts_for_nothing(person: Person) -> None:
    kept = (await enter(person, 3))["entry"]
    wrong = (await enter(person, 30))["entry"]
    assert given(await person.delete(f"/v1/me/entries/{wrong['id']}"))["entry"]["id"] == kept["id"]
    refused(await person.delete(f"/v1/me/entries/{wrong['id']}"), 404, "not_found")
    assert len(await rows(person)) == 2
    assert (await enter(person, 1))["entry"]["entered_on"] == day(person, 1)


async def test_nobody_elses_entry_can_be_touched(person: Person) -> None:
    entry, other = (await enter(person, 3))["entry"], person.world.stranger()
    await other.sign_in()
    path = f"/v1/me/entries/{entry['id']}"
    refused(await other.put(path, {"entered_on": day(person, 1), "purpose": "work"}), 404, "not_found")
    refused(await other.post(f"{path}/exit", {"left_on": day(person, 1)}), 404, "not_found")
    refused(await other.delete(path), 404, "not_found")


async def test_a_planned_stay_is_what_the_law_counts_with(world: World) -> None:
    """Who stays 90 days or less for a visit is asked for no medical examination (115-ФЗ art. 5)."""
    visitor = await world.newcomer(citizenship="UZB", purpose="visit")
    before = {s["code"] for s in given(await visitor.get("/v1/me/pathway"))["steps"]}
    await enter(visitor, 3, purpose="visit", stay_days=30)
    after = {s["code"] for s in given(await visitor.get("/v1/me/pathway"))["steps"]}
    assert "medical" in before
    assert "medical" not in after
