"""A document is shown to one point for one visit: nobody else sees it, each look is told, and it ends."""

from io import BytesIO
from typing import Any

import pytest_asyncio
from PIL import Image

from tests.api.helpers import AIRPORT, Json, booked, booked_today, given, hire, log, refused
from tests.support.papers import begin, check_all, picture, stored, upload
from tests.support.people import Desk, Person, World


@pytest_asyncio.fixture
async def visitor(world: World) -> Person:
    return await world.newcomer()


@pytest_asyncio.fixture
async def clerk(world: World) -> Desk:
    world.clerks[AIRPORT] = await hire(world)
    return await world.desk(AIRPORT)


async def shown(visitor: Person) -> tuple[Json, Json]:
    """A visit today, and a document that is shown for it."""
    visit, document = await booked_today(visitor, AIRPORT), await stored(visitor, kind="insurance")
    path = f"/v1/me/stored-documents/{document['id']}/shares"
    (share,) = given(await visitor.post(path, {"booking_id": visit["id"]}))["shares"]
    assert (share["booking_id"], share["point_id"]) == (visit["id"], visitor.world.point_id(AIRPORT))
    return visit, document


def at(visit: Json, document: Json | None = None, tail: str = "") -> str:
    return f"/v1/visits/{visit['id']}/documents" + (f"/{document['id']}/files/1{tail}" if document else "")


async def looks(visitor: Person) -> list[Json]:
    return [use for use in await log(visitor) if use["purpose"] == "visit_document"]


async def test_the_clerk_at_the_point_sees_it_and_each_look_is_told(visitor: Person, clerk: Desk) -> None:
    visit, document = await shown(visitor)
    (listed,) = given(await clerk.get(at(visit)))["items"]
    assert listed == {
        "id": document["id"],
        "kind": "insurance",
        "version": 1,
        "pages": 1,
        "issued_on": None,
        "expires_on": None,
    }
    for tail in ("", "/preview", ""):
        answer = await clerk.get(at(visit, document, tail))
        assert answer.status_code == 200
        with Image.open(BytesIO(answer.content)) as seen:
            assert seen.format == "JPEG"
    told = await looks(visitor)
    assert len(told) == 4
    for use in told:
        assert (use["actor_role"], use["receiver"]) == ("clerk", f"point:{visitor.world.point_id(AIRPORT)}")
        assert use["ground"].startswith("152-FZ art. 6(1)(1)")


async def test_nobody_else_sees_it(visitor: Person, clerk: Desk, world: World) -> None:
    visit, document = await shown(visitor)
    other = next(code for code in world.clerks if code != AIRPORT)
    world.clerks[other] = await hire(world, other)
    elsewhere = await world.desk(other)
    for path in (at(visit), at(visit, document), at(visit, document, "/preview")):
        refused(await elsewhere.get(path), 404, "not_found")
    another, unshown = await booked(visitor, "medical", point=AIRPORT, days=1), await stored(visitor)
    refused(await clerk.get(at(another, document)), 404, "not_found")
    refused(await clerk.get(at(visit, unshown)), 404, "not_found")
    assert given(await clerk.get(at(another)))["items"] == []
    assert len(await looks(visitor)) == 1, "what was refused was no look"


async def test_it_is_over_once_the_person_takes_it_back(visitor: Person, clerk: Desk) -> None:
    visit, document = await shown(visitor)
    gone = await visitor.delete(f"/v1/me/stored-documents/{document['id']}/shares/{visit['id']}")
    assert gone.status_code == 204
    refused(await clerk.get(at(visit, document)), 404, "not_found")
    assert given(await clerk.get(at(visit)))["items"] == []
    actions = [entry["action"] for entry in await log(visitor)]
    assert ("document_shared" in actions, "document_unshared" in actions) == (True, True)


async def test_it_is_over_once_the_visit_is(visitor: Person, clerk: Desk) -> None:
    visit, document = await shown(visitor)
    arrived = given(await clerk.post("/v1/visits/check-ins", {"qr_pass": visitor.qr_pass(visit["id"])}), 201)
    assert (await clerk.get(at(visit, document))).status_code == 200
    given(await clerk.post(f"/v1/visits/{visit['id']}/outcome", {"outcome": "done"}, version=arrived["version"]))
    refused(await clerk.get(at(visit, document)), 404, "not_found")
    refused(await clerk.get(at(visit)), 404, "not_found")
    assert given(await visitor.get(f"/v1/me/stored-documents/{document['id']}"))["shares"] == []
    again = await visitor.post(f"/v1/me/stored-documents/{document['id']}/shares", {"booking_id": visit["id"]})
    refused(again, 409, "visit_not_ahead")


async def test_what_cannot_be_shown_is_refused(visitor: Person, world: World) -> None:
    visit, document = await shown(visitor)
    unready = await begin(visitor)
    path = "/v1/me/stored-documents/{}/shares"
    refused(await visitor.post(path.format(unready["id"]), {"booking_id": visit["id"]}), 409, "document_not_ready")
    other = await world.newcomer()
    theirs: dict[str, Any] = {"booking_id": (await booked(other, point=AIRPORT))["id"]}
    refused(await visitor.post(path.format(document["id"]), theirs), 404, "not_found")
    refused(await other.post(path.format(document["id"]), theirs), 404, "not_found")


async def test_a_new_version_is_what_is_shown(visitor: Person, clerk: Desk, world: World) -> None:
    visit, document = await shown(visitor)
    given(await visitor.post(f"/v1/me/stored-documents/{document['id']}/versions", {"pages": 1}), 201)
    await upload(visitor, picture((333, 222)), document, version=2)
    await check_all(world)
    with Image.open(BytesIO((await clerk.get(at(visit, document))).content)) as seen:
        assert seen.size == (333, 222)


async def test_a_document_that_is_deleted_is_shown_no_more(visitor: Person, clerk: Desk) -> None:
    visit, document = await shown(visitor)
    assert (await visitor.delete(f"/v1/me/stored-documents/{document['id']}")).status_code == 204
    refused(await clerk.get(at(visit, document)), 404, "not_found")
