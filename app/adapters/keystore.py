"""Per-person keys as files, in a folder apart from the database and its backups.

A key is 32 random bytes wrapped under the master key. Several processes of one machine may share the folder;
deleting a file is erasure. Where the API runs on several machines the folder is a shared volume.
"""

import asyncio
import os
import secrets
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.adapters.durable import remove, sync, write_once
from app.ports import TamperedError

_NONCE = 12
_MOST = 4_096


class FolderKeyStore:
    def __init__(self, folder: Path, wrapping_key: bytes) -> None:
        self._folder = folder
        self._wrap = AESGCM(wrapping_key)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _name(self, person_id: UUID) -> str:
        # As the system has it: a list of many thousands waits for this, and a `Path` takes four times as long.
        return f"{self._folder}/{person_id.hex[:2]}/{person_id.hex}.key"

    def _path(self, person_id: UUID) -> Path:
        return Path(self._name(person_id))

    async def get(self, person_id: UUID) -> bytes | None:
        return await asyncio.to_thread(self.read, person_id)

    def read(self, person_id: UUID) -> bytes | None:
        try:
            file = os.open(self._name(person_id), os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            wrapped = os.read(file, _MOST)
        finally:
            os.close(file)
        return self._opened(person_id, wrapped)

    async def create(self, person_id: UUID) -> bytes:
        try:
            wrapped = await asyncio.to_thread(self._made, person_id)
        except FileNotFoundError:
            raise TamperedError(f"the key of person {person_id} vanished while it was made") from None
        return self._opened(person_id, wrapped)

    def _made(self, person_id: UUID) -> bytes:
        # A key must be on the disk before anything sealed with it is committed.
        path = self._path(person_id)
        if path.exists():
            sync(path.parent)  # whoever made it may not have come so far
            return path.read_bytes()
        if not path.parent.exists():
            path.parent.mkdir(exist_ok=True, mode=0o700)
            sync(self._folder)
        write_once(path, self._new(person_id))
        return path.read_bytes()

    def _new(self, person_id: UUID) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._wrap.encrypt(nonce, secrets.token_bytes(32), person_id.bytes)

    def _opened(self, person_id: UUID, wrapped: bytes) -> bytes:
        try:
            return self._wrap.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], person_id.bytes)
        except InvalidTag:
            raise TamperedError(f"the key of person {person_id} does not fit the master key") from None

    async def destroy(self, person_id: UUID) -> None:
        await asyncio.to_thread(remove, self._path(person_id))
