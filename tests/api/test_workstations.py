"""An agency's workstation gives what its agreement says, to who states why, and each person sees it."""

from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from app.domain.consents.purposes import ConsentPurpose
from app.domain.exchange.refusals import NeverListed
from app.domain.identity.caller import Role
from app.domain.profiles.migrant_id import make_migrant_id
from services.exchange.uses.counting import LIMITS
from tests.api.agencies import REASON, Agency, agency, migrant_id, terms, visitor
from tests.api.helpers import given, log, refused
from tests.api.test_staff_accounts import staff
from tests.support.people import Person, World, new_key

LISTS = "/v1/workstation/lists"


@pytest_asyncio.fixture
async def office(own_time: World) -> Agency:
    return await agency(own_time)


@pytest_asyncio.fixture
async def person(office: Agency) -> Person:
    return await visitor(office.world)


Counts = dict[tuple[str, str, str | None], int]


async def counts(world: World) -> Counts:
    found = given(await world.client.get("/v1/figures/exchange"))
    return {(one["way"], one["outcome"], one["code"]): one["times"] for one in found["uses"]}


def grown(before: Counts, after: Counts) -> Counts:
    return {key: after[key] - before.get(key, 0) for key in after if after[key] != before.get(key, 0)}


def stranger() -> str:
    return make_migrant_id(uuid4().bytes[:7])


async def test_a_look_up_gives_the_agreed_fields_and_the_person_sees_who_and_why(
    office: Agency, person: Person
) -> None:
    agreement = await office.agree()
    told = given(await office.look_up(agreement, await migrant_id(person)))
    assert told["agreement_id"] == agreement
    # No step is done yet: what is unknown is left out.
    assert sorted(told["fields"]) == ["entry", "name"]
    assert told["fields"]["entry"]["purpose"] == "work"
    seen = (await log(person))[0]
    shown = {name: seen[name] for name in ("action", "purpose", "ground", "receiver", "system", "actor_role")}
    assert shown == {
        "action": "passed_on",
        "purpose": "medical_examination",
        "ground": "115-FZ art. 5(18): medical examination",
        "receiver": "Health department",
        "system": "manzil",
        "actor_role": "agency_officer",
    }
    auditor = await staff(office.world, Role.AUDITOR)
    # Newest first, as the clocks of all tests have it: this one is not the only one.
    uses = given(await auditor.get("/v1/exchange/uses", limit=100))["items"]
    assert ("answered", *REASON.values()) in {(use["outcome"], use["reason"], use["case"]) for use in uses}
    assert await migrant_id(person) not in str(uses)


async def test_a_document_finds_the_same_person_and_no_part_of_one_does(office: Agency, person: Person) -> None:
    agreement = await office.agree(fields=["migrant_id", "document"])
    document = given(await office.look_up(agreement, await migrant_id(person)))["fields"]["document"]
    exact = {"by": "document", "kind": "passport", "issuer": document["issuer"], "number": document["number"]}
    found = given(await office.look_up(agreement, "", person=exact))
    assert found["fields"]["migrant_id"] == await migrant_id(person)
    for other in ({"number": document["number"][:-1]}, {"issuer": "D"}, {"kind": "identity_card"}):
        refused(await office.look_up(agreement, "", person=exact | other), 404, "nothing_held")
    refused(await office.look_up(agreement, "", person={"by": "name", "name": "ANNA"}), 422, "invalid_input")


@pytest.mark.parametrize("missing", [{"reason": None}, {"reason": "  short  "}, {"case_reference": None}])
async def test_a_look_up_without_a_reason_is_refused_and_counted(
    office: Agency, person: Person, missing: dict[str, str | None]
) -> None:
    agreement, before, logged = await office.agree(), await counts(office.world), await log(person)
    refused(await office.look_up(agreement, await migrant_id(person), **missing), 422, "reason_missing")
    assert grown(before, await counts(office.world)) == {("search", "refused", "reason_missing"): 1}
    assert await log(person) == logged


