"""Uploads by tus 1.0: they go on where the net was gone, over any process, and nothing is taken twice or by halves."""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.domain.documents.limits import MOST_BYTES, MOST_OPEN
from app.settings import Settings
from services.documents.upkeep import delete_doomed, faults, give_up_old, sweep
from tests.api.helpers import refused, stay_signed_in
from tests.support.papers import (
    PART,
    TUS,
    begin,
    check_all,
    create,
    metadata,
    noise,
    offset_of,
    page,
    picture,
    seen,
    send,
    stored,
    upload,
)
from tests.support.people import Person, World


def objects_in(settings: Settings) -> set[Path]:
    return {file for file in settings.documents_folder.rglob("*") if file.is_file()}


async def started(person: Person, length: int, **told: object) -> str:
    """Where the parts of a new file go."""
    document = await begin(person)
    answer = await create(person, length, document=document["id"], **told)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


async def test_what_is_served_is_told_without_signing_in(world: World) -> None:
    answer = await world.client.options("/v1/me/uploads")
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == answer.headers["tus-resumable"] == "1.0.0"
    assert answer.headers["tus-extension"] == "creation,termination,checksum,expiration"
    assert answer.headers["tus-max-size"] == str(MOST_BYTES)
    assert answer.headers["tus-checksum-algorithm"] == "sha256,sha1"


async def test_an_upload_goes_on_where_the_net_was_gone_at_another_process(world: World, other_process: World) -> None:
    person = await world.newcomer()
    document, content = await begin(person), noise()
    made = await create(person, len(content), document=document["id"], filename="passport of Somebody.jpg")
    location, third = made.headers["location"], len(content) // 3
    assert (await send(person, location, 0, content[:third])).headers["upload-offset"] == str(third)
    person.world = other_process
    assert await offset_of(person, location) == third
    assert (await send(person, location, third, content[third:])).status_code == 204
    person.world = world
    assert await offset_of(person, location) == len(content)
    await check_all(world)
    assert (await seen(person, document))["version"] == 1
    assert len(await page(person, document)) > third


async def test_what_came_before_the_net_was_gone_is_kept(world: World) -> None:
    person = await world.newcomer()
    content = noise()
    location = await started(person, len(content))

    async def dying() -> AsyncIterator[bytes]:
        yield content[:100_000]
        yield content[100_000:150_000]

    headers = {"Content-Length": str(len(content))}  # and less comes
    assert (await send(person, location, 0, dying(), **headers)).headers["upload-offset"] == "150000"
    assert await offset_of(person, location) == 150_000


async def test_a_part_from_another_place_is_refused_and_told_where_to_go_on(world: World) -> None:
    person = await world.newcomer()
    content = picture()
    location = await started(person, len(content))
    await send(person, location, 0, content[:1000])
    for offset in (0, 999, 1001):
        problem = refused(await send(person, location, offset, content[offset:]), 409, "offset_wrong")
        assert problem["offset"] == 1000
    assert await offset_of(person, location) == 1000


async def test_of_two_that_send_the_same_part_at_once_one_is_told_so(world: World, other_process: World) -> None:
    person = await world.newcomer()
    document, content = await begin(person), noise((500, 400))
    location = (await create(person, len(content), document=document["id"])).headers["location"]
    headers = person.headers | PART | {"Upload-Offset": "0"}
    clients = [world.client, other_process.client] * 2
    answers = await asyncio.gather(*(client.patch(location, content=content, headers=headers) for client in clients))
    assert sorted(answer.status_code for answer in answers) == [204, 409, 409, 409]
    await check_all(world)
    assert (await seen(person, document))["versions"][0]["state"] == "ready"


async def test_a_claim_of_two_gigabytes_is_refused_before_a_byte_is_sent(world: World) -> None:
    person = await world.newcomer()
    document = await begin(person)
    problem = refused(await create(person, 2 * 1024**3, document=document["id"]), 413, "file_too_large")
    assert problem["limit"] == MOST_BYTES
    assert (await seen(person, document))["versions"][0]["files"] == []


async def test_more_than_was_claimed_is_refused(world: World) -> None:
    person = await world.newcomer()
    location = await started(person, 1000)
    refused(await send(person, location, 0, b"x" * 1001), 413, "file_too_large")

    async def unsaid() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * 400

    refused(await send(person, location, 0, unsaid()), 413, "file_too_large")
    assert await offset_of(person, location) == 0


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
async def test_a_part_that_came_damaged_is_not_kept(world: World, settings: Settings, algorithm: str) -> None:
    person = await world.newcomer()
    content = picture()
    location = await started(person, len(content))
    right = base64.b64encode(hashlib.new(algorithm, content).digest()).decode()
    before = objects_in(settings)
    damaged = bytes([content[0] ^ 1]) + content[1:]
    answer = await send(person, location, 0, damaged, **{"Upload-Checksum": f"{algorithm} {right}"})
    refused(answer, 460, "checksum_wrong")
    assert (await offset_of(person, location), objects_in(settings)) == (0, before)
    sent = await send(person, location, 0, content, **{"Upload-Checksum": f"{algorithm} {right}"})
    assert sent.headers["upload-offset"] == str(len(content))


