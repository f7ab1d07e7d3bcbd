"""The object store, by obstore: a local folder, or any S3-compatible service."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import LocalStore, S3Store

from app.adapters.durable import sync
from app.ports import StoredObject

_PIECE = 1024 * 1024
_MOST_AT_ONCE = 1000
"""Names in one request to delete, as S3 takes them."""


class StoreObjects:
    """`folder`: where a local store lies, whose files have to be put on the disk; None for a service that does so."""

    def __init__(self, store: LocalStore | S3Store, folder: Path | None = None) -> None:
        self._store, self._folder = store, folder

    async def put(self, name: str, content: bytes | memoryview) -> None:
        if self._folder is None:
            await obstore.put_async(self._store, name, content, use_multipart=False)
        else:
            await asyncio.to_thread(self._put_on_disk, self._folder / name, name, content)

    def _put_on_disk(self, path: Path, name: str, content: bytes | memoryview) -> None:
        """It is written beside its place, and then named; and both are on the disk before we go on."""
        # In pieces: in one, megabytes that are no more in the processor's cache take much longer.
        obstore.put(self._store, name, content, use_multipart=True, chunk_size=_PIECE, max_concurrency=1)
        sync(path)
        sync(path.parent)

    async def get(self, name: str) -> bytes:
        try:
            found = await obstore.get_async(self._store, name)
            return bytes(await found.bytes_async())
        except (NotFoundError, FileNotFoundError):
            raise LookupError(name) from None

    async def stream(self, name: str) -> AsyncIterator[bytes]:
        try:
            found = await obstore.get_async(self._store, name)
        except (NotFoundError, FileNotFoundError):
            raise LookupError(name) from None
        async for piece in found.stream():
            yield bytes(piece)

    async def delete(self, names: Sequence[str]) -> None:
        for first in range(0, len(names), _MOST_AT_ONCE):
            some = names[first : first + _MOST_AT_ONCE]
            try:
                await obstore.delete_async(self._store, some)
            except (NotFoundError, FileNotFoundError):
                for name in some:
                    await self._delete_one(name)

    async def _delete_one(self, name: str) -> None:
        try:
            await obstore.delete_async(self._store, name)
        except (NotFoundError, FileNotFoundError):
            return

    async def listed(self, prefix: str) -> AsyncIterator[StoredObject]:
        async for page in obstore.list(self._store, prefix=prefix):
            for each in page:
                yield StoredObject(each["path"], each["size"], each["last_modified"])


def in_folder(folder: Path) -> StoreObjects:
    """A local folder of mode 0700."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return StoreObjects(LocalStore(folder), folder)


def in_bucket(
    bucket: str, *, region: str, endpoint: str | None = None, key_id: str | None = None, secret: str | None = None
) -> StoreObjects:
    """A bucket that is there. Without a key the machine's own credentials are used, as the service hands them out."""
    plain_http = endpoint is not None and endpoint.startswith("http://")
    options = {"endpoint": endpoint, "access_key_id": key_id, "secret_access_key": secret}
    return StoreObjects(
        S3Store(
            bucket,
            region=region,
            client_options={"allow_http": plain_http, "timeout": timedelta(seconds=60)},
            **{name: value for name, value in options.items() if value is not None},  # type: ignore[arg-type]
        )
    )
