"""What a clerk says of a visit: absent, ended so or so, and for some minutes that it was a mistake."""

import asyncio
from datetime import timedelta

import httpx
import pytest
import pytest_asyncio

from tests.api.helpers import AIRPORT, Json, booked, given, hire, instant, log, place_at, refused, stay_signed_in, step
from tests.support.people import Desk, Person, World

pytestmark = pytest.mark.usefixtures("honest_ledger")


@pytest_asyncio.fixture
async def person(own_time: World) -> Person:
    return await own_time.newcomer()


@pytest_asyncio.fixture
async def visit(person: Person) -> Json:
    """A visit at the airport, its time come: the clock stands at its beginning."""
    found = await booked(person, point=AIRPORT)
    person.world.clock.at = instant(found["starts_at"])
    await stay_signed_in(person)
    return found | {"version": 1}


@pytest_asyncio.fixture
async def desk(own_time: World, visit: Json) -> Desk:
    own_time.clerks[AIRPORT] = await hire(own_time)
    return await own_time.desk(AIRPORT)


async def say(desk: Desk, visit: Json, what: str, body: Json | None = None) -> httpx.Response:
    return await desk.post(f"/v1/visits/{visit['id']}/{what}", body, version=visit["version"])


async def wait(person: Person, desk: Desk, **by: float) -> None:
    """Time passes, and with it the access tokens of both: they get new ones."""
    person.world.clock.move(**by)
    await stay_signed_in(person)
    desk.headers = (await person.world.desk(AIRPORT)).headers


async def arrived(desk: Desk, person: Person, visit: Json) -> Json:
    shown: Json = given(await desk.post("/v1/visits/check-ins", {"qr_pass": person.qr_pass(visit["id"])}), 201)
    return visit | shown


async def test_a_visitor_is_absent_only_after_the_grace(person: Person, desk: Desk, visit: Json) -> None:
    problem = refused(await say(desk, visit, "no-show"), 409, "still_awaited")
    assert instant(problem["missed_from"]) == instant(visit["starts_at"]) + timedelta(minutes=15)
    await wait(person, desk, minutes=13)
    person.world.clock.at = instant(problem["missed_from"]) - timedelta(seconds=1)
    refused(await say(desk, visit, "no-show"), 409, "still_awaited")
    person.world.clock.move(seconds=1)
    answer = await say(desk, visit, "no-show")
    assert given(answer)["status"] == "missed"
    assert answer.headers["ETag"] == f'"{answer.json()["version"]}"' == '"2"'
    assert given(await person.get(f"/v1/bookings/{visit['id']}"))["status"] == "missed"
    refused(await say(desk, visit | answer.json(), "no-show"), 409, "not_absent")


async def _absent(person: Person, desk: Desk, visit: Json) -> Json:
    await wait(person, desk, minutes=15)
    absent: Json = given(await say(desk, visit, "no-show"))
    return visit | absent


async def test_an_absence_is_taken_back_by_any_clerk_of_the_point(person: Person, desk: Desk, visit: Json) -> None:
    absent = await _absent(person, desk, visit)
    person.world.clerks[AIRPORT] = await hire(person.world)
    other = await person.world.desk(AIRPORT)
    expected = given(await say(other, absent, "undo"))
    assert (expected["status"], expected["undo_until"]) == ("confirmed", None)
    actions = [entry["action"] for entry in await log(person)]
    assert actions[:4] == ["missed_undone", "used", "visit_missed", "used"]
    refused(await say(other, visit | expected, "undo"), 409, "nothing_to_undo")
    elsewhere = await person.world.desk("exam-1")
    refused(await say(elsewhere, visit | expected, "no-show"), 404, "not_found")


async def test_an_absence_is_not_taken_back_once_the_step_is_booked_again(
    person: Person, desk: Desk, visit: Json
) -> None:
    absent = await _absent(person, desk, visit)
    again = await booked(person, days=2)
    refused(await say(desk, absent, "undo"), 409, "booked_again")
    refused(await desk.post("/v1/visits/check-ins", {"qr_pass": person.qr_pass(visit["id"])}), 409, "booked_again")
    assert given(await person.get(f"/v1/bookings/{again['id']}"))["status"] == "confirmed"
    given(await person.post(f"/v1/bookings/{again['id']}/cancel"))
    given(await say(desk, absent, "undo"))


async def test_an_undo_and_a_new_booking_at_once_leave_one_visit(person: Person, desk: Desk, visit: Json) -> None:
    absent = await _absent(person, desk, visit)
    place = await place_at(person, days=2)
    undone, taken = await asyncio.gather(say(desk, absent, "undo"), person.post("/v1/bookings", place))
    assert (undone.status_code, taken.status_code) in {(200, 409), (409, 201)}
    if undone.is_success:
        refused(taken, 409, "step_booked")
    else:
        refused(undone, 409, "booked_again")


