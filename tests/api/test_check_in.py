"""A visitor is checked in by the pass that their phone signs; any other pass is refused, and it is said why."""

import asyncio
from datetime import timedelta

import httpx
import pytest
import pytest_asyncio

from tests.api.helpers import Json, b64, booked, given, hire, instant, place_at, refused, stay_signed_in
from tests.support.people import Desk, Person, World


@pytest_asyncio.fixture
async def person(world: World) -> Person:
    return await world.newcomer()


@pytest_asyncio.fixture
async def visit(person: Person, point: str) -> Json:
    """The person's visit at the desk's point today."""
    return await booked(person, point=point)


async def _show(desk: Desk, qr_pass: str) -> httpx.Response:
    return await desk.post("/v1/visits/check-ins", {"qr_pass": qr_pass})


async def _turned_away(desk: Desk, qr_pass: str, reason: str) -> None:
    assert refused(await _show(desk, qr_pass), 422, "pass_refused")["reason"] == reason


async def test_a_visitor_is_checked_in_once(person: Person, desk: Desk, visit: Json) -> None:
    shown = given(await _show(desk, person.qr_pass(visit["id"])), 201)
    profile = given(await person.get("/v1/me"))
    assert shown == {
        "booking_id": visit["id"],
        "version": 2,
        "status": "arrived",
        "service": "medical",
        "starts_at": visit["starts_at"],
        "ends_at": visit["ends_at"],
        "migrant_id": profile["migrant_id"],
        "name": "ANNA MARIA ERIKSSON",
        "cyrillic_name": None,
        "outcome": None,
        "undo_until": shown["undo_until"],
        "allowed": [
            {"outcome": "done", "expires_on": "optional"},
            {"outcome": "incomplete", "expires_on": "never"},
            {"outcome": "come_again", "expires_on": "never"},
        ],
        "ticket": {"id": shown["ticket"]["id"], "number": shown["ticket"]["number"]},
    }
    assert instant(shown["undo_until"]) == person.world.clock.now() + timedelta(minutes=10)
    assert given(await person.get(f"/v1/bookings/{visit['id']}"))["status"] == "arrived"
    refused(await _show(desk, person.qr_pass(visit["id"])), 409, "already_arrived")


async def test_a_pass_shown_twice_at_once_checks_in_once(person: Person, desk: Desk, visit: Json) -> None:
    answers = await asyncio.gather(*(_show(desk, person.qr_pass(visit["id"])) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


async def test_the_clerk_of_another_point_finds_no_visit(person: Person, visit: Json) -> None:
    other = await person.world.desk("exam-1")
    await _turned_away(other, person.qr_pass(visit["id"]), "no_visit_here_today")


async def test_a_visit_of_another_day_is_none_today(person: Person, desk: Desk, point: str) -> None:
    tomorrow = await booked(person, point=point, days=1)
    await _turned_away(desk, person.qr_pass(tomorrow["id"]), "no_visit_here_today")


async def test_a_pass_signed_by_another_phone_is_refused(person: Person, desk: Desk, visit: Json) -> None:
    thief = await person.world.newcomer()
    copied = thief.qr_pass(visit["id"], dev=person.tokens["device_id"])
    await _turned_away(desk, copied, "not_signed")


async def test_a_pass_for_anothers_booking_is_refused(person: Person, desk: Desk, visit: Json) -> None:
    thief = await person.world.newcomer()
    await _turned_away(desk, thief.qr_pass(visit["id"]), "no_visit_here_today")


async def test_a_pass_changed_after_it_was_signed_is_refused(
    person: Person, desk: Desk, point: str, visit: Json
) -> None:
    other = await booked(await person.world.newcomer(), point=point)
    header, _, signature = person.qr_pass(visit["id"]).split(".")
    claims = person.qr_pass(other["id"]).split(".")[1]
    await _turned_away(desk, f"{header}.{claims}.{signature}", "not_signed")


@pytest.mark.parametrize(("seconds", "good"), [(-30, True), (-31, False), (89, True), (90, False), (3600, False)])
async def test_a_pass_lives_a_minute_and_clocks_may_be_half_a_minute_off(
    person: Person, desk: Desk, visit: Json, seconds: int, good: bool
) -> None:
    old = person.qr_pass(visit["id"], at=person.world.clock.now() - timedelta(seconds=seconds))
    if good:
        given(await _show(desk, old), 201)
    else:
        await _turned_away(desk, old, "expired")


async def test_a_pass_that_states_another_life_is_refused(person: Person, desk: Desk, visit: Json) -> None:
    """A screenshot would be good for as long as it says."""
    now = int(person.world.clock.now().timestamp())
    for life in (61, 3600, 0, -1):
        await _turned_away(desk, person.qr_pass(visit["id"], exp=now + life), "expired")


async def test_what_is_no_pass_is_unreadable(person: Person, desk: Desk, visit: Json) -> None:
    token = person.tokens["access_token"]
    odd = [person.qr_pass(visit["id"], **claim) for claim in ({"bid": 7}, {"dev": "x"}, {"exp": "soon"}, {"iat": 1.5})]
    nested = ".".join((b64(b'{"alg":"ES256"}'), b64(b"[" * 1400), "AA"))
    odd += [person.qr_pass(visit["id"], iat=10**400), nested]
    for text in ("x", "a.b.c", "..", "🂡", "e30.e30.e30", token, person.qr_pass("x"), *odd):
        await _turned_away(desk, text, "unreadable")
    unknown = "00000000-0000-4000-8000-000000000000"
    await _turned_away(desk, person.qr_pass(visit["id"], dev=unknown), "unknown_device")
    await _turned_away(desk, person.qr_pass(unknown), "no_visit_here_today")


async def test_a_pass_is_of_no_use_for_a_hold_or_a_cancelled_visit(person: Person, desk: Desk, point: str) -> None:
    held = given(await person.post("/v1/holds", await place_at(person, point=point)), 201)
    await _turned_away(desk, person.qr_pass(held["id"]), "no_visit_here_today")
    given(await person.post("/v1/bookings", {"hold_id": held["id"]}), 201)
    given(await person.post(f"/v1/bookings/{held['id']}/cancel"))
    await _turned_away(desk, person.qr_pass(held["id"]), "no_visit_here_today")


async def test_a_phone_that_signed_out_opens_nothing(person: Person, desk: Desk, visit: Json) -> None:
    old = person.qr_pass(visit["id"])
    assert (await person.world.client.delete("/v1/auth/session", headers=person.headers)).status_code == 204
    await _turned_away(desk, old, "unknown_device")


async def test_a_persons_second_phone_opens_their_visit_too(person: Person, desk: Desk, visit: Json) -> None:
    second = Person(person.world, person.number)
    person.world.clock.move(seconds=60)
    await second.sign_in()
    given(await _show(desk, second.qr_pass(visit["id"])), 201)


async def test_a_phone_works_offline_for_seven_days_and_no_longer(own_time: World) -> None:
    person = await own_time.newcomer()
    visit = await booked(person, point="medical-8", days=8)
    own_time.clock.at = instant(visit["starts_at"])
    own_time.clerks["medical-8"] = await hire(own_time, "medical-8")
    desk = await own_time.desk("medical-8")
    await _turned_away(desk, person.qr_pass(visit["id"]), "unknown_device")
    await stay_signed_in(person)
    given(await _show(desk, person.qr_pass(visit["id"])), 201)
