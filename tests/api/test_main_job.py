from tests.support.people import World


async def test_the_main_job(world: World) -> None:
    person = await world.newcomer()
    place = await person.place()
    held = await person.post("/v1/holds", place)
    assert held.status_code == 201, held.text
    booked = await person.post("/v1/bookings", {"hold_id": held.json()["id"]})
    assert booked.status_code == 201, booked.text
