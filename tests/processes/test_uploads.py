"""An upload outlives the process that receives it, and goes on at whichever answers."""

import asyncio
import os
import signal
import socket
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from services.documents.upkeep import faults
from tests.processes.commands import start, wait_ready
from tests.processes.copies import Copy
from tests.services.crowd import first_region, newcomers, token_of
from tests.support.papers import PART, TUS, metadata, noise

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def send_half(base_url: str, path: str, headers: dict[str, str], part: bytes) -> socket.socket:
    """Begins a request, and is left in the middle of it."""
    wire = socket.create_connection(("127.0.0.1", urlsplit(base_url).port or 0))
    told = {"Host": "127.0.0.1", **headers, "Content-Length": str(len(part))}
    lines = [f"PATCH {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items()), "", ""]
    wire.sendall("\r\n".join(lines).encode() + part[: len(part) // 2])
    return wire


async def test_an_upload_survives_kill_9_of_the_api_and_is_checked_by_the_worker(made_copy: Copy) -> None:
    content = noise((900, 700))
    third = len(content) // 3
    async with made_copy.runtime() as runtime:
        (person,) = await newcomers(runtime, 1)
        signed = {"Authorization": f"Bearer {await token_of(runtime, person)}"}
    victim = start(made_copy.env, "api", made_copy.log)
    try:
        wait_ready(made_copy.base_url, victim, made_copy.log)
        async with httpx.AsyncClient(base_url=made_copy.base_url, headers=signed) as client:
            document = (await client.post("/v1/me/stored-documents", json={"kind": "patent"})).json()
            told = {"Upload-Length": str(len(content)), "Upload-Metadata": metadata(document=document["id"])}
            location = (await client.post("/v1/me/uploads", headers=TUS | told)).headers["location"]
            first = await client.patch(location, content=content[:third], headers=PART | {"Upload-Offset": "0"})
            assert first.status_code == 204
        headers = signed | PART | {"Upload-Offset": str(third)}
        wire = send_half(made_copy.base_url, location, headers, content[third:])
        await asyncio.sleep(0.3)
    finally:
        os.kill(victim.pid, signal.SIGKILL)
        victim.wait()
    wire.close()
    with made_copy.running(api_processes=2):
        async with httpx.AsyncClient(base_url=made_copy.base_url, headers=signed, timeout=30) as client:
            here = int((await client.head(location, headers=TUS)).headers["upload-offset"])
            assert here == third
            headers = PART | {"Upload-Offset": str(here)}
            assert (await client.patch(location, content=content[here:], headers=headers)).status_code == 204
            path = f"/v1/me/stored-documents/{document['id']}"
            for _ in range(300):
                if (await client.get(path)).json()["version"]:
                    break
                await asyncio.sleep(0.2)
            shown = await client.get(f"{path}/files/1")
            assert shown.content.startswith(b"\xff\xd8\xff")
            assert shown.headers["content-length"] == str(len(shown.content))
            for _ in range(150):
                if not parts_in(made_copy):
                    break
                await asyncio.sleep(0.2)
    assert parts_in(made_copy) == []
    assert content[:60] not in made_copy.log.read_bytes()
    async with made_copy.runtime() as runtime, runtime.database.reading(first_region(runtime)) as uow:
        assert await faults(uow, runtime.objects) == []


def parts_in(copy: Copy) -> list[Path]:
    """What the worker has not deleted yet."""
    return list((copy.data_dir / "documents" / copy.region / "parts").glob("*"))