async def test_who_was_marked_absent_and_comes_late_has_arrived(person: Person, desk: Desk, visit: Json) -> None:
    absent = await _absent(person, desk, visit)
    await wait(person, desk, minutes=11)
    refused(await say(desk, absent, "undo"), 409, "undo_too_late")
    assert (await arrived(desk, person, visit))["status"] == "arrived"


async def test_an_arrival_is_taken_back_for_ten_minutes(person: Person, desk: Desk, visit: Json) -> None:
    here = await arrived(desk, person, visit)
    expected = visit | given(await say(desk, here, "undo"))
    assert expected["status"] == "confirmed"
    here = await arrived(desk, person, visit)
    await wait(person, desk, minutes=10)
    assert refused(await say(desk, here, "undo"), 409, "undo_too_late")["minutes"] == 10
    assert given(await person.get(f"/v1/bookings/{visit['id']}"))["status"] == "arrived"


async def test_an_outcome_is_taken_back_and_another_said(person: Person, desk: Desk, visit: Json) -> None:
    before = await step(person, "medical")
    ended = visit | given(await say(desk, await arrived(desk, person, visit), "outcome", {"outcome": "done"}))
    assert (ended["outcome"], (await step(person, "medical"))["status"]) == ("done", "done")
    here = visit | given(await say(desk, ended, "undo"))
    assert (here["status"], here["outcome"]) == ("arrived", None)
    assert await step(person, "medical") == before
    ended = visit | given(await say(desk, here, "outcome", {"outcome": "come_again"}))
    assert (ended["outcome"], await step(person, "medical")) == ("come_again", before)
    actions = [entry["action"] for entry in await log(person) if entry["action"] != "used"]
    assert actions[:4] == ["step_come_again", "completed_undone", "step_annulled", "step_done"]


async def test_what_counted_before_an_outcome_counts_again_when_it_is_taken_back(
    person: Person, desk: Desk, visit: Json
) -> None:
    """A renewal said by mistake does not take the certificate that is still good."""
    last = str(person.world.today + timedelta(days=20))
    here = await arrived(desk, person, visit)
    given(await say(desk, here, "outcome", {"outcome": "done", "expires_on": last}))
    good = await step(person, "medical")
    assert (good["status"], good["valid_until"]) == ("expiring", last)
    await wait(person, desk, days=1)
    renewal = await booked(person, point=AIRPORT)
    person.world.clock.at = instant(renewal["starts_at"]) - timedelta(minutes=1)
    await wait(person, desk)
    ended = renewal | given(await say(desk, await arrived(desk, person, renewal), "outcome", {"outcome": "done"}))
    assert (await step(person, "medical"))["valid_until"] > last
    given(await say(desk, ended, "undo"))
    assert await step(person, "medical") == good


async def test_two_clerks_who_finish_at_once_are_not_both_right(
    person: Person, desk: Desk, visit: Json, other_process: World
) -> None:
    """Two processes, two connections: one word stands, and the other clerk is told which."""
    here = await arrived(desk, person, visit)
    other_process.clock.at = person.world.clock.at
    second = Desk(other_process, desk.headers["Authorization"].split()[1])
    said = {"done": desk, "come_again": second}
    answers = await asyncio.gather(*(say(at, here, "outcome", {"outcome": word}) for word, at in said.items()))
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    present = refused(lost, 412, "visit_changed")["present"]
    assert present == {name: won.json()[name] for name in ("status", "outcome", "version")}
    steps = [entry["action"] for entry in await log(person) if entry["action"].startswith("step_")]
    assert steps == [f"step_{present['outcome']}"]
    assert [entry["purpose"] for entry in await log(person)].count("visit_outcome") == 2  # both looked


async def test_a_word_without_a_version_or_with_a_wrong_one_changes_nothing(
    person: Person, desk: Desk, visit: Json
) -> None:
    here = await arrived(desk, person, visit)
    for what, body in (("outcome", {"outcome": "done"}), ("no-show", None), ("undo", None)):
        refused(await desk.post(f"/v1/visits/{visit['id']}/{what}", body), 428, "version_needed")
        refused(await desk.post(f"/v1/visits/{visit['id']}/{what}", body, version=1), 412, "visit_changed")
        for bad in ("*", "2", 'W/"2"', '"x"', '"²"', '""', '"2", "3"'):
            headers = desk.headers | {"If-Match": bad}
            if bad.isascii():
                answer = await desk.world.client.post(f"/v1/visits/{visit['id']}/{what}", json=body, headers=headers)
                refused(answer, 422, "invalid_input")
    assert given(await say(desk, here, "outcome", {"outcome": "done"}))["status"] == "completed"
