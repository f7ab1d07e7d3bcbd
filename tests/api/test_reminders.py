"""What a phone sees of messages: the inbox, what was sent, what is chosen."""

from datetime import timedelta

import pytest
import pytest_asyncio

from app.domain.reminders.kinds import KINDS
from services.deliveries.sending import Carriers, Sender
from services.reminders.planning import plan_due
from tests.api.helpers import Json, booked, cursor, given, instant, log, refused, stay_signed_in
from tests.services.reminding import Pocket
from tests.support.people import Person, World, new_key

PREFERENCES = "/v1/me/reminder-preferences"


async def tick(world: World, pocket: Pocket) -> None:
    """What a worker does in a second."""
    while await plan_due(world.runtime.database, world.region):
        pass
    sender = Sender(world.runtime.database, world.region, Carriers(push=pocket))
    await sender.tick()
    await sender.finish()


async def reach(person: Person, token: str, *, language: str = "en") -> None:
    (device, *_) = given(await person.get("/v1/me/devices"))["items"]
    body = {"token": token, "language": language}
    answer = await person.put(f"/v1/me/devices/{device['id']}/push-address", body)
    assert answer.status_code == 204, answer.text


async def evening_before(person: Person, booking: Json) -> None:
    starts = instant(booking["starts_at"])
    person.world.clock.at = starts.replace(hour=18, minute=0) - timedelta(days=1)
    await stay_signed_in(person)


@pytest_asyncio.fixture
async def person(own_time: World) -> Person:
    """Somebody with a visit tomorrow, in the evening before; their phone is reached by push."""
    person = await own_time.newcomer(days_ago=20)
    await reach(person, f"token-{new_key()}", language="uz-Latn")
    booking = await booked(person, days=4)
    await tick(own_time, Pocket())
    await evening_before(person, booking)
    return person


def own(pocket: Pocket, person: Person) -> list[Json]:
    """What came to that person's phone: others of the region have phones too."""
    return [{"title": n.title, "body": n.body, **n.data, "message_id": n.message_id} for n in pocket.notes]


async def inbox(person: Person, language: str = "en", **params: str) -> Json:
    headers = person.headers | {"Accept-Language": language}
    found: Json = given(await person.world.client.get("/v1/me/inbox", params=params, headers=headers))
    return found


async def test_the_push_says_nothing_and_the_inbox_says_all_in_the_readers_language(person: Person) -> None:
    pocket = Pocket()
    await tick(person.world, pocket)
    (push,) = own(pocket, person)
    assert push["link"] == f"/inbox/{push['message_id']}"
    found = await inbox(person)
    told = [one for one in found["items"] if one["message_id"] == push["message_id"]]
    (item,) = [one for one in told if one["kind"] == "visit_tomorrow"]
    assert push["title"].startswith(f"{len(told)} ta yangi")
    assert item["title"].startswith("Visit tomorrow at ")
    assert "Medical examination" in item["brief"]
    assert item["link"].startswith("/visits/")
    assert found["unread"] == len(found["items"])
    in_uzbek = next(one for one in (await inbox(person, "uz-Latn"))["items"] if one["id"] == item["id"])
    assert in_uzbek["title"] != item["title"]
    said = f"{push['title']} {push['body']}"
    assert not any(part in said for part in (*item["brief"].split(", "), *in_uzbek["brief"].split(", ")))


async def test_a_message_tells_what_was_sent_of_it_and_that_it_was_received(person: Person) -> None:
    pocket = Pocket()
    await tick(person.world, pocket)
    (push,) = own(pocket, person)
    received = f"/v1/me/deliveries/{push['delivery_id']}/received"
    for _ in range(2):
        assert (await person.post(received)).status_code == 204
    found = given(await person.get(f"/v1/me/inbox/{push['message_id']}"))
    (way,) = found["deliveries"]
    assert (way["channel"], way["status"], way["attempts"]) == ("push", "accepted", 1)
    assert way["received_at"] is not None
    stranger = await person.world.newcomer()
    refused(await stranger.post(received), 404, "not_found")
    refused(await stranger.get(f"/v1/me/inbox/{push['message_id']}"), 404, "not_found")


async def test_what_is_read_is_marked_and_only_by_its_reader(person: Person) -> None:
    await tick(person.world, Pocket())
    before = await inbox(person)
    item = before["items"][0]
    stranger = await person.world.newcomer()
    refused(await stranger.post(f"/v1/me/inbox/{item['id']}/read"), 404, "not_found")
    for _ in range(2):
        assert (await person.post(f"/v1/me/inbox/{item['id']}/read")).status_code == 204
    after = await inbox(person)
    assert [one["read"] for one in after["items"] if one["id"] == item["id"]] == [True]
    assert after["unread"] == before["unread"] - 1


async def test_the_inbox_comes_in_pages(person: Person) -> None:
    world = person.world
    await tick(world, Pocket())
    for _ in range(2):
        world.clock.move(days=1)
        await stay_signed_in(person)
        await tick(world, Pocket())
    whole = [one["id"] for one in (await inbox(person))["items"]]
    assert len(whole) > 2
    paged: list[int] = []
    following = None
    while True:
        page = await inbox(person, limit="2", **({"cursor": following} if following else {}))
        paged += [one["id"] for one in page["items"]]
        following = page["next"]
        if following is None:
            break
    assert paged == whole
    early = cursor("0001-01-01T00:00:00+14:00", 1)
    for bad in ("x", cursor(1), cursor("2026-09-01", 5), cursor("2026-09-01T00:00:00+00:00", 0), early):
        refused(await person.get("/v1/me/inbox", cursor=bad), 422, "invalid_input")