async def test_a_look_up_outside_the_agreement_is_refused_and_counted(office: Agency, person: Person) -> None:
    world, mine = office.world, await migrant_id(person)
    only_lists, foreign = await office.agree(ways=["list"]), await agency(world)
    theirs = await foreign.agree()
    proposal = {"agency_id": office.id, "terms": terms(world)}
    proposed = given(await office.first.post("/v1/exchange/agreements", proposal), 201)["id"]
    before = await counts(world)
    for agreement in (only_lists, theirs, proposed, new_key()):
        refused(await office.look_up(agreement, mine), 403, "outside_agreement")
    asked = {"kind": "step_done", "agreement_id": only_lists} | REASON
    refused(await office.officer.post(LISTS, asked), 403, "outside_agreement")
    assert grown(before, await counts(world)) == {
        ("search", "refused", "outside_agreement"): 4,
        ("list", "refused", "outside_agreement"): 1,
    }


async def test_whoever_is_not_of_the_agreed_people_is_as_unknown_as_a_stranger(office: Agency) -> None:
    """Nothing about refugees and who seeks asylum is told, and the answer does not tell that there is anything."""
    world, agreement = office.world, await office.agree()
    elsewhere = await world.newcomer()
    seeker = await world.newcomer(purpose="asylum")
    refugees = [await world.newcomer(citizenship=code) for code in ("XXB", "XXC")]
    unknown = refused(await office.look_up(agreement, stranger()), 404, "nothing_held")
    for hidden in (elsewhere, seeker, *refugees):
        before = await log(hidden)
        problem = refused(await office.look_up(agreement, await migrant_id(hidden)), 404, "nothing_held")
        assert problem | {"request_id": ""} == unknown | {"request_id": ""}
        assert await log(hidden) == before
    refused(await office.look_up(agreement, "no number at all"), 404, "nothing_held")


async def test_a_refugee_who_visits_the_agencys_own_point_is_told_of_to_nobody(office: Agency, person: Person) -> None:
    agreement = await office.agree()
    given(await office.look_up(agreement, await migrant_id(person)))
    body = {"entered_on": office.world.today.isoformat(), "purpose": "asylum"}
    given(await person.post("/v1/me/entries", body), 201)
    refused(await office.look_up(agreement, await migrant_id(person)), 404, "nothing_held")
    asked = {"kind": "visited", "agreement_id": agreement} | REASON
    names = str(given(await office.officer.post(LISTS, asked))["items"])
    assert await migrant_id(person) not in names


