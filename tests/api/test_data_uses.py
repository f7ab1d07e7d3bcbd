"""The log that a person sees: who used their data, why and on what ground; nobody sees another's."""

import pytest
import pytest_asyncio

from services.audit.commands import seal_heads
from services.audit.queries import broken_chains
from tests.api.helpers import Json, booked, cursor, given, instant, log, refused
from tests.support.people import Desk, Person, World


@pytest_asyncio.fixture
async def person(world: World) -> Person:
    return await world.newcomer()


async def _visited(person: Person, desk: Desk, point: str) -> None:
    visit = await booked(person, point=point)
    shown = given(await desk.post("/v1/visits/check-ins", {"qr_pass": person.qr_pass(visit["id"])}), 201)
    given(await desk.post(f"/v1/visits/{visit['id']}/outcome", {"outcome": "done"}, version=shown["version"]))


async def test_a_use_by_others_tells_who_why_and_on_what_ground(person: Person, desk: Desk, point: str) -> None:
    await _visited(person, desk, point)
    name = given(await person.get(f"/v1/points/{person.world.point_id(point)}"))["name"]
    uses = {use["purpose"]: use for use in await log(person) if use["action"] == "used"}
    assert set(uses) == {"visit_check_in", "visit_outcome"}
    for use in uses.values():
        assert use["actor_role"] == "clerk"
        assert use["receiver"] == f"point:{person.world.point_id(point)}"
        assert use["receiver_name"] == name
        assert use["ground"].startswith("152-FZ art. 6")
        assert use["ground_text"] == use["ground"]
        assert instant(use["at"]) == person.world.clock.now()


async def test_who_and_why_are_told_in_the_persons_language(person: Person, desk: Desk, point: str) -> None:
    await _visited(person, desk, point)
    wanted, russian = (person.headers | {"Accept-Language": language} for language in ("tg", "ru"))
    uses = given(await person.world.client.get("/v1/me/data-uses", headers=wanted))["items"]
    here = given(await person.world.client.get(f"/v1/points/{person.world.point_id(point)}", headers=russian))
    [came] = [use for use in uses if use["purpose"] == "visit_check_in"]
    assert came["ground_text"] == "152-ФЗ ст. 6(1)(5): хидмате, ки ба он навишта шудед"
    assert came["receiver_name"] == here["name"], "points are named in Russian and English alone"
    assert "ункт" in here["name"]


async def test_the_log_is_newest_first_and_numbered_without_a_gap(person: Person, desk: Desk, point: str) -> None:
    await _visited(person, desk, point)
    entries = await log(person)
    assert [entry["seq"] for entry in entries] == list(range(len(entries), 0, -1))
    times = [instant(entry["at"]) for entry in entries]
    assert times == sorted(times, reverse=True)
    assert entries[-1]["action"] == "signed_in"


async def test_the_log_never_holds_the_data_itself(person: Person, desk: Desk, point: str) -> None:
    await _visited(person, desk, point)
    answer = await person.get("/v1/me/data-uses", limit=100)
    passport = given(await person.get("/v1/me"))["passport"]
    for value in ("ERIKSSON", "ANNA", "UTO", passport["number"], person.number[1:]):
        assert value not in answer.text


async def test_ones_own_reads_are_not_logged(person: Person) -> None:
    booking = await booked(person, days=19)
    before = await log(person)
    paths = ["/v1/me", "/v1/me/pathway", "/v1/me/bookings", f"/v1/bookings/{booking['id']}", "/v1/me/data-uses"]
    for path in paths:
        given(await person.get(path))
    assert await log(person) == before


async def test_the_log_is_paged_and_each_entry_comes_once(person: Person, desk: Desk, point: str) -> None:
    await _visited(person, desk, point)
    whole = await log(person)
    seen: list[Json] = []
    page = given(await person.get("/v1/me/data-uses", limit=3))
    while True:
        seen += page["items"]
        if page["next"] is None:
            break
        assert len(page["items"]) == 3
        page = given(await person.get("/v1/me/data-uses", limit=3, cursor=page["next"]))
    assert seen == whole


@pytest.mark.parametrize(
    "bad", ["x", "é", cursor(), cursor("1"), cursor(0), cursor(-1), cursor(2**63), cursor(1, 2), cursor(1.5), "e30"]
)
async def test_a_cursor_that_is_not_ours_is_refused(person: Person, bad: str) -> None:
    assert refused(await person.get("/v1/me/data-uses", cursor=bad), 422, "invalid_input")["field"] == "cursor"


async def test_nobody_reaches_anothers_log(person: Person, desk: Desk, point: str) -> None:
    await _visited(person, desk, point)
    other = await person.world.newcomer()
    own = await log(other)
    assert {entry["actor_role"] for entry in own} <= {"migrant", "system"}
    # A cursor is a place in one's own log, whoever made it.
    page = given(await other.get("/v1/me/data-uses", cursor=cursor(1000), limit=100))
    assert page["items"] == own
    refused(await desk.get("/v1/me/data-uses"), 403, "not_allowed")
    for path in (f"/v1/persons/{other.number}/data-uses", "/v1/data-uses"):
        refused(await person.get(path), 404, "not_found")


async def test_what_was_refused_leaves_no_trace_of_a_use(person: Person, desk: Desk, point: str) -> None:
    visit = await booked(person, point=point)
    before = await log(person)
    refused(await desk.post(f"/v1/visits/{visit['id']}/outcome", {"outcome": "done"}, version=1), 409, "not_arrived")
    elsewhere = await person.world.desk("exam-1")
    refused(await elsewhere.post(f"/v1/visits/{visit['id']}/outcome", {"outcome": "done"}, version=1), 404, "not_found")
    assert await log(person) == before


async def test_chains_and_seals_hold_after_all(world: World, person: Person, desk: Desk, point: str) -> None:
    await _visited(person, desk, point)
    async with world.runtime.database.writing(world.region) as uow:
        assert await seal_heads(uow) > 0
    async with world.runtime.database.reading(world.region) as uow:
        assert await broken_chains(uow) == []
