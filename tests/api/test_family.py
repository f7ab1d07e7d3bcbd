"""A guardian acts for a minor until they are of age, and never for an adult; the ward's log names the guardian."""

from typing import Any

import pytest_asyncio

from tests.api.helpers import booked, claims, fresh_passport, given, hire, log, refused, roomy_point, stay_signed_in
from tests.support.people import Person, World


@pytest_asyncio.fixture
async def guardian(world: World) -> Person:
    return await world.newcomer(citizenship="UZB")


async def register(guardian: Person, years: int = 10, **child: Any) -> dict[str, Any]:
    body = {"year": guardian.world.today.year - years, "given_names": "Anora"} | child
    ward: dict[str, Any] = given(await guardian.post("/v1/me/wards", body), 201)
    return ward


async def acting(guardian: Person, ward: dict[str, Any]) -> Person:
    """The guardian's phone with a token for the ward."""
    token = given(await guardian.post(f"/v1/me/wards/{ward['person_id']}/tokens"))
    assert token["expires_in"] == 600
    hands = Person(guardian.world, guardian.number)
    hands.phone_key, hands.key = guardian.phone_key, guardian.key
    hands.tokens = guardian.tokens | {"access_token": token["access_token"]}
    return hands


async def migrant_id(person: Person) -> str:
    return str(given(await person.get("/v1/me"))["migrant_id"])


async def ask(person: Person, other: Person, relation: str) -> dict[str, Any]:
    body = {"migrant_id": await migrant_id(other), "relation": relation}
    link: dict[str, Any] = given(await person.post("/v1/me/family", body), 201)
    return link


async def test_a_ward_has_a_profile_of_their_own_and_every_act_is_in_their_log(guardian: Person) -> None:
    ward = await register(guardian, mrz=fresh_passport("UZB"))
    assert (ward["name"], ward["relation"], ward["confirmed"]) == ("ANNA MARIA ERIKSSON", "ward", True)
    hands = await acting(guardian, ward)
    assert claims(hands.tokens["access_token"])["role"] == "guardian"
    entry = {"entered_on": guardian.world.today.isoformat(), "purpose": "family"}
    profile = given(await hands.post("/v1/me/entries", entry), 201)
    assert profile["migrant_id"] == ward["migrant_id"] != await migrant_id(guardian)
    assert given(await hands.get("/v1/me/pathway"))["steps"]
    actors = {(e["action"], e["actor_role"]) for e in await log(hands)}
    assert {("guardianship_began", "guardian"), ("entry_given", "guardian"), ("guardian_signed_in", "guardian")} <= (
        actors
    )


async def test_a_wards_visit_is_booked_and_attended_with_the_guardians_phone(guardian: Person) -> None:
    world = guardian.world
    hands = await acting(guardian, await register(guardian, mrz=fresh_passport("UZB")))
    given(await hands.post("/v1/me/entries", {"entered_on": world.today.isoformat(), "purpose": "family"}), 201)
    point = await roomy_point(world)
    booking = await booked(hands, point=point)
    desk, stranger = await world.desk(point), await world.newcomer()
    wrong = await desk.post("/v1/visits/check-ins", {"qr_pass": stranger.qr_pass(booking["id"])})
    assert refused(wrong, 422, "pass_refused")["reason"] == "no_visit_here_today"
    shown = given(await desk.post("/v1/visits/check-ins", {"qr_pass": guardian.qr_pass(booking["id"])}), 201)
    assert shown["migrant_id"] == await migrant_id(hands)


async def test_a_guardians_token_opens_nothing_that_is_the_guardians_own(guardian: Person) -> None:
    hands = await acting(guardian, await register(guardian))
    refused(await hands.get("/v1/me/family"), 403, "not_allowed")
    refused(await hands.post("/v1/me/wards", {"year": 2020}), 403, "not_allowed")
    assert given(await hands.get("/v1/me"))["passport"] is None


async def test_nobody_acts_for_an_adult_or_for_somebody_elses_ward(guardian: Person) -> None:
    for years in (18, 30):
        body = {"year": guardian.world.today.year - years, "month": 1, "day": 1}
        refused(await guardian.post("/v1/me/wards", body), 409, "not_a_minor")
    ward, stranger = await register(guardian), await guardian.world.newcomer()
    refused(await stranger.post(f"/v1/me/wards/{ward['person_id']}/tokens"), 404, "not_found")


async def test_it_ends_on_the_eighteenth_birthday(own_time: World) -> None:
    guardian = await own_time.newcomer()
    today = own_time.today
    ward = await register(guardian, 18, month=today.month, day=today.day + 2)
    assert ward["until"] == today.replace(day=today.day + 2).isoformat()
    await acting(guardian, ward)
    own_time.clock.move(days=2)
    await stay_signed_in(guardian)
    refused(await guardian.post(f"/v1/me/wards/{ward['person_id']}/tokens"), 409, "not_a_minor")
    (link,) = given(await guardian.get("/v1/me/family"))["items"]
    assert (link["person_id"], link["name"]) == (None, None)