async def test_a_list_gives_the_agreed_people_and_each_of_them_sees_it(office: Agency, person: Person) -> None:
    agreement = await office.agree(fields=["migrant_id"])
    other = await visitor(office.world, code="airport-1")
    stranger_to_it = await office.world.newcomer()
    found: list[str] = []
    cursor = None
    while True:
        asked = {"kind": "visited", "agreement_id": agreement, "cursor": cursor} | REASON
        page = given(await office.officer.post(LISTS, asked))
        found += [one["migrant_id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert {await migrant_id(person), await migrant_id(other)} <= set(found)
    assert await migrant_id(stranger_to_it) not in found
    for one in (person, other):
        newest = (await log(one))[0]
        assert (newest["receiver"], newest["receiver_name"]) == ("Health department", "Health department")
    wrong = {"kind": "visited", "agreement_id": agreement, "cursor": "AAAA"} | REASON
    refused(await office.officer.post(LISTS, wrong), 422, "invalid_input")


async def test_some_lists_are_given_to_nobody_and_it_is_said_why(office: Agency) -> None:
    before = await counts(office.world)
    why = {}
    for kind in NeverListed:
        answer = await office.officer.post(LISTS, {"kind": kind} | REASON)
        assert answer.status_code == 403, answer.text
        why[kind] = (answer.json()["code"], answer.json()["why"])
    assert why[NeverListed.CITIZENSHIP] == why[NeverListed.RISK] == ("list_never_given", "by_origin")
    assert why[NeverListed.MISSED_DEADLINE] == ("list_never_given", "pathway_is_help")
    assert why[NeverListed.PREDICTED_STATUS] == ("list_never_given", "pathway_is_help")
    assert why[NeverListed.BULK_LOCATION] == why[NeverListed.LIVE_LOCATION]
    assert why[NeverListed.LIVE_LOCATION] == ("tracking_never_given", "nobody_is_followed")
    assert grown(before, await counts(office.world)) == {
        ("list", "refused", "list_never_given"): 5,
        ("list", "refused", "tracking_never_given"): 2,
    }


async def test_who_goes_through_the_numbers_is_stopped_in_every_process_and_the_operator_is_told(
    office: Agency, person: Person, other_process: World
) -> None:
    agreement, mine, world = await office.agree(), await migrant_id(person), office.world
    elsewhere = Agency(
        other_process,
        office.id,
        office.first,
        office.second,
        type(office.officer)(other_process, office.officer.account_id, office.officer.tokens),
    )
    other_process.runtime.database.clock.move(seconds=0)  # type: ignore[attr-defined]
    for number in range(LIMITS.misses):
        asking = (office, elsewhere)[number % 2]
        refused(await asking.look_up(agreement, stranger()), 404, "nothing_held")
    for asking in (office, elsewhere):
        refused(await asking.look_up(agreement, mine), 403, "look_ups_stopped")
    alarms = given(await office.first.get("/v1/exchange/alarms"))["items"]
    [alarm] = [one for one in alarms if one["account_id"] == office.officer.account_id]
    assert (alarm["kind"], alarm["agency_id"]) == ("misses", office.id)
    assert given(await world.client.get("/v1/figures/exchange"))["alarms_now"] >= 1
    # A day later it is still so: somebody has to look at it.
    path = f"/v1/exchange/alarms/{alarm['id']}/settle"
    assert (await office.first.post(path)).status_code == 204
    refused(await office.first.post(path), 404, "not_found")
    given(await office.look_up(agreement, mine))


async def test_a_workstation_says_what_it_may_and_nothing_more(office: Agency) -> None:
    world = office.world
    empty = given(await office.officer.get("/v1/workstation"))
    assert (empty["kind"], empty["agreements"]) == ("health", [])
    agreement = await office.agree(ways=["search"])
    [allowed] = given(await office.officer.get("/v1/workstation"))["agreements"]
    assert allowed["agreement_id"] == agreement
    assert (allowed["searches"], allowed["lists"]) == (["migrant_id", "document"], [])
    assert sorted(allowed["fields"]) == ["entry", "name", "steps_done"]
    assert (await office.first.post(f"/v1/exchange/agreements/{agreement}/revoke")).status_code == 204
    assert given(await office.officer.get("/v1/workstation"))["agreements"] == []
    unknown = await staff(world, Role.AGENCY_OFFICER, organisation_id=UUID((await agency(world)).id))
    assert given(await unknown.get("/v1/workstation"))["agreements"] == []


async def test_where_consent_is_the_ground_a_refusal_looks_like_nothing_held(own_time: World) -> None:
    centre = await agency(own_time, "adaptation", ())
    by_consent = {"people": "consented", "codes": [], "basis": "consent", "purpose": "integration_courses"}
    agreement = await centre.agree(fields=["name", "email"], **by_consent)
    person = await own_time.newcomer()
    mine = await migrant_id(person)
    nothing = refused(await centre.look_up(agreement, mine), 404, "nothing_held")
    contacts = {"email": "anna@example.org"}
    assert (await person.put("/v1/me/contacts", contacts)).status_code in {200, 204}
    notices = given(await person.get("/v1/me/consents/notices"))["items"]
    [notice] = [one for one in notices if one["purpose"] == ConsentPurpose.SHARE_WITH_ADAPTATION]
    answer = {name: notice[name] for name in ("purpose", "scope", "language", "sha256")}
    consent = given(await person.post("/v1/me/consents", answer), 201)
    told = given(await centre.look_up(agreement, mine))["fields"]
    assert told["email"] == "anna@example.org"
    assert (await log(person))[0]["purpose"] == "integration_courses"
    assert (await person.post(f"/v1/me/consents/{consent['id']}/withdraw")).status_code == 200
    again = refused(await centre.look_up(agreement, mine), 404, "nothing_held")
    assert again | {"request_id": ""} == nothing | {"request_id": ""}
    seeker = await own_time.newcomer(purpose="asylum")
    offered = given(await seeker.get("/v1/me/consents/notices"))["items"]
    assert ConsentPurpose.SHARE_WITH_ADAPTATION not in {one["purpose"] for one in offered}
