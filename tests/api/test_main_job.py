"""The whole job, from the first SMS to the first step done and its trace in the log."""

from app.domain.profiles.migrant_id import check_migrant_id
from tests.api.helpers import fresh_passport, given, log, place_at, roomy_point, step
from tests.support.people import World


async def test_a_newcomer_gets_from_the_first_sms_to_the_first_step_done(world: World) -> None:
    person = world.stranger()
    await person.sign_in()
    profile = given(await person.post("/v1/me/passport", {"mrz": fresh_passport("UZB")}), 201)
    assert check_migrant_id(profile["migrant_id"]) == profile["migrant_id"]
    given(await person.post("/v1/me/entries", {"entered_on": world.today.isoformat(), "purpose": "work"}), 201)

    pathway = given(await person.get("/v1/me/pathway"))
    assert "medical" in pathway["next"]
    assert (await step(person, "medical"))["status"] == "available"

    point = await roomy_point(world)
    place = await place_at(person, "medical", point=point)
    held = given(await person.post("/v1/holds", place), 201)
    assert held["status"] == "held"
    booking = given(await person.post("/v1/bookings", {"hold_id": held["id"]}), 201)
    assert (booking["id"], booking["status"], booking["held_until"]) == (held["id"], "confirmed", None)

    desk = await world.desk(point)
    visit = given(await desk.post("/v1/visits/check-ins", {"qr_pass": person.qr_pass(booking["id"])}), 201)
    assert (visit["status"], visit["migrant_id"]) == ("arrived", profile["migrant_id"])
    visit = given(await desk.post(f"/v1/visits/{booking['id']}/outcome", {"outcome": "done"}, version=visit["version"]))
    assert visit["status"] == "completed"

    after = given(await person.get("/v1/me/pathway"))
    assert "medical" not in after["next"]
    done = await step(person, "medical")
    assert (done["status"], done["done_on"]) == ("done", world.today.isoformat())

    uses = [(entry["action"], entry["purpose"]) for entry in await log(person)]
    assert uses == [
        ("step_done", None),
        ("used", "visit_outcome"),
        ("arrived", None),
        ("used", "visit_check_in"),
        ("booking_confirmed", None),
        ("place_held", None),
        ("entry_given", None),
        ("passport_given", None),
        ("signed_in", None),
    ]
