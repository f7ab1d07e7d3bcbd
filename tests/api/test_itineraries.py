"""Whole pathways, planned in one call and booked in another."""

from datetime import timedelta

import pytest
import pytest_asyncio

from tests.api.helpers import Json, booked, given, instant, left_at, refused
from tests.support.people import Person, World

pytestmark = pytest.mark.usefixtures("honest_ledger")
HOME: Json = {"lat": 55.79, "lon": 49.13}
VISITS = {"medical", "exam", "fingerprints", "application", "collection"}


@pytest_asyncio.fixture
async def person(world: World) -> Person:
    return await world.newcomer()


async def plan(person: Person, **other: object) -> Json:
    found: Json = given(await person.post("/v1/itineraries/plan", HOME | other))
    return found


def visits(itinerary: Json) -> dict[str, Json]:
    return {visit["step"]: visit for outing in itinerary["outings"] for visit in outing["visits"]}


async def book(person: Person, itinerary: Json, **other: object) -> Json:
    found: Json = given(await person.post("/v1/itineraries", HOME | {"visits": itinerary["book"]} | other), 201)
    return found


async def plan_and_book(person: Person, **other: object) -> Json:
    """Somebody may have been faster within the second for which places are remembered: then by the new plan."""
    itinerary = (await plan(person, **other))["itineraries"][0]
    answer = await person.post("/v1/itineraries", HOME | {"visits": itinerary["book"]} | other)
    if answer.status_code == 409:
        itinerary = refused(answer, 409, "itinerary_taken")["plan"]["itineraries"][0]
        return await book(person, itinerary, **other)
    booked: Json = given(answer, 201)
    return booked


async def own(person: Person) -> Json:
    found: Json = given(await person.get("/v1/me/itinerary"))
    return found


async def test_the_whole_pathway_is_planned_in_one_call(person: Person) -> None:
    found = await plan(person)
    best = found["itineraries"][0]
    planned = visits(best)
    assert set(planned) == VISITS
    assert found["unplaced"] == best["missed"] == []
    # The law's own waits: the exam's result takes five working days, the patent ten.
    assert instant(planned["application"]["starts_at"]).date() >= instant(
        planned["exam"]["starts_at"]
    ).date() + timedelta(7)
    assert instant(planned["collection"]["starts_at"]).date() >= instant(
        planned["application"]["starts_at"]
    ).date() + timedelta(14)
    assert {assumed["step"] for assumed in best["assumes"]} == {"registration", "insurance", "translation"}
    assert all(assumed["text"] and assumed["on"] for assumed in best["assumes"])
    assert best["reason"] == "best"
    assert "deadline" in best["text"]
    assert best["days_out"] == len(best["outings"])
    assert best["minutes"] == sum(outing["minutes"] for outing in best["outings"])
    for outing in best["outings"]:
        ways = sum(visit["way_minutes"] for visit in outing["visits"])
        assert ways + outing["home_minutes"] == outing["minutes"]
    others = found["itineraries"][1:]
    assert all(other["reason"] != "best" and other["book"] != best["book"] for other in others)
    assert given(await person.get("/v1/me/bookings"))["items"] == []


async def test_reasons_are_told_in_russian_too(person: Person) -> None:
    headers = person.headers | {"Accept-Language": "ru"}
    found = given(await person.world.client.post("/v1/itineraries/plan", json=HOME, headers=headers))
    assert "сроки соблюдены" in found["itineraries"][0]["text"]
    assert "принимающая сторона" in found["itineraries"][0]["assumes"][0]["text"]


async def test_free_hours_and_limits_are_kept(person: Person) -> None:
    free = {"1": [["09:00", "13:00"]], "3": [["09:00", "18:00"]]}
    best = (await plan(person, free=free, most_visits=1, most_minutes=40))["itineraries"][0]
    for outing in best["outings"]:
        assert instant(outing["leaves_at"]).weekday() in {1, 3}
        assert instant(outing["leaves_at"]).hour >= 9
        assert instant(outing["back_at"]).hour < (13 if instant(outing["back_at"]).weekday() == 1 else 18)
        (visit,) = outing["visits"]
        assert visit["way_minutes"] <= 40


