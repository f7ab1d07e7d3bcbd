"""Copies of papers as phones make them, and their way in over the API."""

import asyncio
import base64
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import httpx
import pikepdf
from PIL import Image, ImageDraw

from app.adapters.cleaning.__main__ import clean
from app.domain.documents.refusals import Refusal
from app.ports import Cleaned
from services.documents.checking import Checks, check_next
from tests.support.people import Person, World

MARK = b"PLAIN-CONTENT-OF-A-PAPER"
TUS = {"Tus-Resumable": "1.0.0"}
PART = TUS | {"Content-Type": "application/offset+octet-stream"}
Json = dict[str, Any]


class CleanerInside:
    """The cleaner of the product without a process of its own, which takes a while to start."""

    async def clean(self, content: bytes) -> Cleaned | Refusal:
        return await asyncio.to_thread(clean, content)


def checks(world: World, **other: Any) -> Checks:
    return Checks(world.runtime.objects, CleanerInside(), **other)


async def check_all(world: World, **other: Any) -> int:
    """What a worker does with files that wait to be checked."""
    count = 0
    while await check_next(world.runtime.database, world.region, checks(world, **other)):
        count += 1
    return count


def picture(size: tuple[int, int] = (640, 400), form: str = "JPEG", **how: Any) -> bytes:
    """A photo of a paper: a red corner at the top left, blue elsewhere."""
    made = Image.new("RGB", size, (20, 40, 200))
    ImageDraw.Draw(made).rectangle((0, 0, size[0] // 4, size[1] // 4), fill=(220, 20, 20))
    out = BytesIO()
    made.save(out, form, **how)
    return out.getvalue()


def noise(size: tuple[int, int] = (1200, 900), quality: int = 95) -> bytes:
    """A photo that does not pack: about a byte a pixel."""
    out = BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


def pdf(pages: int = 1, **root: Any) -> bytes:
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page()
        made.pages[-1].Contents = made.make_stream(b"0 0 1 rg 10 10 100 100 re f % " + MARK)
    for key, value in root.items():
        made.Root[f"/{key}"] = value
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def metadata(**told: Any) -> str:
    return ",".join(f"{key} {base64.b64encode(str(value).encode()).decode()}" for key, value in told.items())


async def begin(person: Person, kind: str = "migration_card", **terms: Any) -> Json:
    answer = await person.post("/v1/me/stored-documents", {"kind": kind, **terms})
    assert answer.status_code == 201, answer.text
    document: Json = answer.json()
    return document


async def create(person: Person, length: int, **told: Any) -> httpx.Response:
    headers = person.headers | TUS | {"Upload-Length": str(length), "Upload-Metadata": metadata(**told)}
    return await person.world.client.post("/v1/me/uploads", headers=headers)


async def send(
    person: Person, location: str, offset: int, data: bytes | AsyncIterator[bytes], **headers: str
) -> httpx.Response:
    told = person.headers | PART | {"Upload-Offset": str(offset), **headers}
    return await person.world.client.patch(location, content=data, headers=told)


async def offset_of(person: Person, location: str) -> int:
    answer = await person.world.client.head(location, headers=person.headers | TUS)
    assert answer.status_code == 200
    return int(answer.headers["upload-offset"])


async def upload(person: Person, content: bytes, document: Json, *, page: int = 1, version: int = 1) -> str:
    """Sends a file whole, and returns where to."""
    made = await create(person, len(content), document=document["id"], version=version, page=page)
    assert made.status_code == 201, made.text
    location = made.headers["location"]
    sent = await send(person, location, 0, content)
    assert sent.status_code == 204, sent.text
    assert sent.headers["upload-offset"] == str(len(content))
    return str(location)


async def stored(person: Person, content: bytes | None = None, kind: str = "migration_card") -> Json:
    """A document of one page that is ready."""
    document = await begin(person, kind)
    await upload(person, content or picture(), document)
    await check_all(person.world)
    return await seen(person, document)


async def seen(person: Person, document: Json) -> Json:
    answer = await person.get(f"/v1/me/stored-documents/{document['id']}")
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def page(person: Person, document: Json, number: int = 1, *, preview: bool = False, **params: Any) -> bytes:
    path = f"/v1/me/stored-documents/{document['id']}/files/{number}{'/preview' if preview else ''}"
    answer = await person.get(path, **params)
    assert answer.status_code == 200, answer.text
    return answer.content
