"""After a visit: what people say of it, and who learns of it."""

import asyncio
import io
import json
import zipfile
from base64 import urlsafe_b64decode
from datetime import timedelta
from uuid import UUID

import pytest_asyncio
from sqlalchemy import func, select, update

from app.domain.audit.purpose import Purpose
from app.domain.identity.caller import Role
from app.models.bookings import Booking
from app.models.feedback import Complaint, Rating
from services.feedback.complaints import escalate_late
from services.feedback.ratings import close_months
from services.feedback.upkeep import follow_merges
from services.identity.wards import mark_merged
from tests.api.helpers import AIRPORT, Json, booked, claims, given, log, refused
from tests.api.tokens import token_of
from tests.support.people import Desk, Person, World

TEXT = "Меня не пустили без перевода. Ҳеҷ кас нагуфт чаро."


@pytest_asyncio.fixture
async def office(world: World) -> Desk:
    return Desk(world, await token_of(world, Role.REGION_OPERATOR))


async def visited(person: Person) -> str:
    """A visit that is over; its end is written past the desk, which other tests walk through."""
    booking = await booked(person, point=AIRPORT)
    async with person.world.runtime.database.writing(person.world.region) as uow:
        ended = update(Booking).where(Booking.id == UUID(booking["id"]))
        await uow.session.execute(ended.values(status="completed", changed_at=uow.now))
    return str(booking["id"])


async def complained(person: Person, **other: str) -> Json:
    body = {"kind": "service", "text": TEXT, "language": "tg"} | other
    made: Json = given(await person.post("/v1/me/complaints", body), 201)
    return made


def id_of(person: Person) -> UUID:
    return UUID(claims(person.tokens["access_token"])["person"])


async def test_a_visit_is_rated_once_and_for_some_days_anew(own_time: World) -> None:
    world, person = own_time, await own_time.newcomer()
    ahead = await booked(person, point=AIRPORT)
    refused(await person.put(f"/v1/bookings/{ahead['id']}/rating", {"stars": 5}), 409, "not_rateable")
    given(await person.post(f"/v1/bookings/{ahead['id']}/cancel"))
    path = f"/v1/bookings/{await visited(person)}/rating"
    refused(await person.get(path), 404, "not_found")
    for wrong in (0, 6, "5", None):
        refused(await person.put(path, {"stars": wrong}), 422, "invalid_input")
    first = given(await person.put(path, {"stars": 2, "comment": TEXT, "language": "tg"}))
    assert (first["comment"], first["language"]) == (TEXT, "tg")
    given(await person.put(path, {"stars": 4}))
    assert (given(await person.get(path))["stars"], given(await person.get(path))["comment"]) == (4, None)
    refused(await (await world.newcomer()).put(path, {"stars": 1}), 404, "not_found")
    async with world.runtime.database.reading(world.region) as uow:
        one = select(func.count()).select_from(Rating).where(Rating.person_id == id_of(person))
        assert await uow.session.scalar(one) == 1
    late = await world.newcomer()
    missed = f"/v1/bookings/{await visited(late)}/rating"
    world.clock.move(days=7)
    for each in (person, late):
        given(await each.sign_in(), 201)
    refused(await person.put(path, {"stars": 1}), 409, "not_rateable")
    given(await late.put(missed, {"stars": 1}))
    assert given(await person.get(path))["stars"] == 4


async def test_a_complaint_is_answered_and_read_and_the_point_learns_nothing(world: World, office: Desk) -> None:
    person, other = await world.newcomer(), await world.newcomer()
    booking = await visited(person)
    made = await complained(person, booking_id=booking)
    assert (made["status"], made["point_id"], made["law"]) == ("received", world.point_id(AIRPORT), made["law"])
    assert made["answer_by"] == (world.today + timedelta(days=30)).isoformat()
    refused(await other.get(f"/v1/me/complaints/{made['id']}"), 404, "not_found")
    refused(
        await other.post("/v1/me/complaints", {"kind": "service", "text": "x", "booking_id": booking}), 404, "not_found"
    )

    row = next(each for each in await all_listed(office) if each["id"] == made["id"])
    assert not {"text", "migrant_id", "person_id"} & set(row)
    seen = given(await office.get(f"/v1/complaints/{made['id']}"))
    assert (seen["text"], seen["language"], seen["service"]) == (TEXT, "tg", "medical")
    whole = json.dumps(seen)
    assert given(await person.get("/v1/me"))["migrant_id"] not in whole
    assert str(id_of(person)) not in whole
    # Whoever works at the point has no route to any of it, and their own lists are as before.
    clerk = await world.desk(AIRPORT)
    for path in ("/v1/complaints", f"/v1/complaints/{made['id']}", f"/v1/points/{made['point_id']}/comments"):
        refused(await clerk.get(path), 403, "not_allowed")
    assert "complain" not in (await clerk.get("/v1/visits")).text

    assert given(await office.post(f"/v1/complaints/{made['id']}/take"))["status"] == "in_work"
    given(await office.post(f"/v1/complaints/{made['id']}/take"))
    both = [
        office.post(f"/v1/complaints/{made['id']}/answer", {"text": f"Бубахшед {n}", "language": "tg"}) for n in "12"
    ]
    codes = sorted(answer.status_code for answer in await asyncio.gather(*both))
    assert codes == [200, 409], "of two answers one is given"
    own = given(await person.get(f"/v1/me/complaints/{made['id']}"))
    assert (own["status"], own["answer_language"]) == ("answered", "tg")
    assert own["answer"].startswith("Бубахшед")
    told = [each["purpose"] or each["action"] for each in await log(person)]
    assert {Purpose.COMPLAINT, "complained", "complaint_taken", "complaint_answered"} <= set(told)
    with zipfile.ZipFile(io.BytesIO((await person.get("/v1/me/export")).content)) as archive:
        (copy,) = json.loads(archive.read("feedback.json"))["complaints"]
    assert (copy["text"], copy["answer"]) == (TEXT, own["answer"])


