"""Agreements: proposed by one operator and passed by another; what changes, expires or is revoked does so at once."""

from datetime import timedelta
from uuid import UUID

import pytest_asyncio

from app.domain.exchange.terms import AgencyKind, Way
from app.domain.identity.caller import Role
from app.errors import AppError
from app.wire.bodies import canonical, digest_of
from app.wire.keys import read_set
from app.wire.receipts import read
from services.exchange import errors
from services.exchange.feeds.running import KIND, run_next
from services.exchange.queries import workstation
from services.registry.keys import MirrorKeys
from tests.api.agencies import REASON, Agency, agency, migrant_id, terms, visitor
from tests.api.helpers import given, log, refused
from tests.api.test_staff_accounts import staff
from tests.support.people import Person, World, new_key


@pytest_asyncio.fixture
async def office(own_time: World) -> Agency:
    return await agency(own_time)


@pytest_asyncio.fixture
async def person(office: Agency) -> Person:
    return await visitor(office.world)


async def test_what_changes_expires_or_is_revoked_does_so_at_once(office: Agency, person: Person) -> None:
    world, mine = office.world, await migrant_id(person)
    now = world.clock.now()
    agreement = await office.agree(valid_to=(now + timedelta(minutes=5)).isoformat())
    key = {"Idempotency-Key": new_key()}
    body = {"agreement_id": agreement, "person": {"by": "migrant_id", "migrant_id": mine}} | REASON
    ask = {"json": body, "headers": office.officer.headers | key}
    assert sorted(given(await world.client.post("/v1/workstation/look-ups", **ask))["fields"]) == ["entry", "name"]  # type: ignore[arg-type]
    path = f"/v1/exchange/agreements/{agreement}"
    changed = given(await office.second.post(f"{path}/versions", terms(world, fields=["name"])), 201)
    refused(await office.second.post(f"{path}/versions/2/approve"), 403, "second_person_needed")
    assert len(given(await office.look_up(agreement, mine))["fields"]) == 2
    assert (await office.first.post(f"{path}/versions/{changed['version']}/approve")).status_code == 204
    told = given(await office.look_up(agreement, mine))
    assert (told["version"], list(told["fields"])) == (2, ["name"])
    # The same request again is no way around it: its answer is not kept.
    assert given(await world.client.post("/v1/workstation/look-ups", **ask))["version"] == 2  # type: ignore[arg-type]
    assert (await office.first.post(f"{path}/revoke")).status_code == 204
    refused(await office.look_up(agreement, mine), 403, "outside_agreement")
    refused(await world.client.post("/v1/workstation/look-ups", **ask), 403, "outside_agreement")  # type: ignore[arg-type]
    refused(await office.first.post(f"{path}/revoke"), 409, "already_decided")
    refused(await office.first.post(f"{path}/versions", terms(world)), 409, "already_decided")
    short = await office.agree(valid_to=(now + timedelta(minutes=5)).isoformat())
    given(await office.look_up(short, mine))
    world.clock.move(minutes=5)
    refused(await office.look_up(short, mine), 403, "outside_agreement")
    standing = given(await office.first.get("/v1/exchange/agreements"))["items"]
    assert {(one["id"], one["version"]): one["status"] for one in standing if one["agency_id"] == office.id} == {
        (agreement, 1): "revoked",
        (agreement, 2): "revoked",
        (short, 1): "expired",
    }


async def test_an_agreement_is_proposed_by_one_operator_and_passed_by_another(office: Agency) -> None:
    world = office.world
    proposal = {"agency_id": office.id, "terms": terms(world)}
    made = given(await office.first.post("/v1/exchange/agreements", proposal), 201)
    path = f"/v1/exchange/agreements/{made['id']}/versions/1/approve"
    refused(await office.first.post(path), 403, "second_person_needed")
    deputies = f"/v1/staff/{office.first.account_id}/deputies/{office.second.account_id}"
    assert (await world.client.put(deputies, headers=office.first.headers)).status_code == 204
    refused(await office.second.post(path), 403, "second_person_needed")
    third = await staff(world, Role.REGION_OPERATOR)
    assert (await third.post(path)).status_code == 204
    refused(await third.post(path), 409, "already_decided")
    for wrong, field in (
        ({"fields": ["email"]}, "fields"),
        ({"purpose": "tax_accounting"}, "purpose"),
        ({"people": "consented"}, "people"),
    ):
        body = {"agency_id": office.id, "terms": terms(world, **wrong)}
        assert refused(await office.first.post("/v1/exchange/agreements", body), 422, "invalid_input")["field"] == field
    for never in ({"people": "citizenship"}, {"people": "missed_deadline"}, {"fields": ["location"]}):
        body = {"agency_id": office.id, "terms": terms(world, **never)}
        refused(await office.first.post("/v1/exchange/agreements", body), 422, "invalid_input")
    for nobody in ({"agency_id": new_key()},):
        refused(await office.first.post("/v1/exchange/agreements", proposal | nobody), 404, "not_found")


async def test_an_agency_fetches_its_signed_files_and_they_are_its_own(office: Agency, person: Person) -> None:
    world, other = office.world, await agency(office.world)
    agreement = await office.agree(ways=["feed"], every_hours=24, fields=["migrant_id"])
    keys = MirrorKeys(world.runtime.database, world.region)
    while await run_next(world.runtime.database, world.region, keys):
        pass
    listed = given(await office.officer.get("/v1/workstation/files"))["items"]
    assert {file["agreement_id"] for file in listed} == {agreement}
    published = read_set(given(await world.client.get(f"/v1/registry/{world.region.code}/jwks.json")))
    told: list[str] = []
    for file in listed:
        path = f"/v1/workstation/files/{file['id']}/fetch"
        refused(await other.officer.post(path), 404, "not_found")
        fetched = given(await office.officer.post(path))
        stated = read(fetched["manifest"], published, KIND)
        assert stated["items"] == [digest_of(canonical(item)).hex() for item in fetched["items"]]
        told += [item["data"]["migrant_id"] for item in fetched["items"]]
    assert await migrant_id(person) in told
    seen = (await log(person))[0]
    assert (seen["receiver"], seen["system"], seen["actor_role"]) == ("Health department", "egisz", "system")
    assert (await office.first.post(f"/v1/exchange/agreements/{agreement}/revoke")).status_code == 204
    refused(await office.officer.post(path), 403, "outside_agreement")


async def test_the_demonstration_has_an_agency_of_each_kind_with_its_own_agreement(world: World) -> None:
    kinds = set(AgencyKind) - {AgencyKind.AUTHORITY}
    async with world.runtime.database.reading(world.region) as uow:
        found = [await workstation(uow, UUID(world.point_id(kind))) for kind in kinds]
    assert {station.kind for station in found} == kinds
    assert all(len(station.allowed) == 1 for station in found)
    ways = {station.kind: station.allowed[0].terms.ways for station in found}
    assert ways[AgencyKind.TAX] == {Way.SEARCH}
    assert ways[AgencyKind.ADAPTATION] == set(Way)


def test_what_is_refused_is_written_down_although_it_ends_in_an_error() -> None:
    refusals = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, AppError)]
    assert {each.code for each in refusals if each.__module__ == errors.__name__ and not each.commits} == {
        "already_decided"
    }
