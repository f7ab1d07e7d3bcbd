"""Envelope encryption of personal fields: AES-256-GCM under a key for each person, wrapped by one master key.

Sealed bytes: version (1) · nonce (12) · ciphertext with tag. The person and the field are authenticated with
them, so bytes moved to another row or column do not open. NIST SP 800-38D; HKDF is RFC 5869.
"""

import asyncio
import hmac
import secrets
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.adapters.durable import write_once
from app.ports import ErasedError, KeyStore, TamperedError

_VERSION = b"\x01"
_NONCE = 12
MASTER_KEY_BYTES = 32
# A destroyed key must stop opening data in every process soon: cached keys live a minute.
_CACHE_SECONDS = 60.0
_CACHE_SIZE = 10_000


def derive(master: bytes, label: str) -> bytes:
    """A 32-byte key for one use, from the master key."""
    return HKDF(SHA256(), 32, salt=None, info=f"manzil:{label}".encode()).derive(master)


def load_master_key(path: Path) -> bytes:
    """The master key in `path`, made on the first call. Two processes at once get the same one."""
    if not path.exists():
        write_once(path, secrets.token_bytes(MASTER_KEY_BYTES))
    key = path.read_bytes()
    if len(key) != MASTER_KEY_BYTES:
        raise ValueError(f"{path} does not hold a key of {MASTER_KEY_BYTES} bytes")
    return key


def _seal(key: bytes, bound: bytes, plain: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, bound)


def _open(key: bytes, bound: bytes, sealed: bytes) -> bytes:
    if sealed[:1] != _VERSION:
        raise TamperedError("sealed bytes of an unknown version")
    try:
        return AESGCM(key).decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], bound)
    except InvalidTag:
        raise TamperedError("sealed bytes do not open: changed, moved, or sealed with another key") from None


class LocalVault:
    def __init__(self, master: bytes, keys: KeyStore) -> None:
        self._keys = keys
        self._system = derive(master, "system")
        self._index = derive(master, "blind-index")
        self._macs = derive(master, "mac")
        self._cache: dict[UUID, tuple[float, bytes]] = {}

    async def _key(self, person_id: UUID, *, make: bool) -> bytes:
        cached = self._cache.get(person_id)
        if cached and cached[0] > time.monotonic():
            return cached[1]
        key = await (self._keys.create(person_id) if make else self._keys.get(person_id))
        if key is None:
            self._cache.pop(person_id, None)
            raise ErasedError(str(person_id))
        if len(self._cache) >= _CACHE_SIZE:
            self._cache.clear()
        self._cache[person_id] = (time.monotonic() + _CACHE_SECONDS, key)
        return key

    async def seal(self, person_id: UUID, field: str, plain: bytes) -> bytes:
        return _seal(await self._key(person_id, make=True), person_id.bytes + field.encode(), plain)

    async def open(self, person_id: UUID, field: str, sealed: bytes) -> bytes:
        return _open(await self._key(person_id, make=False), person_id.bytes + field.encode(), sealed)

    async def open_many(self, field: str, sealed: Mapping[UUID, bytes]) -> dict[UUID, bytes | None]:
        return await asyncio.to_thread(self._opened, field.encode(), sealed)

    def _opened(self, field: bytes, sealed: Mapping[UUID, bytes]) -> dict[UUID, bytes | None]:
        """Keys that are read here are not kept: there may be more of them than there is room for."""
        opened: dict[UUID, bytes | None] = {}
        for person_id, each in sealed.items():
            cached = self._cache.get(person_id)
            try:
                key = cached[1] if cached and cached[0] > time.monotonic() else self._keys.read(person_id)
                if key is not None:
                    opened[person_id] = _open(key, person_id.bytes + field, each)
            except TamperedError:
                opened[person_id] = None
        return opened

    async def erase(self, person_id: UUID) -> None:
        await self._keys.destroy(person_id)
        self._cache.pop(person_id, None)

    def seal_system(self, field: str, plain: bytes) -> bytes:
        return _seal(self._system, field.encode(), plain)

    def open_system(self, field: str, sealed: bytes) -> bytes:
        return _open(self._system, field.encode(), sealed)

    def seal_with(self, secret: str, field: str, plain: bytes) -> bytes:
        return _seal(derive(self._system + secret.encode(), field), field.encode(), plain)

    def open_with(self, secret: str, field: str, sealed: bytes) -> bytes:
        return _open(derive(self._system + secret.encode(), field), field.encode(), sealed)

    def blind_index(self, kind: str, value: str) -> bytes:
        return hmac.digest(self._index, f"{kind}\0{value}".encode(), sha256)

    def mac(self, kind: str, data: bytes) -> bytes:
        return hmac.digest(self._macs, kind.encode() + b"\0" + data, sha256)
