"""A clerk says how a visit went, and the pathway moves with it; the day's list shows what the desk needs."""

from datetime import timedelta

import httpx
import pytest
import pytest_asyncio

from tests.api.helpers import Json, booked, claims, given, instant, refused, roomy_point, step
from tests.support.people import Desk, Person, World

pytestmark = pytest.mark.usefixtures("honest_ledger")
SHOWN = {
    *("booking_id", "version", "status", "service", "starts_at", "ends_at", "migrant_id", "name"),
    *("cyrillic_name", "outcome", "undo_until", "allowed"),
}


@pytest_asyncio.fixture
async def person(world: World) -> Person:
    return await world.newcomer()


async def _arrived(person: Person, desk: Desk) -> Json:
    codes = {person.world.point_id(code): code for code in person.world.clerks}
    visit = await booked(person, point=codes[claims(desk.headers["Authorization"].split()[1])["point"]])
    shown = given(await desk.post("/v1/visits/check-ins", {"qr_pass": person.qr_pass(visit["id"])}), 201)
    return visit | {"version": shown["version"]}


async def _finish(desk: Desk, visit: Json, outcome: str = "done", **other: str) -> httpx.Response:
    path, version = f"/v1/visits/{visit['id']}/outcome", visit.get("version", 1)
    return await desk.post(path, {"outcome": outcome, **other}, version=version)


async def test_done_moves_the_pathway_for_a_year(person: Person, desk: Desk) -> None:
    visit = await _arrived(person, desk)
    assert given(await _finish(desk, visit))["status"] == "completed"
    done, today = await step(person, "medical"), person.world.today
    assert (done["status"], done["done_on"]) == ("done", today.isoformat())
    assert done["valid_until"] == today.replace(year=today.year + 1).isoformat()
    assert given(await person.get(f"/v1/bookings/{visit['id']}"))["status"] == "completed"
    refused(await person.post(f"/v1/bookings/{visit['id']}/cancel"), 409, "not_cancellable")


async def test_done_with_a_last_day_is_valid_until_then(person: Person, desk: Desk) -> None:
    last = (person.world.today + timedelta(days=200)).isoformat()
    given(await _finish(desk, await _arrived(person, desk), expires_on=last))
    assert (await step(person, "medical"))["valid_until"] == last


@pytest.mark.parametrize("outcome", ["come_again", "incomplete"])
async def test_a_step_that_is_not_done_stays_open_and_can_be_booked_again(
    person: Person, desk: Desk, outcome: str
) -> None:
    before = await step(person, "medical")
    given(await _finish(desk, await _arrived(person, desk), outcome))
    assert await step(person, "medical") == before
    again = await _arrived(person, desk)
    given(await _finish(desk, again))
    assert (await step(person, "medical"))["status"] == "done"


async def test_a_step_that_is_done_cannot_be_booked_again(person: Person, desk: Desk) -> None:
    visit = await _arrived(person, desk)
    given(await _finish(desk, visit))
    place = {"step": "medical", "service": "medical", "point_id": visit["point"]["id"]}
    starts_at = (instant(visit["starts_at"]) + timedelta(days=9)).isoformat()
    refused(await person.post("/v1/bookings", place | {"starts_at": starts_at}), 409, "step_done")


async def test_there_is_no_outcome_without_a_check_in_nor_a_second_one(person: Person, desk: Desk, point: str) -> None:
    visit = await booked(person, point=point)
    refused(await _finish(desk, visit), 409, "not_arrived")
    assert (await step(person, "medical"))["status"] != "done"
    visit |= given(await desk.post("/v1/visits/check-ins", {"qr_pass": person.qr_pass(visit["id"])}), 201)
    visit |= given(await _finish(desk, visit))
    refused(await _finish(desk, visit, "come_again"), 409, "not_arrived")
    assert (await step(person, "medical"))["status"] == "done"


async def test_a_visit_at_another_point_is_not_found(person: Person, desk: Desk) -> None:
    visit = await _arrived(person, desk)
    other = await person.world.desk("exam-1")
    refused(await _finish(other, visit), 404, "not_found")
    refused(await _finish(desk, {"id": "00000000-0000-4000-8000-000000000000"}), 404, "not_found")


async def test_a_last_day_belongs_to_done_only_and_lies_ahead(person: Person, desk: Desk) -> None:
    visit, today = await _arrived(person, desk), person.world.today
    answer = await _finish(desk, visit, expires_on=(today - timedelta(days=1)).isoformat())
    assert refused(answer, 422, "invalid_input")["field"] == "expires_on"
    answer = await _finish(desk, visit, "come_again", expires_on=(today + timedelta(days=1)).isoformat())
    assert refused(answer, 422, "outcome_not_allowed")["allowed"] == [
        {"outcome": "done", "expires_on": "optional"},
        {"outcome": "incomplete", "expires_on": "never"},
        {"outcome": "come_again", "expires_on": "never"},
    ]
    given(await _finish(desk, visit, expires_on=today.isoformat()))


@pytest.mark.parametrize("outcome", ["annulled", "failed", "DONE", ""])
async def test_no_finer_outcome_is_taken(person: Person, desk: Desk, outcome: str) -> None:
    """A reason at the medical would be a medical result."""
    refused(await _finish(desk, await _arrived(person, desk), outcome), 422, "invalid_input")


async def test_a_clerk_is_shown_what_the_desk_needs_and_no_more(person: Person, desk: Desk, point: str) -> None:
    visit = await booked(person, point=point)
    profile = given(await person.get("/v1/me"))
    answers = [
        await desk.post("/v1/visits/check-ins", {"qr_pass": person.qr_pass(visit["id"])}),
        await desk.get("/v1/visits"),
        await _finish(desk, visit | {"version": 2}, "come_again"),
    ]
    for answer in answers:
        assert answer.is_success
        for hidden in (person.number[1:], profile["passport"]["number"], "UTO", "740812", "work", '"step"'):
            assert hidden not in answer.text
    assert set(answers[0].json()) - {"ticket"} == set(answers[2].json()) == SHOWN
    assert all(set(item) == SHOWN for item in answers[1].json()["items"])


async def test_the_list_holds_the_days_visits_at_the_point_in_their_order(world: World) -> None:
    people = [await world.newcomer() for _ in range(4)]
    point = await roomy_point(world)
    today = [await booked(person, point=point) for person in people[:2]]
    tomorrow = await booked(people[2], point=point, days=1)
    elsewhere = await booked(people[3], "exam", point="exam-1", days=1)
    desk = await world.desk(point)
    items = given(await desk.get("/v1/visits"))["items"]
    listed = [item["booking_id"] for item in items]
    assert {visit["id"] for visit in today} <= set(listed)
    assert not {tomorrow["id"], elsewhere["id"]} & set(listed)
    starts = [item["starts_at"] for item in items]
    assert starts == sorted(starts)
    later = given(await desk.get("/v1/visits", day=tomorrow["starts_at"][:10]))["items"]
    assert tomorrow["id"] in [item["booking_id"] for item in later]