async def test_it_ends_when_the_guardian_or_a_clerk_says_so(guardian: Person) -> None:
    first, second = await register(guardian), await register(guardian, 3)
    given(await guardian.delete(f"/v1/me/family/{first['id']}"))
    refused(await guardian.post(f"/v1/me/wards/{first['person_id']}/tokens"), 404, "not_found")
    hands = await acting(guardian, second)
    desk = await guardian.world.desk("exam-1")
    assert given(await desk.post("/v1/guardianships/end", {"migrant_id": second["migrant_id"]})) == {"ended": 1}
    refused(await guardian.post(f"/v1/me/wards/{second['person_id']}/tokens"), 404, "not_found")
    assert {"guardianship_ended", "used"} <= {entry["action"] for entry in await log(hands)}
    refused(await desk.post("/v1/guardianships/end", {"migrant_id": "0000-0000-0000"}), 422, "invalid_input")


async def test_a_spouse_confirms_and_each_sees_no_more_than_the_migrant_id(guardian: Person) -> None:
    spouse = await guardian.world.newcomer()
    link = await ask(guardian, spouse, "spouse")
    assert (link["confirmed"], link["asked_by_me"]) == (False, True)
    refused(await guardian.post(f"/v1/me/family/{link['id']}/confirm"), 404, "not_found")
    (theirs,) = given(await spouse.post(f"/v1/me/family/{link['id']}/confirm"))["items"]
    assert theirs == {
        "id": link["id"],
        "relation": "spouse",
        "asked_by_me": False,
        "confirmed": True,
        "person_id": None,
        "migrant_id": await migrant_id(guardian),
        "name": None,
        "until": None,
    }
    body = {"migrant_id": await migrant_id(spouse), "relation": "spouse"}
    refused(await guardian.post("/v1/me/family", body), 409, "link_known")
    person = claims(spouse.tokens["access_token"])["person"]
    refused(await guardian.post(f"/v1/me/wards/{person}/tokens"), 404, "not_found")
    given(await spouse.delete(f"/v1/me/family/{link['id']}"))
    assert given(await guardian.get("/v1/me/family"))["items"] == []


async def test_a_youth_with_an_account_lets_a_guardian_act_and_an_adult_cannot(guardian: Person) -> None:
    youth = await guardian.world.newcomer()
    link = await ask(guardian, youth, "ward")
    person = claims(youth.tokens["access_token"])["person"]
    refused(await youth.post(f"/v1/me/family/{link['id']}/confirm"), 409, "not_a_minor")
    given(await youth.put("/v1/me/birth-date", {"year": guardian.world.today.year - 16}))
    refused(await guardian.post(f"/v1/me/wards/{person}/tokens"), 404, "not_found")
    given(await youth.post(f"/v1/me/family/{link['id']}/confirm"))
    assert await migrant_id(await acting(guardian, {"person_id": person})) == await migrant_id(youth)


async def test_both_parents_register_one_child_and_it_is_one_child(guardian: Person) -> None:
    """The second parent's claim is accepted by the first, acting for the child."""
    mother, mrz = await guardian.world.newcomer(), fresh_passport("UZB")
    first = await register(guardian, mrz=mrz)
    body = {"year": guardian.world.today.year - 10, "mrz": mrz}
    refused(await mother.post("/v1/me/wards", body), 409, "document_known")
    second = await acting(mother, await register(mother))
    case = given(await second.post("/v1/me/merges", {"mrz": mrz}), 201)
    hands = await acting(guardian, first)
    given(await hands.post(f"/v1/me/merges/{case['id']}/accept", {"code": case["code"]}))
    (link,) = given(await mother.get("/v1/me/family"))["items"]
    assert link["person_id"] == first["person_id"]
    assert await migrant_id(await acting(mother, link)) == first["migrant_id"]


async def test_a_ward_of_age_claims_their_profile_at_a_point(own_time: World) -> None:
    guardian, mrz = await own_time.newcomer(), fresh_passport("UZB")
    today = own_time.today
    ward = await register(guardian, 18, month=today.month, day=today.day + 2, mrz=mrz)
    own_time.clock.move(days=3)
    grown = own_time.stranger()
    await grown.sign_in()
    case = given(await grown.post("/v1/me/merges", {"mrz": mrz}), 201)
    own_time.clerks["exam-1"] = await hire(own_time, "exam-1")
    desk = await own_time.desk("exam-1")
    given(await desk.post(f"/v1/merges/{case['code']}/decision", {"mrz": mrz, "decision": "same_person"}))
    await stay_signed_in(grown)
    assert await migrant_id(grown) == ward["migrant_id"]
