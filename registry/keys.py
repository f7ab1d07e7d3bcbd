"""The registry's keys: one that seals for each person and consent, in a folder apart from the database; those it signs
with, which turn.

Destroying a consent's key erases what it sealed, in every backup of the database too.
"""

import asyncio
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.adapters.durable import remove, sync, write_once
from app.wire.keys import PrivateKey, key_from, new_key, published
from registry.store import Store

_NONCE, _KEY = 12, 32
_CACHED = 20_000
SIGNS = timedelta(days=30)
AHEAD = timedelta(days=2)
"""A key is published so long before it signs, and stays so for good: receipts are verified by it years later."""


class KeyGoneError(Exception):
    """The key was destroyed, or never was: what it sealed can be read by nobody."""


class ContentKeys:
    """AES-256-GCM (NIST SP 800-38D) under a key for each person and consent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._cache: dict[UUID, AESGCM] = {}

    def _path(self, key_id: UUID) -> Path:
        return self._folder / key_id.hex[:2] / f"{key_id.hex}.key"

    async def ready(self, owners: Collection[tuple[UUID, UUID | None]]) -> None:
        """Makes or reads the keys of these subjects and consents, all at once: a first one takes the disk's time."""
        missing = {_key_id(*owner) for owner in owners} - self._cache.keys()
        made = await asyncio.gather(*(asyncio.to_thread(self._made, key_id) for key_id in missing))
        for key_id, key in zip(missing, made, strict=True):
            self._keep(key_id, key)

    async def seal(self, subject: UUID, consent: UUID | None, plain: bytes) -> bytes:
        key_id, nonce = _key_id(subject, consent), secrets.token_bytes(_NONCE)
        key = self._cache.get(key_id)
        if key is None:
            key = self._keep(key_id, await asyncio.to_thread(self._made, key_id))
        return nonce + key.encrypt(nonce, plain, subject.bytes)

    async def open(self, subject: UUID, consent: UUID | None, sealed: bytes) -> bytes:
        """KeyGoneError when nobody can."""
        key_id = _key_id(subject, consent)
        key = self._cache.get(key_id)
        try:
            if key is None:
                key = self._keep(key_id, await asyncio.to_thread(self._path(key_id).read_bytes))
            return key.decrypt(sealed[:_NONCE], sealed[_NONCE:], subject.bytes)
        except (FileNotFoundError, InvalidTag):
            raise KeyGoneError from None

    async def destroy(self, subject: UUID, consent: UUID | None) -> None:
        key_id = _key_id(subject, consent)
        await asyncio.to_thread(remove, self._path(key_id))
        self._cache.pop(key_id, None)

    def _keep(self, key_id: UUID, key: bytes) -> AESGCM:
        if len(self._cache) >= _CACHED:
            self._cache.clear()
        self._cache[key_id] = AESGCM(key)
        return self._cache[key_id]

    def _made(self, key_id: UUID) -> bytes:
        path = self._path(key_id)
        if not path.parent.exists():
            path.parent.mkdir(exist_ok=True, mode=0o700)
            sync(self._folder)
        if not path.exists():
            write_once(path, secrets.token_bytes(_KEY))
        return path.read_bytes()


def _key_id(subject: UUID, consent: UUID | None) -> UUID:
    return uuid5(subject, str(consent))


@dataclass(slots=True)
class SigningKeys:
    """Loaded at the start, and looked after once an hour."""

    store: Store
    master: AESGCM
    _keys: list[tuple[datetime, PrivateKey]] = field(default_factory=list)

    async def load(self, now: datetime) -> None:
        """Makes the first key if there is none, and the next one some days before it is due."""
        rows = await self.store.signing_keys()
        if not rows or rows[-1]["signs_from"] + SIGNS - AHEAD <= now:
            made, nonce = new_key(), secrets.token_bytes(_NONCE)
            sealed = nonce + self.master.encrypt(nonce, made.pem(), made.kid.encode())
            await self.store.add_signing_key(made.kid, made.public_jwk, sealed, now + AHEAD if rows else now)
            rows = await self.store.signing_keys()
        self._keys = [(row["signs_from"], self._opened(row["kid"], row["private_sealed"])) for row in rows]

    def _opened(self, kid: str, sealed: bytes) -> PrivateKey:
        return key_from(self.master.decrypt(sealed[:_NONCE], sealed[_NONCE:], kid.encode()))

    def signing(self, now: datetime) -> PrivateKey:
        begun = [key for start, key in self._keys if start <= now]
        return begun[-1] if begun else self._keys[0][1]

    def published(self) -> dict[str, list[dict[str, str]]]:
        return published([key.public_jwk for _, key in self._keys])


def master_key(path: Path) -> AESGCM:
    """Made on the first call; two processes at once get the same one."""
    if not path.exists():
        write_once(path, secrets.token_bytes(_KEY))
    return AESGCM(path.read_bytes())
