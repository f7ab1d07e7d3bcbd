"""A lawful request needs two people; its answer is the least, and over after some days; everybody sees how many."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.domain.exchange.requests import ANSWER_LIVES, WAITS
from app.domain.identity.caller import Role
from app.domain.profiles.migrant_id import make_migrant_id
from services.exchange.lawful import repository
from services.exchange.lawful.commands import PURPOSE
from services.exchange.upkeep import forget_old_uses
from tests.api.agencies import Agency, again, agency, migrant_id, visitor
from tests.api.helpers import Json, given, log, refused, stay_signed_in
from tests.api.test_rights import leave
from tests.api.test_staff_accounts import Staff, staff
from tests.support.people import Person, World, new_key

PATH = "/v1/lawful-requests"


@pytest_asyncio.fixture
async def police(own_time: World) -> Agency:
    return await agency(own_time, "authority", ())


@pytest_asyncio.fixture
async def person(own_time: World) -> Person:
    return await visitor(own_time)


async def request(police: Agency, migrant: str, **changed: Any) -> Json:
    today = police.world.today
    return {
        "agency_id": police.id,
        "ground": "criminal_investigation",
        "case_number": "1-26-0141",
        "migrant_id": migrant,
        "categories": ["name", "visits"],
        "first": (today - timedelta(days=30)).isoformat(),
        "last": today.isoformat(),
    } | changed


async def entered(police: Agency, person: Person, **changed: Any) -> str:
    body = await request(police, await migrant_id(person), **changed)
    return str(given(await police.first.post(PATH, body), 201)["id"])


async def passed(police: Agency, person: Person, **changed: Any) -> str:
    made = await entered(police, person, **changed)
    assert (await approve(police.second, made, person)).status_code == 204
    return made


async def approve(by: Staff, made: str, person: Person) -> httpx.Response:
    """By whoever read in the papers whom it is about."""
    return await by.post(f"{PATH}/{made}/approve", {"migrant_id": await migrant_id(person)})


async def answer(police: Agency, made: str) -> Any:
    return await police.officer.post(f"/v1/workstation/lawful-requests/{made}/answer")


async def figure(world: World, ground: str = "criminal_investigation") -> Json:
    found = given(await world.client.get("/v1/figures/exchange"))["requests"]
    return next(one for one in found if one["ground"] == ground)


async def test_two_people_pass_a_request_and_the_person_sees_its_answer(police: Agency, person: Person) -> None:
    world, before = police.world, await figure(police.world)
    made = await entered(police, person)
    refused(await answer(police, made), 404, "not_found")
    refused(await approve(police.first, made, person), 403, "second_person_needed")
    refused(await answer(police, made), 404, "not_found")
    other = await migrant_id(await visitor(world))
    for written in (other, "A" * 12):
        answered = await police.second.post(f"{PATH}/{made}/approve", {"migrant_id": written})
        refused(answered, 409, "subject_differs")
    refused(await answer(police, made), 404, "not_found")
    assert (await approve(police.second, made, person)).status_code == 204
    [waiting] = given(await police.officer.get("/v1/workstation/lawful-requests"))["items"]
    assert (waiting["id"], waiting["case_number"]) == (made, "1-26-0141")
    told = given(await answer(police, made))
    assert sorted(told["fields"]) in (["name"], ["name", "visits"])
    seen = (await log(person))[0]
    assert (seen["purpose"], seen["receiver"]) == (PURPOSE, "Health department")
    assert seen["ground"].startswith("UPK RF art. 21(4)")
    after = await figure(world)
    grown = {name: after[name] - before[name] for name in ("asked", "approved", "declined", "hidden")}
    assert grown == {"asked": 1, "approved": 1, "declined": 0, "hidden": 0}
    uses = given(await world.client.get("/v1/figures/exchange"))["uses"]
    counted = {(one["way"], one["outcome"], one["code"]): one["times"] for one in uses}
    assert counted["request", "answered", None] >= 1
    assert counted["request", "refused", "second_person_needed"] >= 1
    assert counted["request", "refused", "subject_differs"] >= 2


async def test_a_deputy_of_the_first_cannot_pass_it_nor_once_they_are_none(police: Agency, person: Person) -> None:
    world, path = police.world, f"/v1/staff/{police.first.account_id}/deputies/{police.second.account_id}"
    put = await world.client.put(path, headers=police.first.headers)
    assert put.status_code == 204
    made = await entered(police, person)
    refused(await approve(police.second, made, person), 403, "second_person_needed")
    third = await staff(world, Role.REGION_OPERATOR)
    refused(await world.client.delete(path, headers=police.first.headers), 403, "second_person_needed")
    assert (await world.client.delete(path, headers=third.headers)).status_code == 204
    refused(await world.client.delete(path, headers=third.headers), 404, "not_found")
    world.clock.move(minutes=1)
    refused(await approve(police.second, made, person), 403, "second_person_needed")
    [told] = given(await police.first.get(f"/v1/staff/{police.second.account_id}/deputies"))["items"]
    assert (told["account_id"], told["deputy_id"]) == (police.first.account_id, police.second.account_id)
    assert (await approve(third, made, person)).status_code == 204
    # Asked anew, once the relation is over: they are two people again.
    await passed(police, person)


async def test_a_deputy_is_another_of_the_same_role(police: Agency) -> None:
    world = police.world
    own = f"/v1/staff/{police.first.account_id}/deputies"
    for other, status, code in (
        (police.first.account_id, 422, "invalid_input"),
        (police.officer.account_id, 404, "not_found"),
        (new_key(), 404, "not_found"),
    ):
        refused(await world.client.put(f"{own}/{other}", headers=police.first.headers), status, code)


async def test_the_same_approval_from_two_connections_passes_once(
    police: Agency, person: Person, other_process: World
) -> None:
    made = await entered(police, person)
    before = await figure(police.world)
    elsewhere = Staff(other_process, police.second.account_id, police.second.tokens)
    third = await staff(police.world, Role.REGION_OPERATOR)
    answers = await asyncio.gather(
        *(approve(one, made, person) for one in (police.second, elsewhere, third, police.second))
    )
    assert sorted(one.status_code for one in answers) == [204, 409, 409, 409]
    # Who asked, from two connections at once, is one person still.
    again = await entered(police, person)
    mine = Staff(other_process, police.first.account_id, police.first.tokens)
    refusals = await asyncio.gather(*(approve(one, again, person) for one in (police.first, mine)))
    assert [one.json()["code"] for one in refusals] == ["second_person_needed"] * 2
    after = await figure(police.world)
    assert after["approved"] - before["approved"] == 1


async def test_an_answer_expires_and_so_does_a_request_that_nobody_passed(police: Agency, person: Person) -> None:
    world, made, late = police.world, await passed(police, person), await entered(police, person)
    number = {"migrant_id": await migrant_id(person)}
    given(await answer(police, made))
    world.clock.move(seconds=ANSWER_LIVES.total_seconds())
    officer, second = [await again(police.world, one) for one in (police.officer, police.second)]
    refused(await officer.post(f"/v1/workstation/lawful-requests/{made}/answer"), 409, "already_decided")
    assert given(await officer.get("/v1/workstation/lawful-requests"))["items"] == []
    world.clock.move(seconds=(WAITS - ANSWER_LIVES).total_seconds())
    second = await again(world, second)
    refused(await second.post(f"{PATH}/{late}/approve", number), 409, "already_decided")
    found = {one["id"]: one["status"] for one in given(await second.get(PATH))["items"]}
    assert (found[made], found[late]) == ("expired", "lapsed")


async def test_it_answers_with_what_falls_in_the_period_and_nothing_else(police: Agency, person: Person) -> None:
    day = police.world.today
    old = {"first": (day - timedelta(days=90)).isoformat(), "last": (day - timedelta(days=60)).isoformat()}
    made = await passed(police, person, categories=["entry", "visits", "birth_date"], **old)
    assert given(await answer(police, made))["fields"] == {}
    now = await passed(police, person, categories=["entry"])
    assert given(await answer(police, now))["fields"]["entry"]["purpose"] == "work"
    for wrong, field in (
        ({"first": (day - timedelta(days=400)).isoformat()}, "first"),
        ({"last": (day + timedelta(days=1)).isoformat()}, "last"),
        ({"migrant_id": "AAAA-AAAA-AAAA"}, "migrant_id"),
    ):
        body = await request(police, await migrant_id(person), **wrong)
        assert refused(await police.first.post(PATH, body), 422, "invalid_input")["field"] == field
    body = await request(police, await migrant_id(person), categories=["location"])
    refused(await police.first.post(PATH, body), 422, "invalid_input")


async def test_it_is_hidden_by_a_law_until_a_day_and_counted_as_hidden(police: Agency, person: Person) -> None:
    world, before = police.world, await figure(police.world)
    until = (world.clock.now() + timedelta(days=20)).isoformat()
    made = await passed(police, person, hide={"ground": "pre_trial_investigation", "until": until})
    given(await answer(police, made))
    assert PURPOSE not in {entry["purpose"] for entry in await log(person)}
    assert (await figure(world))["hidden"] - before["hidden"] == 1
    world.clock.move(days=21)
    await stay_signed_in(person)
    assert PURPOSE in {entry["purpose"] for entry in await log(person)}
    forever = {"ground": "pre_trial_investigation", "until": (world.clock.now() + timedelta(days=900)).isoformat()}
    body = await request(police, await migrant_id(person), hide=forever)
    first = await again(world, police.first)
    refused(await first.post(PATH, body), 422, "invalid_input")


async def test_of_refugees_and_of_nobody_nothing_is_held_and_neither_operator_is_told(police: Agency) -> None:
    seeker = await police.world.newcomer(purpose="asylum")
    problems = []
    for migrant in (await migrant_id(seeker), make_migrant_id(b"nobody!")):
        made = given(await police.first.post(PATH, await request(police, migrant)), 201)["id"]
        approval = await police.second.post(f"{PATH}/{made}/approve", {"migrant_id": migrant.lower()})
        assert approval.status_code == 204
        problems.append(refused(await answer(police, made), 404, "nothing_held") | {"request_id": ""})
    assert problems[0] == problems[1]
    assert PURPOSE not in {entry["purpose"] for entry in await log(seeker)}


async def test_one_person_is_enough_to_decline_and_another_agency_gets_nothing(police: Agency, person: Person) -> None:
    made, other = await entered(police, person), await agency(police.world, "authority", ())
    assert (await police.first.post(f"{PATH}/{made}/decline")).status_code == 204
    refused(await approve(police.second, made, person), 409, "already_decided")
    refused(await answer(police, made), 404, "not_found")
    passed_on = await passed(police, person)
    refused(await answer(other, passed_on), 404, "not_found")
    auditor = await staff(police.world, Role.AUDITOR)
    listed = given(await auditor.get(PATH, limit=100))
    standing = {one["id"]: one["status"] for one in listed["items"]}
    assert (standing[made], standing[passed_on]) == ("declined", "approved")
    more = given(await auditor.get(PATH, limit=1))
    assert given(await auditor.get(PATH, limit=1, cursor=more["next"]))["items"] != more["items"]
    assert await migrant_id(person) not in str(listed)


async def test_what_was_written_of_somebody_ends_with_them_and_by_its_term(police: Agency, person: Person) -> None:
    """The number of a request, and why an officer asked: sealed with the person's key, and kept for a term at most."""
    world, auditor = police.world, await staff(police.world, Role.AUDITOR)
    other = await visitor(world)
    made = {who.number: await passed(police, who) for who in (person, other)}
    for who in (person, other):
        given(await answer(police, made[who.number]))

    async def subjects() -> dict[str, str | None]:
        async with world.runtime.database.reading(world.region) as uow:
            rows = {str(row.id): row for row in await repository.page(uow, None, 100)}
            return {number: await repository.subject_of(uow, rows[which]) for number, which in made.items()}

    async def cases() -> list[str | None]:
        uses = given(await auditor.get("/v1/exchange/uses", limit=100))["items"]
        return [each["case"] for each in uses if each["account_id"] == police.officer.account_id]

    assert await subjects() == {who.number: await migrant_id(who) for who in (person, other)}
    assert await cases() == ["1-26-0141"] * 2
    await leave(person)
    await world.relay()
    assert await subjects() == {person.number: None, other.number: await migrant_id(other)}
    assert sorted(await cases(), key=str) == ["1-26-0141", None]
    refused(await answer(police, made[person.number]), 404, "nothing_held")
    given(await answer(police, made[other.number]))

    world.clock.move(seconds=ANSWER_LIVES.total_seconds())
    auditor = await again(world, auditor)
    async with world.runtime.database.writing(world.region) as uow:
        await forget_old_uses(uow)
    assert set((await subjects()).values()) == {None}
    assert "1-26-0141" in await cases()
    world.clock.move(seconds=world.region.retention.reasons.total_seconds())
    auditor = await again(world, auditor)
    async with world.runtime.database.writing(world.region) as uow:
        await forget_old_uses(uow)
    assert set(await cases()) == {None}
    for change in ("SET outcome = 'nothing', people = 0", "SET reason_sealed = '\\x01'"):
        with pytest.raises(DBAPIError):
            async with world.runtime.database.writing(world.region) as uow:
                await uow.session.execute(text(f"UPDATE exchange_uses {change}"))
