"""A guardian and their wards go together: one plan, one booking, all of them or nobody."""

import pytest
import pytest_asyncio

from tests.api.helpers import Json, claims, fresh_passport, given, instant, refused
from tests.api.test_family import acting, register
from tests.api.test_itineraries import HOME, own, plan, plan_and_book, visits
from tests.api.test_itinerary_offers import accept, look_again
from tests.support.people import Person, World

pytestmark = pytest.mark.usefixtures("honest_ledger")


@pytest_asyncio.fixture
async def guardian(world: World) -> Person:
    return await world.newcomer(citizenship="UZB")


@pytest_asyncio.fixture
async def wards(guardian: Person) -> list[Person]:
    """Two, ten years old, who came to their family; each with the guardian's phone."""
    found = []
    for _ in range(2):
        hands = await acting(guardian, await register(guardian, mrz=fresh_passport("UZB")))
        entry = {"entered_on": guardian.world.today.isoformat(), "purpose": "family"}
        given(await hands.post("/v1/me/entries", entry), 201)
        found.append(hands)
    return found


def id_of(person: Person) -> str:
    return str(claims(person.tokens["access_token"])["person"])


async def test_what_all_of_them_need_they_do_at_one_point_at_once_or_one_after_another(
    guardian: Person, wards: list[Person]
) -> None:
    people = [id_of(guardian), *map(id_of, wards)]
    best = (await plan(guardian, people=people))["itineraries"][0]
    planned = visits(best)
    for step in ("medical", "fingerprints"):
        going = planned[step]["going"]
        assert [each["person_id"] for each in going] == people
        assert going[0]["starts_at"] == planned[step]["starts_at"]
        assert going[-1]["ends_at"] == planned[step]["ends_at"]
        assert [instant(each["starts_at"]) for each in going] == sorted(instant(each["starts_at"]) for each in going)
    assert [each["person_id"] for each in planned["exam"]["going"]] == [people[0]]
    booked = await plan_and_book(guardian, people=people)
    steps: dict[str, set[str]] = {}
    for visit in booked["visits"]:
        steps.setdefault(visit["person_id"], set()).add(visit["booking"]["step"])
    assert steps[people[0]] == {"medical", "fingerprints", "exam", "application", "collection"}
    assert steps[people[1]] == steps[people[2]] == {"medical", "fingerprints"}
    groups = {v["booking"]["group_id"] for v in booked["visits"] if v["booking"]["step"] == "medical"}
    assert len(groups) == 1
    assert None not in groups
    assert {b["step"] for b in given(await wards[0].get("/v1/me/bookings"))["items"]} == {"medical", "fingerprints"}
    standing = await own(guardian)
    assert standing["whole"]
    assert {visit["person_id"] for visit in standing["visits"]} == set(people)


async def test_a_ward_who_falls_out_is_offered_a_visit_of_their_own(guardian: Person, wards: list[Person]) -> None:
    people = [id_of(guardian), id_of(wards[0])]
    booked = await plan_and_book(guardian, people=people)
    visit = next(
        v["booking"] for v in booked["visits"] if (v["person_id"], v["booking"]["step"]) == (people[1], "fingerprints")
    )
    given(await wards[0].post(f"/v1/bookings/{visit['id']}/cancel"))
    await look_again(guardian.world)
    standing = await own(guardian)
    assert [(e["person_id"], e["step"], e["cause"]) for e in standing["failed"]] == [
        (people[1], "fingerprints", "cancelled")
    ]
    accepted = given(await guardian.post(accept(standing["offer"])))
    again = [v for v in accepted["visits"] if v["booking"]["step"] == "fingerprints"]
    assert {v["person_id"] for v in again} == set(people)
    await look_again(guardian.world)
    standing = await own(guardian)
    assert standing["whole"]


async def test_if_one_of_them_is_left_out_nobody_is_booked(guardian: Person, wards: list[Person]) -> None:
    """Case 21, of families: what one of them cannot have, nobody has."""
    people = [id_of(guardian), id_of(wards[0])]
    best = (await plan(guardian, people=people))["itineraries"][0]
    given(await wards[0].post("/v1/bookings", _place(best, "medical")), 201)
    body = HOME | {"visits": best["book"], "people": people}
    problem = refused(await guardian.post("/v1/itineraries", body), 409, "step_booked")
    assert problem["member"] == people[1]
    assert given(await guardian.get("/v1/me/bookings"))["items"] == []


def _place(itinerary: Json, step: str) -> Json:
    """A place for the step, on another day than is planned."""
    found = next(visit for visit in itinerary["book"] if visit["step"] == step)
    other = instant(found["starts_at"]).replace(day=instant(found["starts_at"]).day + 1)
    return {"step": step, "service": step, "point_id": found["point_id"], "starts_at": other.isoformat()}


async def test_a_stranger_goes_with_nobody(guardian: Person, wards: list[Person], world: World) -> None:
    """Case 28, of families that plan."""
    stranger = await world.newcomer()
    body = HOME | {"people": [id_of(stranger), id_of(wards[0])]}
    refused(await stranger.post("/v1/itineraries/plan", body), 404, "not_found")
