"""What is kept of a paper: nothing that anybody reads without the person's key, wherever it lies; and who is told."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest_asyncio
from moto.server import ThreadedMotoServer
from sqlalchemy import select, text

from app.adapters.clamav import ClamAv
from app.adapters.keystore import FolderKeyStore
from app.adapters.vault import derive, load_master_key
from app.domain.audit.purpose import Purpose
from app.models.outbox import OutboxEvent
from app.settings import Settings
from services.documents.queries import for_mirror
from services.documents.upkeep import delete_doomed, follow_merges
from tests.adapters.test_clamav import EICAR, daemon
from tests.adapters.test_objects import bucket_at
from tests.api.conftest import world_of
from tests.api.helpers import Json, claims, fresh_passport, given, log, refused, stay_signed_in
from tests.api.test_merges import accept, two_with_one_passport
from tests.processes.commands import free_port
from tests.support.contract import client_of
from tests.support.papers import MARK, begin, check_all, create, page, pdf, picture, seen, send, stored, upload
from tests.support.people import Person, World


@pytest_asyncio.fixture
async def in_bucket(world: World) -> AsyncIterator[World]:
    """The same region with its documents in an S3 bucket."""
    await _delete_doomed(world)  # what was in the folder
    server = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    runtime = replace(world.runtime, objects=bucket_at(f"http://{host}:{port}"))
    async with client_of(runtime) as client:
        yield world_of(runtime, client, world.clock, world)
    server.stop()


def files_in(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


async def person_id(person: Person) -> UUID:
    return UUID(claims(person.tokens["access_token"])["person"])


async def events(world: World, topic: str, document: Json) -> list[Json]:
    async with world.runtime.database.reading(world.region) as uow:
        query = select(OutboxEvent.payload_sealed).where(OutboxEvent.topic == topic).order_by(OutboxEvent.id)
        sealed = [each for each in await uow.session.scalars(query) if each]
    told = [json.loads(world.runtime.database.vault.open_system("outbox_events", each)) for each in sealed]
    return [each for each in told if each["document_id"] == document["id"]]


async def test_no_file_of_the_store_holds_plain_content_at_any_time(world: World, settings: Settings) -> None:
    person, content = await world.newcomer(), pdf(2)
    document = await begin(person, pages=2)
    half = len(content) // 2
    location = (await create(person, len(content), document=document["id"])).headers["location"]
    known = set(files_in(settings.documents_folder))
    found: dict[Path, bytes] = {}
    await send(person, location, 0, content[:half])
    found |= files_in(settings.documents_folder)
    await send(person, location, half, content[half:])
    await upload(person, picture(), document, page=2)
    found |= files_in(settings.documents_folder)
    await check_all(world)
    found |= files_in(settings.documents_folder)
    kept = {file: held for file, held in found.items() if file not in known}
    assert len(kept) >= 5
    plain = (MARK, b"%PDF", b"endobj", b"JFIF", b"\xff\xd8\xff", content[:40], content[half : half + 40])
    for file, held in kept.items():
        assert not any(word in held for word in plain), file
        assert str(await person_id(person)) not in str(file)
    assert await page(person, document) != b""


async def test_what_a_person_sent_is_gone_from_the_store_when_they_delete_it(world: World, settings: Settings) -> None:
    person = await world.newcomer()
    await _delete_doomed(world)
    before = set(files_in(settings.documents_folder))
    document = await stored(person)
    await _delete_doomed(world)
    assert len(set(files_in(settings.documents_folder)) - before) == 2, "content and preview; the parts are gone"
    await person.delete(f"/v1/me/stored-documents/{document['id']}")
    await _delete_doomed(world)
    assert set(files_in(settings.documents_folder)) == before


async def test_without_the_persons_key_nothing_opens(world: World, settings: Settings) -> None:
    person = await world.newcomer()
    document = await stored(person)
    keys = FolderKeyStore(
        settings.keys_folder, derive(load_master_key(settings.data_dir / "master.key"), "person-keys")
    )
    await keys.destroy(await person_id(person))
    vault = world.runtime.database.vault
    vault._cache.clear()  # type: ignore[attr-defined]
    answer = await person.get(f"/v1/me/stored-documents/{document['id']}/files/1")
    refused(answer, 404, "not_found")


async def test_all_of_it_goes_through_an_s3_service_too(in_bucket: World) -> None:
    person = await in_bucket.newcomer()
    document = await begin(person)
    content = pdf(2)
    location = (await create(person, len(content), document=document["id"])).headers["location"]
    await send(person, location, 0, content[:500])
    await send(person, location, 500, content[500:])
    objects = in_bucket.runtime.objects
    names = [each.name async for each in objects.listed(in_bucket.region.code)]
    assert len(names) == 2
    assert not any([b"%PDF" in await objects.get(name) for name in names])
    await check_all(in_bucket)
    assert (await page(person, document)).startswith(b"%PDF")
    await _delete_doomed(in_bucket)
    assert len([each async for each in objects.listed(in_bucket.region.code)]) == 1
    await person.delete(f"/v1/me/stored-documents/{document['id']}")
    await _delete_doomed(in_bucket)
    assert [each async for each in objects.listed(in_bucket.region.code)] == []


async def test_a_virus_is_refused_and_a_scanner_that_is_away_is_waited_for(world: World, tmp_path: Path) -> None:
    person = await world.newcomer()
    document = await begin(person)
    await upload(person, picture(comment=EICAR), document)
    assert await check_all(world, scanner=ClamAv(f"unix:{tmp_path / 'clamd'}")) == 0
    assert (await seen(person, document))["versions"][0]["state"] == "checking"
    world.clock.move(minutes=4)
    async with daemon("unix", tmp_path) as address:
        assert await check_all(world, scanner=ClamAv(address)) == 1
    (file,) = (await seen(person, document))["versions"][0]["files"]
    assert (file["state"], file["refusal"]["code"]) == ("refused", "infected")


async def test_why_a_file_was_refused_is_told_in_the_persons_language(world: World) -> None:
    person = await world.newcomer()
    document = await begin(person)
    await upload(person, b"PK\x03\x04 passport.jpg.zip", document)
    await check_all(world)
    told = {}
    for language in ("ru", "tg", "en"):
        headers = person.headers | {"Accept-Language": language}
        answer = await world.client.get(f"/v1/me/stored-documents/{document['id']}", headers=headers)
        version = answer.json()["versions"][0]
        assert version["state"] == "refused"
        told[language] = version["files"][0]["refusal"]["text"]
        assert answer.headers["content-language"] == language
    assert told["en"].startswith("This file is neither a picture nor a PDF.")
    assert told["ru"].startswith("Этот файл не картинка и не PDF.")
    assert len(set(told.values())) == 3
    await upload(person, picture(), document)  # and sent anew
    await check_all(world)
    assert (await seen(person, document))["version"] == 1


async def test_who_mirrors_documents_is_told_with_the_change_and_learns_no_content(world: World) -> None:
    person = await world.newcomer()
    document = await begin(person, "patent", pages=2, expires_on="2027-01-31")
    for number in (1, 2):
        assert await events(world, "documents.stored", document) == []
        await upload(person, picture((100 * number, 100)), document, page=number)
        await check_all(world)
    person_and_document = {"person_id": str(await person_id(person)), "document_id": document["id"]}
    told = person_and_document | {"version": 1, "kind": "patent"}
    assert await events(world, "documents.stored", document) == [told]
    database, document_id = world.runtime.database, UUID(document["id"])
    async with database.writing(world.region) as uow:
        mirrored = await for_mirror(uow, document_id, Purpose.VISIT_DOCUMENT)
    assert mirrored is not None
    assert (mirrored.kind, mirrored.version, str(mirrored.expires_on)) == ("patent", 1, "2027-01-31")
    assert len(mirrored.digest) == 64
    assert next(use["purpose"] for use in await log(person)) == "visit_document"
    await person.delete(f"/v1/me/stored-documents/{document['id']}")
    assert await events(world, "documents.removed", document) == [told]
    async with database.writing(world.region) as uow:
        assert await for_mirror(uow, document_id, Purpose.VISIT_DOCUMENT) is None
    await world.relay()
    assert await events(world, "documents.removed", document) == []


async def test_the_zone_that_the_phone_read_is_compared_and_then_confirmed(world: World) -> None:
    person = await world.newcomer()
    document, mrz = await stored(person, kind="passport"), fresh_passport()
    path = f"/v1/me/stored-documents/{document['id']}/zone"
    told = given(await person.post(path, {"mrz": mrz}))
    assert (told["kind"], told["confirmed"], told["zone"]["surname"]) == ("passport", False, "ERIKSSON")
    before = given(await person.get("/v1/me/documents"))["items"]
    assert (await seen(person, document))["identity_document_id"] is None
    assert given(await person.post(path, {"mrz": mrz, "confirmed": True}))["confirmed"] is True
    items = given(await person.get("/v1/me/documents"))["items"]
    assert len(items) == len(before) + 1
    linked = next(item for item in items if item["current"])
    assert (await seen(person, document))["identity_document_id"] == linked["id"]
    assert linked["number"] is None or linked["zone"]["number"] == told["zone"]["number"]
    wrong = refused(await person.post(path, {"mrz": mrz[:-2] + "00"}), 422, "invalid_mrz")
    assert "field" in wrong
    other = await stored(person, kind="receipt")
    refused(await person.post(f"/v1/me/stored-documents/{other['id']}/zone", {"mrz": mrz}), 422, "invalid_input")


async def test_documents_follow_a_person_who_was_joined_with_another(own_time: World) -> None:
    holder, claimant, _mrz, case = await two_with_one_passport(own_time)
    document = await stored(claimant)
    content = await page(claimant, document)
    given(await accept(holder, case))
    async with own_time.runtime.database.writing(own_time.region) as uow:
        assert await follow_merges(uow) == 1
    async with own_time.runtime.database.writing(own_time.region) as uow:
        assert await follow_merges(uow) == 0
    await stay_signed_in(claimant)
    assert await page(holder, document) == await page(claimant, document) == content


async def test_the_dump_names_no_file(world: World) -> None:
    """What the phone says of a file, its name above all, is not kept."""
    person = await world.newcomer()
    document = await begin(person)
    await create(person, 100, document=document["id"], filename="Anna Eriksson passport.jpg", filetype="image/jpeg")
    async with world.runtime.database.reading(world.region) as uow:
        rows = (await uow.session.scalars(text("SELECT to_jsonb(f)::text FROM document_files f"))).all()
    assert rows
    assert not any("Eriksson" in row for row in rows)


async def _delete_doomed(world: World) -> None:
    async with world.runtime.database.writing(world.region) as uow:
        await delete_doomed(uow, world.runtime.objects)
