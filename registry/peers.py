"""Who may send, and by which keys: each source's published JWK set, fetched when a key is not known yet."""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import structlog
from cryptography.hazmat.primitives.asymmetric import ec

from app.wire.keys import read_set

FRESH = timedelta(minutes=10)
LOOK_AGAIN = timedelta(seconds=5)
"""Whoever makes up keys makes us look at most this often."""
FIRST_LOOK_AGAIN = timedelta(seconds=1)
"""The same while a sender has never published any: both sides start at once, and ours may be the faster."""
_PATIENCE = 5.0
_log = structlog.get_logger()


class NotKnownYetError(Exception):
    """Whose key it is cannot be said: a sender does not tell theirs just now."""


class Peers:
    """`where`: source → address or file. A key is one source's: the first that publishes it."""

    def __init__(self, where: Mapping[str, str]) -> None:
        self._where = where
        self._silent: set[str] = set()
        self._sets: dict[str, Mapping[str, ec.EllipticCurvePublicKey]] = {}
        self._looked: datetime | None = None
        self._looking = asyncio.Lock()

    async def keys(self, kid: str, now: datetime) -> Mapping[str, ec.EllipticCurvePublicKey]:
        """All that are known, looked up again if this one is not among them or the last look is old. NotKnownYetError
        where it is not among them, and a sender whose it may be did not answer.
        """
        if self._stale(kid, now):
            async with self._looking:
                if self._stale(kid, now):
                    await self._look()
                    self._looked = now  # not before: who comes meanwhile waits for what is found
        if self._silent and self.source_of(kid) is None:
            raise NotKnownYetError
        return {known: key for each in self._sets.values() for known, key in each.items()}

    def source_of(self, kid: str) -> str | None:
        return next((source for source, keys in self._sets.items() if kid in keys), None)

    def _stale(self, kid: str, now: datetime) -> bool:
        if self._looked is None or now - self._looked >= FRESH:
            return True
        again = LOOK_AGAIN if self._where.keys() <= self._sets.keys() else FIRST_LOOK_AGAIN
        return self.source_of(kid) is None and now - self._looked >= again

    async def _look(self) -> None:
        async with httpx.AsyncClient(timeout=_PATIENCE) as client:
            for source, where in self._where.items():
                try:
                    self._sets[source] = read_set(await _fetched(client, where))
                    self._silent.discard(source)
                except (httpx.HTTPError, OSError, ValueError) as error:
                    # The keys known so far go on being good: a sender that restarts is no stranger.
                    if source in self._sets and source not in self._silent:
                        _log.warning("registry.keys_not_fetched", source=source, cause=type(error).__name__)
                    self._silent.add(source)


async def _fetched(client: httpx.AsyncClient, where: str) -> Any:
    if where.startswith(("http://", "https://")):
        answer = await client.get(where)
        answer.raise_for_status()
        return answer.json()
    return json.loads(await asyncio.to_thread(Path(where).read_text))
