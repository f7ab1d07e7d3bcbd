"""The object store: a local folder, and an S3-compatible service that answers here."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from app.adapters.objects import StoreObjects, in_bucket, in_folder
from app.assembly import objects_of
from app.settings import Settings
from tests.processes.commands import free_port

BUCKET, KEY = "manzil-documents", "test-key"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of an S3 server."""
    server = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> StoreObjects:
    if request.param == "folder":
        return in_folder(tmp_path / "documents")
    return bucket_at(request.getfixturevalue("s3"))


def bucket_at(address: str) -> StoreObjects:
    import boto3  # type: ignore[import-untyped]  # noqa: PLC0415 — slow to import, and only here

    client = boto3.client(
        "s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id=KEY, aws_secret_access_key=KEY
    )
    client.create_bucket(Bucket=BUCKET)
    return in_bucket(BUCKET, region="us-east-1", endpoint=address, key_id=KEY, secret=KEY)


async def names(objects: StoreObjects, prefix: str) -> list[str]:
    return sorted([each.name async for each in objects.listed(prefix)])


async def test_what_is_put_is_read_listed_and_deleted(objects: StoreObjects) -> None:
    content = bytes(range(256)) * 20_000
    await asyncio.gather(*(objects.put(f"r/parts/{n}", content[n:]) for n in range(5)))
    await objects.put("other/parts/1", b"x")
    assert await objects.get("r/parts/3") == content[3:]
    assert b"".join([piece async for piece in objects.stream("r/parts/2")]) == content[2:]
    listed = [each async for each in objects.listed("r")]
    assert sorted((each.name, each.size) for each in listed) == [(f"r/parts/{n}", len(content) - n) for n in range(5)]
    assert all(abs(each.written_at - datetime.now(UTC)) < timedelta(minutes=2) for each in listed)
    await objects.delete(["r/parts/0", "r/parts/1", "r/parts/never"])
    await objects.delete(["r/parts/0"])
    await objects.delete([])
    assert await names(objects, "r") == ["r/parts/2", "r/parts/3", "r/parts/4"]
    assert await names(objects, "other") == ["other/parts/1"]
    await objects.delete(await names(objects, "r"))


async def test_what_is_not_there_is_told(objects: StoreObjects) -> None:
    with pytest.raises(LookupError):
        await objects.get("r/none")
    with pytest.raises(LookupError):
        _ = [piece async for piece in objects.stream("r/none")]
    assert await names(objects, "nothing") == []


async def test_settings_say_where_documents_lie(tmp_path: Path, s3: str) -> None:
    local = objects_of(Settings(data_dir=tmp_path))
    await local.put("r/files/1", b"sealed")
    assert (tmp_path / "documents" / "r" / "files" / "1").read_bytes() == b"sealed"
    assert (tmp_path / "documents").stat().st_mode & 0o777 == 0o700
    bucket_at(s3)
    away = objects_of(
        Settings(
            data_dir=tmp_path,
            documents_bucket=BUCKET,
            documents_s3_endpoint=s3,
            documents_s3_key_id=KEY,
            documents_s3_secret=KEY,
        )
    )
    await away.put("r/files/2", b"sealed")
    assert await away.get("r/files/2") == b"sealed"
    assert not (tmp_path / "documents" / "r" / "files" / "2").exists()
    assert KEY not in repr(Settings(documents_s3_secret=KEY, documents_s3_key_id=KEY))