async def test_without_googles_services_the_inbox_is_all_there_is(own_time: World) -> None:
    person = await own_time.newcomer()
    booking = await booked(person, days=4)
    await tick(own_time, Pocket())
    await evening_before(person, booking)
    pocket = Pocket()
    await tick(own_time, pocket)
    assert pocket.notes == []
    assert "visit_tomorrow" in {one["kind"] for one in (await inbox(person))["items"]}


async def test_a_phone_that_changes_hands_is_the_second_persons(own_time: World) -> None:
    first, second = await own_time.newcomer(), await own_time.newcomer()
    token = f"token-{new_key()}"
    await reach(first, token)
    booking = await booked(first, days=4)
    await reach(second, token)
    await tick(own_time, Pocket())
    await evening_before(first, booking)
    pocket = Pocket()
    await tick(own_time, pocket)
    await stay_signed_in(second)
    theirs = {one["message_id"] for one in (await inbox(second))["items"]}
    assert {note.message_id for note in pocket.notes if note.address == token} <= theirs
    assert "visit_tomorrow" in {one["kind"] for one in (await inbox(first))["items"]}


async def test_an_address_is_given_for_ones_own_sign_in_and_taken_back(own_time: World) -> None:
    person, stranger = await own_time.newcomer(), await own_time.newcomer()
    (device,) = given(await person.get("/v1/me/devices"))["items"]
    path = f"/v1/me/devices/{device['id']}/push-address"
    body = {"installation_id": "an-installation"}
    refused(await stranger.put(path, body), 404, "not_found")
    assert (await person.put(path, body)).status_code == 204
    assert (await person.delete(path)).status_code == 204
    assert (await person.delete(path)).status_code == 204
    for wrong in ({}, {"token": "12345678", "installation_id": "12345678"}, {"token": "x"}, body | {"language": "la"}):
        refused(await person.put(path, wrong), 422, "invalid_input")
    assert {"push_address_given", "push_address_taken_back"} <= {one["action"] for one in await log(person)}


async def test_preferences_are_kept_and_what_can_be_chosen_is_told(own_time: World) -> None:
    person = await own_time.newcomer()
    first = given(await person.get(PREFERENCES))
    assert first["quiet"] == {"begins": "22:00", "ends": "08:00"}
    assert (first["detail"], first["sms"], first["email"], first["muted"]) == (False, False, False, {})
    assert {one["kind"] for one in first["kinds"]} == set(KINDS)
    chosen = {
        "quiet": {"begins": "20:00", "ends": "09:30"},
        "zone": "Asia/Tashkent",
        "detail": True,
        "sms": True,
        "email": False,
        "muted": {"step_done": ["push"]},
    }
    answer = given(await person.put(PREFERENCES, chosen))
    assert {name: answer[name] for name in chosen} == chosen
    again = given(await person.get(PREFERENCES))
    assert {name: again[name] for name in chosen} == chosen


async def test_what_the_law_makes_dear_is_muted_only_once_the_warning_is_understood(own_time: World) -> None:
    person = await own_time.newcomer()
    muted = {"muted": {"deadline_near": ["push", "sms"], "step_done": ["push"]}}
    problem = refused(await person.put(PREFERENCES, muted), 409, "essential_muted")
    assert list(problem["kinds"]) == ["deadline_near"]
    assert "fine" in problem["kinds"]["deadline_near"]
    assert given(await person.get(PREFERENCES))["muted"] == {}
    given(await person.put(PREFERENCES, muted | {"understood": True}))
    # What is muted already asks for nothing more; letting more through never does.
    given(await person.put(PREFERENCES, muted))
    given(await person.put(PREFERENCES, {"muted": {}}))
    assert "reminders_muted" in {one["action"] for one in await log(person)}


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Moon/Tycho"},
        {"zone": "../etc/passwd"},
        {"quiet": {"begins": "20:00", "ends": "19:00"}},
        {"muted": {"deadline_near": ["inbox"]}},
        {"muted": {"nothing": ["push"]}},
    ],
)
async def test_what_cannot_be_chosen_is_refused(own_time: World, wrong: Json) -> None:
    person = await own_time.newcomer()
    refused(await person.put(PREFERENCES, wrong), 422, "invalid_input")


async def test_where_one_sets_out_from_is_ones_own_and_is_forgotten_when_taken_back(person: Person) -> None:
    refused(await person.get("/v1/me/home"), 404, "not_found")
    told = given(await person.put("/v1/me/home", {"lat": 55.123456, "lon": 49.987654}))
    assert told == given(await person.get("/v1/me/home")) == {"lat": 55.123, "lon": 49.988}
    stranger = await person.world.newcomer()
    refused(await stranger.get("/v1/me/home"), 404, "not_found")
    refused(await person.put("/v1/me/home", {"lat": 95, "lon": 0}), 422, "invalid_input")
    for _ in range(2):
        assert (await person.delete("/v1/me/home")).status_code == 204
    refused(await person.get("/v1/me/home"), 404, "not_found")
