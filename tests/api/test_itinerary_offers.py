"""When a visit fails the rest is planned anew and offered; nothing moves before its person says so."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
import pytest_asyncio

from app.db.unit_of_work import look
from app.domain.pathways.events import EventKind, Evidence, EvidenceKind, Source, StepEvent
from app.domain.points.places import Place
from app.models.bookings import Booking
from services.bookings.upkeep import arrive, complete, end_missed
from services.pathways.commands import record_event
from services.points.commands import change_use
from services.points.ledger import stretches_at
from services.routing.itineraries_upkeep import keep_itineraries
from tests.api.helpers import Json, given, instant, refused, stay_signed_in
from tests.api.test_itineraries import book, own, plan_and_book, visits
from tests.support.people import Person, World

pytestmark = pytest.mark.usefixtures("honest_ledger")


@pytest_asyncio.fixture
async def person(own_time: World) -> Person:
    return await own_time.newcomer()


@pytest_asyncio.fixture
async def planned(person: Person) -> Json:
    """An itinerary, booked, none of whose visits is today."""
    tomorrow = (person.world.clock.now() + timedelta(days=1)).date().weekday()
    free = {str((tomorrow + ahead) % 7): [["00:00", "00:00"]] for ahead in range(6)}
    booked = await plan_and_book(person, free=free)
    await look_again(person.world)
    assert (await own(person))["whole"]
    return {visit["booking"]["step"]: visit["booking"] for visit in booked["visits"]}


async def look_again(world: World, *, everything: bool = True) -> int:
    """What the worker does each minute, or each second."""
    looked, runtime = 0, world.runtime
    while count := await keep_itineraries(runtime.database, world.region, runtime.travel, everything=everything):
        looked += count
    return looked


def until_another_day(world: World) -> None:
    """The region's next midnight, whatever the hour is by now."""
    today = world.clock.now().astimezone(world.region.zone)
    tomorrow = datetime.combine(today.date() + timedelta(days=1), time(), world.region.zone)
    world.clock.at = tomorrow.astimezone(UTC)


async def places(person: Person) -> dict[str, str]:
    items = given(await person.get("/v1/me/bookings"))["items"]
    return {b["id"]: b["starts_at"] for b in items if b["status"] == "confirmed"}


def accept(offer: Json) -> str:
    return f"/v1/itinerary-offers/{offer['id']}/accept"


def decline(offer: Json) -> str:
    return f"/v1/itinerary-offers/{offer['id']}/decline"


async def test_a_cancelled_visit_is_offered_anew_with_what_waits_for_it(person: Person, planned: Json) -> None:
    given(await person.post(f"/v1/bookings/{planned['exam']['id']}/cancel"))
    before = await places(person)
    assert await look_again(person.world) == 1
    standing = await own(person)
    assert {(each["step"], each["cause"]) for each in standing["failed"]} == {
        ("exam", "cancelled"),
        ("application", "not_ready"),
    }
    assert not standing["whole"]
    assert {v["booking"]["step"] for v in standing["visits"] if v["good"]} == {"medical", "fingerprints", "collection"}
    offer = standing["offer"]
    assert offer["why"] == standing["failed"]
    assert all(each["text"] for each in offer["why"])
    assert await places(person) == before, "offered, and not moved"
    offered = visits(offer["proposal"])
    assert offered["medical"]["booked"]
    assert not offered["exam"]["booked"]
    accepted = given(await person.post(accept(offer)))
    assert given(await person.post(accept(offer))) == accepted, "a second tap is the same"
    now = {visit["booking"]["step"]: visit["booking"] for visit in accepted["visits"]}
    assert {step: instant(b["starts_at"]) for step, b in now.items()} == {
        step: instant(visit["starts_at"]) for step, visit in offered.items()
    }
    assert now["medical"]["id"] == planned["medical"]["id"]
    await look_again(person.world)
    standing = await own(person)
    assert (standing["whole"], standing["offer"]) == (True, None)


async def test_an_offer_that_is_declined_changes_nothing_and_is_not_made_again(person: Person, planned: Json) -> None:
    given(await person.post(f"/v1/bookings/{planned['exam']['id']}/cancel"))
    await look_again(person.world)
    before, offer = await places(person), (await own(person))["offer"]
    for _ in range(2):
        assert (await person.post(decline(offer))).status_code == 204
    refused(await person.post(accept(offer)), 409, "offer_gone")
    until_another_day(person.world)
    await stay_signed_in(person)
    assert await look_again(person.world) >= 1
    assert (await own(person))["offer"] is None
    assert await places(person) == before
    # Something else fails: that is new.
    given(await person.post(f"/v1/bookings/{planned['fingerprints']['id']}/cancel"))
    await look_again(person.world)
    assert (await own(person))["offer"]["id"] != offer["id"]


async def test_a_swap_of_which_one_place_is_gone_moves_nothing(person: Person, planned: Json) -> None:
    """Case 26, of offers: the old places are given back only with all of the new ones had."""
    given(await person.post(f"/v1/bookings/{planned['exam']['id']}/cancel"))
    await look_again(person.world)
    before, offer = await places(person), (await own(person))["offer"]
    wanted = next(each for each in offer["proposal"]["book"] if each["step"] == "exam")
    async with no_place_left(person, wanted):
        problem = refused(await person.post(accept(offer)), 409, "itinerary_taken")
        assert [each["step"] for each in problem["taken"]] == ["exam"]
        assert await places(person) == before
    fresh = problem["plan"]["itineraries"][0]
    await book(person, fresh, replan=True)
    await look_again(person.world)
    standing = await own(person)
    assert (standing["whole"], standing["offer"]) == (True, None)


