"""Courses and legal help are found and booked like any other service, by everybody who signed in."""

from tests.api.helpers import given, place_at, refused
from tests.support.people import World

CENTRE = "adaptation-1"


async def test_help_is_booked_without_a_passport_and_attended(world: World) -> None:
    person = world.stranger()
    await person.sign_in()
    place = await place_at(person, "legal_help", point=CENTRE)
    del place["step"]
    booking = given(await person.post("/v1/bookings", place), 201)
    assert (booking["step"], booking["status"]) == ("legal_help", "confirmed")
    desk = await world.desk(CENTRE)
    shown = given(await desk.post("/v1/visits/check-ins", {"qr_pass": person.qr_pass(booking["id"])}), 201)
    assert (shown["name"], shown["migrant_id"]) == (None, None)
    outcome = {"outcome": "done"}
    ended = given(await desk.post(f"/v1/visits/{booking['id']}/outcome", outcome, version=shown["version"]))
    assert ended["status"] == "completed"


async def test_help_stands_beside_the_steps_and_moves_none_of_them(world: World) -> None:
    person = await world.newcomer()
    before = given(await person.get("/v1/me/pathway"))
    course = given(await person.post("/v1/bookings", await place_at(person, "course", point=CENTRE, days=2)), 201)
    assert given(await person.get("/v1/me/pathway")) == before
    refused(await person.post("/v1/bookings", await place_at(person, "course", days=5)), 409, "step_booked")
    assert given(await person.post(f"/v1/bookings/{course['id']}/cancel"))["status"] == "cancelled"


async def test_a_step_is_never_booked_without_a_pathway(world: World) -> None:
    person = world.stranger()
    await person.sign_in()
    refused(await person.post("/v1/bookings", await place_at(person, "medical")), 409, "profile_incomplete")
    other = await place_at(person, "legal_help", point=CENTRE) | {"step": "medical"}
    refused(await person.post("/v1/bookings", other), 409, "profile_incomplete")