async def all_listed(office: Desk, **other: bool) -> list[Json]:
    """By pages of two."""
    found: list[Json] = []
    cursor = None
    while True:
        page = given(await office.get("/v1/complaints", limit=2, **other, **({"cursor": cursor} if cursor else {})))
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found


async def test_numbers_are_given_once_each_to_those_who_complain_at_once(world: World, office: Desk) -> None:
    """As the numbers of tickets are: none is made of the greatest so far."""
    people = [await world.newcomer() for _ in range(6)]
    made = await asyncio.gather(*(complained(person) for person in people))
    assert len({each["number"] for each in made}) == len(made)
    listed = [each["id"] for each in await all_listed(office)]
    assert len(listed) == len(set(listed))
    assert {each["id"] for each in made} <= set(listed)
    for _ in range(9):
        await complained(people[0])
    body = {"kind": "service", "text": TEXT}
    assert refused(await people[0].post("/v1/me/complaints", body), 409, "too_many_complaints")["limit"] == 10


async def test_what_others_can_help_with_is_told_with_it_and_without_it(world: World, office: Desk) -> None:
    person = await world.newcomer()
    wages = await complained(person, kind="labour", matter="unpaid_wages")
    assert wages["answer_by"] == (world.today + timedelta(days=15)).isoformat()
    assert [each["code"] for each in wages["turn_to"]] == ["labour_inspectorate", "prosecutor"]
    answer = await world.client.get(
        "/v1/labour-help", params={"matter": "papers_taken"}, headers={"Accept-Language": "tg"}
    )
    first = given(answer)["items"][0]
    assert (first["phone"], first["name"], answer.headers["content-language"]) == ("112", "Экстренные службы", "ru")
    dispute = await complained(person, kind="register_entry", matter="controlled_persons")
    assert [each["code"] for each in dispute["turn_to"]] == ["prosecutor", "ministry_register"]
    seen = given(await office.get(f"/v1/complaints/{dispute['id']}"))
    assert seen["migrant_id"] == given(await person.get("/v1/me"))["migrant_id"]
    body = {"kind": "service", "text": TEXT}
    assert refused(await person.post("/v1/me/complaints", body | {"matter": "unpaid_wages"}), 422, "invalid_input")
    refused(await person.post("/v1/me/complaints", body | {"point_id": str(id_of(person))}), 404, "not_found")


async def test_who_is_not_answered_in_time_is_told_so_once_and_answered_all_the_same(own_time: World) -> None:
    world, person = own_time, await own_time.newcomer()
    made = await complained(person)
    database = world.runtime.database

    async def tick() -> int:
        async with database.writing(world.region) as uow:
            return await escalate_late(uow)

    world.clock.move(days=30)
    await tick()
    given(await person.sign_in(), 201)
    assert given(await person.get(f"/v1/me/complaints/{made['id']}"))["status"] == "received"
    world.clock.move(days=1)
    await asyncio.gather(tick(), tick())
    assert await tick() == 0
    given(await person.sign_in(), 201)
    assert given(await person.get(f"/v1/me/complaints/{made['id']}"))["status"] == "escalated"
    office = Desk(world, await token_of(world, Role.REGION_OPERATOR))
    given(await office.post(f"/v1/complaints/{made['id']}/take"))
    answered = given(await office.post(f"/v1/complaints/{made['id']}/answer", {"text": "Так", "language": "ru"}))
    assert answered["status"] == "answered"
    refused(await office.post(f"/v1/complaints/{made['id']}/take"), 409, "complaint_answered")
    actions = [each["action"] for each in await log(person)]
    assert actions.count("complaint_escalated") == 1


