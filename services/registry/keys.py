"""What Manzil signs with towards the registry: a key a region at a time, published days before it signs."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.db.locks import take_turn
from app.db.unit_of_work import Database, Reading, Writing
from app.domain.identity.keys import next_start, over, signing
from app.domain.region.policy import RegionPolicy
from app.models.registry import MirrorKey
from app.wire.keys import PrivateKey, key_from, new_key, published
from services.registry import repository

_FIELD, _TURN = "mirror_keys", "mirror_keys"
_FRESH = timedelta(minutes=10)


async def turn_keys(uow: Writing) -> list[MirrorKey]:
    """Makes the first key, and the next one some days before it is due; removes those that sign nothing any more."""
    await take_turn(uow, _TURN)
    keys = await repository.keys(uow)
    starts = [key.signs_from for key in keys]
    start = next_start(starts, uow.now) if keys else uow.now
    if start is not None:
        made = new_key()
        sealed = uow.vault.seal_system(_FIELD, made.pem())
        row = {"kid": made.kid, "public_jwk": made.public_jwk, "private_sealed": sealed, "signs_from": start}
        await repository.add_key(uow, row)
    if gone := keys[: over(starts, uow.now)]:
        await repository.delete_keys(uow, [key.kid for key in gone])
    return await repository.keys(uow)


@dataclass(slots=True)
class MirrorKeys:
    """Those of one region, looked up now and then."""

    database: Database
    region: RegionPolicy
    _loaded_at: datetime | None = None
    _starts: list[datetime] = field(default_factory=list)
    _private: list[PrivateKey] = field(default_factory=list)
    _loading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def signing(self) -> PrivateKey:
        now = self.database.clock.now()
        if self._loaded_at is None or now - self._loaded_at >= _FRESH:
            async with self._loading:
                await self._load(now)
        return self._private[signing(self._starts, now)]

    async def _load(self, now: datetime) -> None:
        async with self.database.writing(self.region) as uow:
            rows = await repository.keys(uow) or await turn_keys(uow)
        vault = self.database.vault
        self._starts = [row.signs_from for row in rows]
        self._private = [key_from(vault.open_system(_FIELD, row.private_sealed)) for row in rows]
        self._loaded_at = now


async def key_set(uow: Reading) -> dict[str, list[dict[str, str]]]:
    """As it is published."""
    return published([row.public_jwk for row in await repository.keys(uow)])


async def published_keys(database: Database, region: RegionPolicy) -> dict[str, list[dict[str, str]]]:
    """The same; the first key is made if there is none yet."""
    async with database.reading(region) as uow:
        found = await key_set(uow)
    if not found["keys"]:
        async with database.writing(region) as writing:
            await turn_keys(writing)
            found = await key_set(writing)
    return found