async def test_what_cannot_be_had_is_told_with_its_reason(person: Person) -> None:
    found = await plan(person, most_minutes=1)
    assert found["itineraries"] == []
    assert {each["step"]: each["obstacle"] for each in found["unplaced"]}["medical"] == "too_far"
    assert all(each["text"] for each in found["unplaced"])


async def test_an_itinerary_is_booked_in_one_call_once_however_often_it_is_sent(person: Person) -> None:
    """Case 12, of itineraries: the same Idempotency-Key books once."""
    best = (await plan(person))["itineraries"][0]
    body = HOME | {"visits": best["book"]}
    first = given(await person.post("/v1/itineraries", body, key="itinerary-booked-once"), 201)
    assert given(await person.post("/v1/itineraries", body, key="itinerary-booked-once"), 201) == first
    mine = given(await person.get("/v1/me/bookings"))["items"]
    assert {b["step"] for b in mine} == VISITS
    assert {b["itinerary_id"] for b in mine} == {first["id"]}
    assert first["completes_on"] == best["completes_on"]
    standing = await own(person)
    assert (standing["id"], standing["whole"], standing["offer"]) == (first["id"], True, None)
    assert all(visit["good"] for visit in standing["visits"])
    # Sent again without a key it is the same visits, under a new itinerary: nothing is booked twice.
    again = given(await person.post("/v1/itineraries", body), 201)
    assert [v["booking"]["id"] for v in again["visits"]] == [v["booking"]["id"] for v in first["visits"]]
    assert (await own(person))["id"] == again["id"] != first["id"]


async def test_a_place_that_is_gone_books_nothing_and_brings_a_new_plan(person: Person, world: World) -> None:
    """Cases 21 and 10, of itineraries: one visit cannot be had, so none is; the answer says so, with a new plan."""
    (taken_step, wanted) = await _the_last_place(person, world)
    others = await world.newcomer()
    given(await others.post("/v1/bookings", _place(wanted, taken_step)), 201)
    problem = refused(await person.post("/v1/itineraries", HOME | {"visits": wanted}), 409, "itinerary_taken")
    # At a point whose counters do both, the place for another visit may be gone with it.
    assert taken_step in [each["step"] for each in problem["taken"]]
    assert given(await person.get("/v1/me/bookings"))["items"] == []
    refused(await person.get("/v1/me/itinerary"), 404, "not_found")
    fresh = problem["plan"]["itineraries"][0]
    assert set(visits(fresh)) == VISITS
    await book(person, fresh)
    assert {b["step"] for b in given(await person.get("/v1/me/bookings"))["items"]} == VISITS


async def _the_last_place(person: Person, world: World) -> tuple[str, list[Json]]:
    """A plan one of whose places one person only can have; and which step that is."""
    best = (await plan(person))["itineraries"][0]
    place = next(each for each in best["book"] if each["step"] == "fingerprints")
    while await left_at(person, place) > 1:
        given(await (await world.newcomer()).post("/v1/bookings", _place([place], "fingerprints")), 201)
    return "fingerprints", best["book"]


def _place(wanted: list[Json], step: str) -> Json:
    found = next(each for each in wanted if each["step"] == step)
    return {name: found[name] for name in ("step", "service", "point_id", "starts_at")}