async def test_a_month_is_told_once_it_is_closed_of_ten_people_and_never_again(own_time: World) -> None:
    """Two figures of one month would tell by their difference what one person said."""
    world = own_time
    database, point_id = world.runtime.database, UUID(world.point_id("exam-8"))

    async def rated(person: Person, booking: Json, stars: int) -> None:
        async with database.writing(world.region) as uow:
            row = {"booking_id": UUID(booking["id"]), "person_id": id_of(person), "point_id": point_id}
            uow.session.add(Rating(**row, stars=stars, given_at=uow.now, changed_at=uow.now))

    async def told() -> list[Json]:
        async with database.writing(world.region) as uow:
            await close_months(uow)
        office = Desk(world, await token_of(world, Role.REGION_OPERATOR))
        items: list[Json] = given(await office.get(f"/v1/points/{point_id}/ratings"))["items"]
        return items

    people = [await world.newcomer() for _ in range(10)]
    bookings = [await booked(person, point=AIRPORT) for person in people]
    for person, booking in zip(people[:9], bookings, strict=False):
        await rated(person, booking, 5)
    month = world.today.replace(day=1)
    following = (month + timedelta(days=31)).replace(day=1)
    days = (following - world.today).days + 8
    world.clock.move(days=days)
    assert await told() == [], "nine people are no crowd"
    async with database.writing(world.region) as uow:
        await uow.session.execute(update(Rating).where(Rating.point_id == point_id).values(given_at=uow.now))
    await rated(people[9], bookings[9], 1)
    world.clock.move(days=20)
    assert await told() == [], "the month can change still"
    world.clock.move(days=20)
    figure = await told()
    assert [(each["people"], each["mean"]) for each in figure] == [(10, 4.6)]
    async with database.writing(world.region) as uow:
        await uow.session.execute(update(Rating).where(Rating.point_id == point_id, Rating.stars == 5).values(stars=1))
    assert await told() == figure


async def test_comments_are_read_without_their_writers_who_see_that_they_were(world: World, office: Desk) -> None:
    for text in (TEXT, f"{TEXT}!"):
        world.clock.move(seconds=1)
        person = await world.newcomer()
        booking = await visited(person)
        given(await person.put(f"/v1/bookings/{booking}/rating", {"stars": 1, "comment": text, "language": "tg"}))
    path = f"/v1/points/{world.point_id(AIRPORT)}/comments"
    first = given(await office.get(path, limit=1))
    assert UUID(booking).bytes not in urlsafe_b64decode(first["next"] + "==")
    assert booking.encode() not in urlsafe_b64decode(first["next"] + "=="), "nor where the page ended"
    rest = given(await office.get(path, limit=1, cursor=first["next"]))
    assert (first["items"][0]["text"], rest["items"][0]["text"]) == (f"{TEXT}!", TEXT)
    refused(await office.get(path, cursor=first["next"][:-2]), 422, "invalid_input")
    page = given(await office.get(path, limit=100))
    assert {"month": world.today.replace(day=1).isoformat(), "text": TEXT, "language": "tg"} in page["items"]
    assert all(set(each) == {"month", "text", "language"} for each in page["items"])
    assert Purpose.COMMENTS in [each["purpose"] for each in await log(person)]


async def test_what_was_said_follows_a_person_who_turns_out_to_be_another_and_ends_with_them(world: World) -> None:
    first, second = await world.newcomer(), await world.newcomer()
    made = await complained(second)
    booking = await visited(second)
    given(await second.put(f"/v1/bookings/{booking}/rating", {"stars": 3, "comment": TEXT}))
    database = world.runtime.database
    async with database.writing(world.region) as uow:
        await mark_merged(uow, id_of(second), id_of(first))
    async with database.writing(world.region) as uow:
        assert await follow_merges(uow) == 1
        assert await follow_merges(uow) == 0
    own = given(await first.get(f"/v1/me/complaints/{made['id']}"))
    assert (own["text"], own["number"]) == (TEXT, made["number"])
    async with database.reading(world.region) as uow:
        assert await uow.session.scalar(select(Rating.person_id).where(Rating.booking_id == UUID(booking))) == id_of(
            first
        )
    word = given(await first.get("/v1/me/deletion"))["confirmation"]
    given(await first.post("/v1/me/deletion", {"confirmation": word}))
    async with database.reading(world.region) as uow:
        left = select(func.count()).select_from(Complaint).where(Complaint.person_id == id_of(first))
        assert await uow.session.scalar(left) == 0
