"""The host confirms a registration by a code that the person gave them, and learns nothing else."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio

from app.domain.identity.caller import Caller, Role
from app.models.identity import Account
from tests.api.helpers import Json, claims, given, log, refused, step
from tests.support.people import Desk, Person, World


async def host_of(world: World) -> Desk:
    """A host who has signed in."""
    caller = Caller(account_id=uuid4(), role=Role.HOST, session_id=uuid4())
    return Desk(world, await world.runtime.keyring.issue(world.region, caller, world.clock.now()))


@pytest_asyncio.fixture
async def person(world: World) -> Person:
    return await world.newcomer(citizenship="UZB")


@pytest_asyncio.fixture
async def host(world: World) -> Desk:
    return await host_of(world)


async def invited(person: Person) -> Json:
    found: Json = given(await person.post("/v1/me/pathway/steps/registration/invitations"), 201)
    return found


async def confirm(host: Desk, code: str, on: date | None = None, **more: str) -> httpx.Response:
    body = {"code": code, "on": (on or host.world.today).isoformat()} | more
    return await host.post("/v1/host/invitations/confirm", body)


async def own(person: Person) -> list[Json]:
    items: list[Json] = given(await person.get("/v1/me/pathway/invitations"))["items"]
    return items


async def test_a_host_reads_and_confirms_and_the_pathway_moves(person: Person, host: Desk) -> None:
    invitation = await invited(person)
    asked = given(await host.post("/v1/host/invitations/read", {"code": invitation["code"].lower()}))
    assert set(asked) == {"name", "step", "title", "expires_at"}
    assert (asked["name"], asked["step"]) == ("ANNA E.", "registration")
    given(await confirm(host, invitation["code"], number="116/2026-7"), 201)
    registration = await step(person, "registration")
    assert (registration["status"], registration["source"]) == ("done", "host")
    found = await own(person)
    assert [(item["status"], item["number"]) for item in found] == [("answered", "116/2026-7")]
    entries = [(entry["action"], entry["actor_role"], entry["purpose"]) for entry in await log(person)]
    assert ("step_done", "host", None) in entries
    # Once for the look, once for the confirmation.
    assert entries.count(("used", "host", "host_confirmation")) == 2


async def test_a_code_confirms_once(person: Person, host: Desk) -> None:
    code = (await invited(person))["code"]
    given(await confirm(host, code), 201)
    refused(await confirm(host, code), 404, "invitation_gone")
    refused(await host.post("/v1/host/invitations/read", {"code": code}), 404, "invitation_gone")
    refused(await person.post("/v1/me/pathway/steps/registration/invitations"), 409, "step_done")


async def test_a_new_code_ends_the_one_before_and_a_withdrawn_one_is_gone(person: Person, host: Desk) -> None:
    first, second = await invited(person), await invited(person)
    refused(await confirm(host, first["code"]), 404, "invitation_gone")
    path = f"/v1/me/pathway/invitations/{second['id']}/withdraw"
    other = await person.world.newcomer(citizenship="UZB")
    refused(await other.post(path), 404, "not_found")
    assert (await person.post(path)).status_code == 204
    refused(await person.post(path), 404, "not_found")
    refused(await confirm(host, second["code"]), 404, "invitation_gone")
    assert sorted(item["status"] for item in await own(person)) == ["withdrawn", "withdrawn"]
    assert (await step(person, "registration"))["done_on"] is None


async def test_a_code_lives_a_week(own_time: World) -> None:
    person = await own_time.newcomer(citizenship="UZB")
    code = (await invited(person))["code"]
    own_time.clock.move(days=7, seconds=-1)
    given(await (await host_of(own_time)).post("/v1/host/invitations/read", {"code": code}))
    own_time.clock.move(seconds=1)
    refused(await confirm(await host_of(own_time), code), 404, "invitation_gone")


@pytest.mark.parametrize("code", ["", "0000-0000", "none", "x" * 20])
async def test_a_wrong_code_tells_nothing(host: Desk, code: str) -> None:
    refused(await host.post("/v1/host/invitations/read", {"code": code}), 404, "invitation_gone")
    refused(await confirm(host, code), 404, "invitation_gone")


async def test_a_day_that_cannot_be_is_refused_and_the_code_stays(person: Person, host: Desk) -> None:
    code, today = (await invited(person))["code"], person.world.today
    answer = await confirm(host, code, today + timedelta(days=1))
    assert refused(answer, 422, "invalid_input")["field"] == "on"
    refused(await confirm(host, code, today - timedelta(days=30)), 422, "day_does_not_count")
    refused(await confirm(host, code, number="Kazan, Bauman street 1, flat 2; and more"), 422, "invalid_input")
    assert [item["status"] for item in await own(person)] == ["open"]
    given(await confirm(host, code, today - timedelta(days=1)), 201)


async def test_the_person_may_dispute_what_the_host_said(person: Person, host: Desk) -> None:
    take_back = "/v1/me/pathway/steps/registration/take-back"
    refused(await person.post(take_back), 409, "nothing_to_take_back")
    given(await confirm(host, (await invited(person))["code"]), 201)
    steps = {found["code"]: found for found in given(await person.post(take_back), 201)["steps"]}
    assert (steps["registration"]["done_on"], steps["registration"]["source"]) == (None, None)
    refused(await person.post(take_back), 409, "nothing_to_take_back")
    await invited(person)


@pytest.mark.parametrize("code", ["medical", "insurance"])
async def test_a_host_confirms_no_other_step(person: Person, code: str) -> None:
    refused(await person.post(f"/v1/me/pathway/steps/{code}/invitations"), 409, "not_for_hosts")
    refused(await person.post("/v1/me/pathway/steps/nothing/invitations"), 404, "step_unknown")


async def test_an_invitation_sent_twice_is_one(person: Person) -> None:
    """Case 12: the same request after a network error."""
    path, key = "/v1/me/pathway/steps/registration/invitations", str(uuid4())
    first = given(await person.post(path, key=key), 201)
    assert given(await person.post(path, key=key), 201) == first
    assert len(await own(person)) == 1


async def test_nobody_is_their_own_host(person: Person) -> None:
    """One number may be a migrant's and a host's; a host who signed in by another may confirm."""
    invitation = await invited(person)
    person.world.clock.move(minutes=2)
    themselves = Person(person.world, person.number)
    await themselves.sign_in(role="host")
    body = {"code": invitation["code"], "on": person.world.today.isoformat()}
    refused(await themselves.post("/v1/host/invitations/confirm", body), 409, "own_host")
    assert (await step(person, "registration"))["status"] != "done"
    other = person.world.stranger()
    await other.sign_in(role="host")
    given(await other.post("/v1/host/invitations/confirm", body), 201)


async def test_a_host_leaves_and_nothing_of_them_stays(person: Person) -> None:
    """Who has just come by the number alone cannot do it for them; what they confirmed stays done."""
    world, host = person.world, person.world.stranger()
    await host.sign_in(role="host")
    body = {"code": (await invited(person))["code"], "on": world.today.isoformat()}
    given(await host.post("/v1/host/invitations/confirm", body), 201)
    world.clock.move(minutes=2)
    thief = Person(world, host.number)
    await thief.sign_in(role="host")
    refused(await thief.delete("/v1/host/account"), 409, "device_too_new")
    account = claims(host.tokens["access_token"])["sub"]
    assert (await host.delete("/v1/host/account")).status_code == 204
    refused(await host.delete("/v1/host/account"), 401, "not_signed_in")
    async with world.runtime.database.reading(world.region) as uow:
        assert await uow.session.get(Account, UUID(account)) is None
    assert (await step(person, "registration"))["status"] == "done"
    world.clock.move(minutes=2)
    await host.sign_in(role="host")
    assert claims(host.tokens["access_token"])["sub"] != account