async def test_visits_that_break_a_rule_are_refused_all_of_them(person: Person) -> None:
    best = (await plan(person))["itineraries"][0]
    places = {each["step"]: each for each in best["book"]}
    early = instant(places["collection"]["starts_at"]) - timedelta(days=7)
    too_soon = places | {"collection": places["collection"] | {"starts_at": early.isoformat()}}
    problem = refused(
        await person.post("/v1/itineraries", HOME | {"visits": list(too_soon.values())}), 409, "itinerary_breaks"
    )
    assert {"step": "collection", "fault": "prerequisite", "other": "application"} in problem["violations"]
    without = [place for step, place in places.items() if step != "medical"]
    problem = refused(await person.post("/v1/itineraries", HOME | {"visits": without}), 409, "itinerary_breaks")
    assert {"step": "application", "fault": "prerequisite", "other": "medical"} in problem["violations"]
    twice = [*best["book"], best["book"][0]]
    refused(await person.post("/v1/itineraries", HOME | {"visits": twice}), 409, "itinerary_breaks")
    wrong = [places["medical"] | {"step": "course", "service": "medical"}]
    refused(await person.post("/v1/itineraries", HOME | {"visits": wrong}), 409, "itinerary_breaks")
    assert given(await person.get("/v1/me/bookings"))["items"] == []


async def test_visits_that_are_booked_stay_unless_they_may_move(person: Person) -> None:
    before = await booked(person, "medical", days=9)
    kept = visits((await plan(person))["itineraries"][0])
    assert kept["medical"]["booked"]
    assert instant(kept["medical"]["starts_at"]) == instant(before["starts_at"])
    assert kept["medical"]["going"][0]["booking_id"] == before["id"]
    free = (await plan(person, replan=True))["itineraries"][0]
    moved = visits(free)["medical"]
    assert not moved["booked"]
    assert moved["going"][0]["booking_id"] == before["id"]
    assert instant(moved["starts_at"]) < instant(before["starts_at"])
    refused(await person.post("/v1/itineraries", HOME | {"visits": free["book"]}), 409, "step_booked")
    await book(person, free, replan=True)
    now = given(await person.get(f"/v1/bookings/{before['id']}"))
    assert instant(now["starts_at"]) == instant(moved["starts_at"])
    assert now["status"] == "confirmed"


async def test_a_swap_that_cannot_be_had_leaves_every_visit_as_it_was(person: Person, world: World) -> None:
    """Case 26, of itineraries: no old place is given back when one of the new ones is gone."""
    before = await booked(person, "medical", days=9)
    best = (await plan(person, replan=True))["itineraries"][0]
    place = next(each for each in best["book"] if each["step"] == "exam")
    while await left_at(person, place) > 0:
        given(await (await world.newcomer()).post("/v1/bookings", _place([place], "exam")), 201)
    body = HOME | {"visits": best["book"], "replan": True}
    refused(await person.post("/v1/itineraries", body), 409, "itinerary_taken")
    assert given(await person.get("/v1/me/bookings"))["items"] == [before]


async def test_a_plan_is_made_for_nobody_else(person: Person, world: World) -> None:
    """Case 28, of itineraries: a person id is no permission."""
    stranger = given(await (await world.newcomer()).post("/v1/itineraries/plan", HOME))
    id_of = stranger["itineraries"][0]["book"][0]["person_id"]
    refused(await person.post("/v1/itineraries/plan", HOME | {"people": [id_of]}), 404, "not_found")
    best = (await plan(person))["itineraries"][0]
    theirs = [visit | {"person_id": id_of} for visit in best["book"]]
    refused(await person.post("/v1/itineraries", HOME | {"visits": theirs}), 404, "not_found")
    refused(await person.get("/v1/me/itinerary"), 404, "not_found")


async def test_without_a_passport_there_is_nothing_to_plan(world: World) -> None:
    stranger = world.stranger()
    await stranger.sign_in()
    refused(await stranger.post("/v1/itineraries/plan", HOME), 409, "profile_incomplete")


@pytest.mark.parametrize(
    "wrong",
    [
        {"lat": 91},
        {"free": {"7": []}},
        {"free": {"1": [["13:00", "09:00"]]}},
        {"free": {"1": [["29:00", "09:00"]]}},
        {"people": []},
        {"most_visits": 0},
        {"home": [55.79, 49.13]},
    ],
)
async def test_what_makes_no_sense_is_refused(person: Person, wrong: Json) -> None:
    refused(await person.post("/v1/itineraries/plan", HOME | wrong), 422, "invalid_input")