@asynccontextmanager
async def no_place_left(person: Person, wanted: Json) -> AsyncIterator[None]:
    """All counters are taken for a while, as if others had booked them."""
    world = person.world
    part = stretches_at([(UUID(wanted["point_id"]), wanted["service"], instant(wanted["starts_at"]))])
    async with world.runtime.database.reading(world.region) as reading:
        (stretch,) = (await look(reading, part))[part]
    assert stretch
    place = stretch.place(instant(wanted["starts_at"]))
    assert place
    await _change(world, place, +stretch.left)
    try:
        yield
    finally:
        await _change(world, place, -stretch.left)


async def _change(world: World, place: Place, by: int) -> None:
    async with world.runtime.database.writing(world.region) as uow:
        await change_use(uow, [(place, by)])


async def test_a_missed_visit_is_offered_anew(person: Person, planned: Json) -> None:
    world = person.world
    first = min(planned.values(), key=lambda b: instant(b["starts_at"]))
    world.clock.at = instant(first["starts_at"]) + timedelta(days=1, hours=1)
    await stay_signed_in(person)
    async with world.runtime.database.writing(world.region) as uow:
        await end_missed(uow)
    await look_again(world)
    standing = await own(person)
    assert (first["step"], "missed") in {(each["step"], each["cause"]) for each in standing["failed"]}
    given(await person.post(accept(standing["offer"])))
    await look_again(world)
    assert (await own(person))["whole"]


async def test_a_visit_that_is_moved_by_hand_is_good_where_it_is_or_the_rest_is_offered(
    person: Person, planned: Json
) -> None:
    body = {name: planned["exam"]["point"]["id"] if name == "point_id" else "" for name in ("point_id", "starts_at")}
    later = instant(planned["exam"]["starts_at"]) + timedelta(days=2)
    days = given(await person.get(f"/v1/points/{body['point_id']}/days/{later.date()}", service="exam"))["items"]
    body["starts_at"] = days[0]["starts_at"]
    given(await person.post(f"/v1/bookings/{planned['exam']['id']}/reschedule", body))
    await look_again(person.world)
    standing = await own(person)
    assert {(each["step"], each["cause"]) for each in standing["failed"]} == {("application", "not_ready")}
    offered = visits(standing["offer"]["proposal"])
    assert instant(offered["exam"]["starts_at"]) == instant(body["starts_at"])
    given(await person.post(accept(standing["offer"])))
    await look_again(person.world)
    assert (await own(person))["whole"]


async def test_nobody_accepts_the_offer_of_somebody_else(person: Person, planned: Json) -> None:
    """Case 28, of offers."""
    given(await person.post(f"/v1/bookings/{planned['exam']['id']}/cancel"))
    await look_again(person.world)
    offer = (await own(person))["offer"]
    other = await person.world.newcomer()
    for path in (accept(offer), decline(offer)):
        refused(await other.post(path), 404, "not_found")


async def test_who_is_asked_to_come_again_is_offered_the_retake_when_it_may_be(person: Person, planned: Json) -> None:
    world = person.world
    exam = planned["exam"]
    world.clock.at = instant(exam["starts_at"])
    await stay_signed_in(person)
    async with world.runtime.database.writing(world.region) as uow:
        booking = await uow.session.get(Booking, UUID(exam["id"]))
        assert booking
        await arrive(uow, booking)
        await complete(uow, booking)
        event = StepEvent("exam", EventKind.COME_AGAIN, booking.day, Source.POINT)
        await record_event(uow, booking.person_id, event, evidence=Evidence(EvidenceKind.BOOKING, booking.id))
    await look_again(world)
    standing = await own(person)
    assert ("exam", "come_again") in {(each["step"], each["cause"]) for each in standing["failed"]}
    again = visits(standing["offer"]["proposal"])["exam"]
    assert instant(again["starts_at"]).date() >= booking.day + timedelta(days=10)


async def test_what_was_assumed_for_later_and_is_done_brings_an_offer_to_be_done_sooner(own_time: World) -> None:
    """The treaty gives a host fifteen days; this one takes one."""
    person = await own_time.newcomer(citizenship="UZB")
    booked = await plan_and_book(person)
    await look_again(own_time)
    assert (await own(person))["offer"] is None
    before = await places(person)
    for step in ("registration", "insurance", "translation"):
        body = {"on": own_time.today.isoformat()}
        given(await person.post(f"/v1/me/pathway/steps/{step}/done", body), 201)
    await look_again(own_time)
    standing = await own(person)
    assert standing["whole"]
    assert [each["cause"] for each in standing["offer"]["why"]] == ["sooner"]
    assert standing["offer"]["proposal"]["completes_on"] < booked["completes_on"]
    assert await places(person) == before
    given(await person.post(accept(standing["offer"])))
    assert {*await places(person)} == {*before}, "the same visits, moved"
    await look_again(own_time)
    assert (await own(person))["offer"] is None
