"""Copies of papers: in by tus, cleaned, sealed, and out again to whoever they are shown."""

from io import BytesIO

import pikepdf
from PIL import Image

from tests.api.helpers import given, refused
from tests.support.papers import MARK, begin, check_all, noise, page, pdf, picture, seen, stored, upload
from tests.support.people import World


async def test_a_photo_comes_in_is_checked_and_comes_out_again(world: World) -> None:
    person = await world.newcomer()
    document = await begin(person, expires_on="2030-05-01")
    assert (document["version"], document["versions"][0]["state"]) == (None, "uploading")
    await upload(person, picture(), document)
    assert (await seen(person, document))["versions"][0]["state"] == "checking"
    refused(await person.get(f"/v1/me/stored-documents/{document['id']}/files/1"), 409, "document_not_ready")
    assert await check_all(world) == 1
    ready = await seen(person, document)
    (version,) = ready["versions"]
    assert (ready["version"], version["state"], version["expires_on"]) == (1, "ready", "2030-05-01")
    (file,) = version["files"]
    content = await page(person, document)
    assert (file["media_type"], file["size"], file["preview"]) == ("image/jpeg", len(content), True)
    with Image.open(BytesIO(content)) as shown:
        assert (shown.format, shown.size) == ("JPEG", (640, 400))
    with Image.open(BytesIO(await page(person, document, preview=True))) as small:
        assert max(small.size) == 480


async def test_a_pdf_comes_out_with_what_its_pages_show(world: World) -> None:
    person = await world.newcomer()
    document = await stored(person, pdf(3), "insurance")
    answer = await person.get(f"/v1/me/stored-documents/{document['id']}/files/1")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="insurance-1.pdf"'
    assert answer.headers["content-length"] == str(len(answer.content))
    with pikepdf.open(BytesIO(answer.content)) as shown:
        assert len(shown.pages) == 3
        assert MARK in shown.pages[2].Contents.read_bytes()
    preview = await person.get(f"/v1/me/stored-documents/{document['id']}/files/1/preview")
    refused(preview, 404, "no_preview")


async def test_a_file_larger_than_a_chunk_comes_out_whole(world: World) -> None:
    person = await world.newcomer()
    document = await stored(person, noise())
    content = await page(person, document)
    assert len(content) > 2 * 256 * 1024
    with Image.open(BytesIO(content)) as shown:
        shown.load()
        assert shown.size == (1200, 900)


async def test_pages_are_kept_in_their_order_and_the_version_waits_for_all(world: World) -> None:
    person = await world.newcomer()
    document = await begin(person, "passport", pages=2)
    await upload(person, picture((200, 100)), document, page=2)
    await check_all(world)
    assert (await seen(person, document))["version"] is None
    await upload(person, picture((100, 200)), document, page=1)
    await check_all(world)
    assert (await seen(person, document))["version"] == 1
    for number, size in ((1, (100, 200)), (2, (200, 100))):
        with Image.open(BytesIO(await page(person, document, number))) as shown:
            assert shown.size == size


async def test_a_new_version_counts_once_it_is_complete_and_the_old_one_stays(world: World) -> None:
    person = await world.newcomer()
    document = await stored(person, picture((300, 200)))
    renewed = given(await person.post(f"/v1/me/stored-documents/{document['id']}/versions", {"pages": 1}), 201)
    assert [one["version"] for one in renewed["versions"]] == [1, 2]
    await upload(person, picture((400, 200)), document, version=2)
    with Image.open(BytesIO(await page(person, document))) as shown:
        assert shown.size == (300, 200)
    await check_all(world)
    assert (await seen(person, document))["version"] == 2
    for version, width in ((2, 400), (1, 300)):
        with Image.open(BytesIO(await page(person, document, version=version))) as shown:
            assert shown.size == (width, 200)
    with Image.open(BytesIO(await page(person, document))) as shown:
        assert shown.size == (400, 200)


async def test_a_document_that_is_deleted_is_gone_with_its_sealed_files(world: World) -> None:
    person = await world.newcomer()
    document = await stored(person)
    assert (await person.delete(f"/v1/me/stored-documents/{document['id']}")).status_code == 204
    refused(await person.get(f"/v1/me/stored-documents/{document['id']}"), 404, "not_found")
    refused(await person.get(f"/v1/me/stored-documents/{document['id']}/files/1"), 404, "not_found")


async def test_what_is_anothers_is_not_found(world: World) -> None:
    person, other = await world.newcomer(), await world.newcomer()
    document = await stored(person)
    path = f"/v1/me/stored-documents/{document['id']}"
    for answer in (
        await other.get(path),
        await other.get(f"{path}/files/1"),
        await other.delete(path),
        await other.post(f"{path}/versions", {"pages": 1}),
    ):
        refused(answer, 404, "not_found")
    assert given(await other.get("/v1/me/stored-documents"))["items"] == []