async def test_headers_that_say_nothing_sensible_are_refused(world: World) -> None:
    person = await world.newcomer()
    document = await begin(person)
    location = (await create(person, 100, document=document["id"])).headers["location"]
    for wrong in ({"Upload-Checksum": "md5 AAAA"}, {"Upload-Checksum": "sha1 AAAA"}, {"Upload-Offset": "-1"}):
        refused(await send(person, location, 0, b"x", **wrong), 422, "invalid_input")
    refused(await send(person, location, 0, b"x", **{"Content-Type": "image/jpeg"}), 415, "content_type_wrong")
    answer = await send(person, location, 0, b"x", **{"Tus-Resumable": "0.2.2"})
    refused(answer, 412, "tus_version")
    assert answer.headers["tus-version"] == "1.0.0"
    for told in ({}, {"document": "none"}, {"document": document["id"], "page": "0"}):
        refused(await create(person, 100, **told), 422, "invalid_input")
    refused(await create(person, 0, document=document["id"]), 422, "invalid_input")
    for told in ({"version": 2}, {"page": 2}):
        refused(await create(person, 100, document=document["id"], **told), 404, "not_found")


async def test_a_page_has_one_file_and_one_that_is_given_up_makes_room(world: World) -> None:
    person = await world.newcomer()
    document = await begin(person)
    location = (await create(person, 100, document=document["id"])).headers["location"]
    problem = refused(await create(person, 200, document=document["id"]), 409, "page_taken")
    assert location.endswith(problem["upload_id"])
    ended = await world.client.delete(location, headers=person.headers | TUS)
    assert ended.status_code == 204
    assert (await world.client.head(location, headers=person.headers | TUS)).status_code == 404
    await upload(person, picture(), document)
    await check_all(world)
    file = (await seen(person, document))["versions"][0]["files"][0]
    kept = await world.client.delete(f"/v1/me/uploads/{file['upload_id']}", headers=person.headers | TUS)
    refused(kept, 409, "upload_finished")


async def test_a_creation_that_is_sent_again_is_the_same_upload(world: World) -> None:
    person = await world.newcomer()
    document = await begin(person)
    told = {"Upload-Length": "100", "Upload-Metadata": metadata(document=document["id"])}
    headers = person.headers | TUS | told | {"Idempotency-Key": "a-phone-on-a-bad-net"}
    first, again = [await world.client.post("/v1/me/uploads", headers=headers) for _ in range(2)]
    assert (again.status_code, again.json()) == (201, first.json())
    assert first.headers["location"] == first.json()["location"]
    other = await world.client.post("/v1/me/uploads", headers=headers | {"Upload-Length": "200"})
    refused(other, 422, "idempotency_key_reused")


async def test_somebody_elses_upload_is_not_found(world: World) -> None:
    person, other = await world.newcomer(), await world.newcomer()
    document = await begin(person)
    location = (await create(person, 100, document=document["id"])).headers["location"]
    refused(await send(other, location, 0, b"x" * 100), 404, "not_found")
    refused(await world.client.delete(location, headers=other.headers | TUS), 404, "not_found")
    refused(await create(other, 100, document=document["id"]), 404, "not_found")


async def test_a_person_has_so_many_on_their_way_at_once(world: World) -> None:
    person = await world.newcomer()
    documents = [await begin(person, pages=12) for _ in range(3)]
    targets = [(document["id"], number) for document in documents for number in range(1, 13)]
    answers = [
        await create(person, 10, document=document, page=number) for document, number in targets[: MOST_OPEN + 1]
    ]
    assert [answer.status_code for answer in answers[:-1]] == [201] * MOST_OPEN
    refused(answers[-1], 409, "too_many_uploads")


async def test_an_upload_of_which_nothing_comes_for_a_day_is_given_up_with_its_parts(
    own_time: World, settings: Settings
) -> None:
    person, world = await own_time.newcomer(), own_time
    location = await started(person, 1000)
    before = objects_in(settings)
    await send(person, location, 0, b"x" * 500)
    assert len(objects_in(settings) - before) == 1
    world.clock.move(hours=23)
    await stay_signed_in(person)
    await send(person, location, 500, b"x" * 100)
    world.clock.move(hours=23)
    await _upkeep(world)
    await stay_signed_in(person)
    assert await offset_of(person, location) == 600
    world.clock.move(hours=2)
    await _upkeep(world)
    await stay_signed_in(person)
    assert (await world.client.head(location, headers=person.headers | TUS)).status_code == 404
    assert objects_in(settings) - before == set()


async def test_rows_and_objects_agree_and_orphans_are_swept(own_time: World, settings: Settings) -> None:
    person, world = await own_time.newcomer(), own_time
    document, objects = await stored(person), world.runtime.objects
    await _upkeep(world)
    async with world.runtime.database.reading(world.region) as uow:
        assert await faults(uow, objects) == []
    orphan = f"{world.region.code}/parts/nobody"
    await objects.put(orphan, b"sealed once")
    database, region = world.runtime.database, world.region
    assert await sweep(database, region, objects) == 0  # it may be on its way
    world.clock.move(days=400)  # the file's own time is that of the machine
    async with database.reading(region) as uow:
        assert await faults(uow, objects) == ["1 sealed files belong to nothing: is a worker running?"]
    assert await sweep(database, region, objects) == 1
    kept = max(settings.documents_folder.rglob("*-preview"), key=lambda file: file.stat().st_mtime)
    content = kept.with_name(kept.name.removesuffix("-preview"))
    aside = content.rename(settings.data_dir / "aside")
    async with database.reading(region) as uow:
        (told,) = await faults(uow, objects)
    assert told.startswith(f"{region.code}/files/{content.name} is not in the store")
    aside.rename(content)
    assert document["version"] == 1


async def _upkeep(world: World) -> None:
    database, region = world.runtime.database, world.region
    async with database.writing(region) as uow:
        await give_up_old(uow)
    async with database.writing(region) as uow:
        await delete_doomed(uow, world.runtime.objects)
