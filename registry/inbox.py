"""Taking events in, acknowledging them, and carrying erasures through to their receipts."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal, get_args
from uuid import UUID

import h3
import structlog

from app.wire import receipts
from app.wire.bodies import Act, Event, canonical, digest_of
from app.wire.signatures import Signed
from registry.errors import Refused
from registry.keys import ContentKeys, SigningKeys
from registry.store import Received, Row, Store

Kind = Literal["location", "document"]
KINDS: tuple[Kind, ...] = get_args(Kind)
TAKEN = frozenset({"received", "duplicate", "superseded"})
MOST_WAIT = 20.0
"""Seconds that a sender may wait for acknowledgements in one request."""
TOLD_AGAIN = timedelta(seconds=10)
"""An acknowledgement that is not confirmed by then is told again, to whoever asks."""
_GATHER_SECONDS = 0.002
_log = structlog.get_logger()


@dataclass(slots=True)
class Bell:
    """Wakes those who wait for acknowledgements in this process."""

    _waiting: set[asyncio.Future[None]] = field(default_factory=set)

    def ring(self) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def wait(self, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await asyncio.wait_for(future, seconds)
        except TimeoutError:
            self._waiting.discard(future)


@dataclass(frozen=True, slots=True)
class Inbox:
    """What one process of the registry works with."""

    store: Store
    keys: ContentKeys
    signing: SigningKeys
    clock: Callable[[], datetime]
    bell: Bell = field(default_factory=Bell)

    async def take(self, event: Event, body: bytes, signed: Signed) -> str:
        """`received`, `duplicate` or `superseded`; all of it is on the disk by then. Refused for the rest."""
        (outcome,), _ = await self._receive([(event, body)], event.source, signed, tell=False)
        if outcome not in TAKEN:
            raise Refused(outcome)
        self.bell.ring()
        return outcome

    async def take_all(
        self, events: Sequence[tuple[Event, bytes]], source: str, signed: Signed
    ) -> tuple[list[str], list[dict[str, Any]]]:
        """The same of several, each on its own, a code for what is refused; and what came of them already."""
        outcomes, told = await self._receive(events, source, signed, tell=True)
        return outcomes, [_acknowledgement(row) for row in told]

    async def _receive(
        self, events: Sequence[tuple[Event, bytes]], source: str, signed: Signed, *, tell: bool
    ) -> tuple[list[str], list[Row]]:
        await self.keys.ready([(event.subject, event.consent) for event, _ in events if event.act is Act.PUT])
        came = [await self._sealed(event, body) for event, body in events]
        outcomes, told = await self.store.receive(came, source, signed, self.clock(), tell=tell)
        if outcomes is None:
            _log.warning("registry.alarm", code="nonce_reused")
            raise Refused("nonce_reused")
        if "erasing" in outcomes:
            await self.finish_erasures()
            outcomes = ["received" if outcome == "erasing" else outcome for outcome in outcomes]
        for code in set(outcomes) - TAKEN:
            _log.warning("registry.alarm", code=code)
        return outcomes, told

    async def _sealed(self, event: Event, body: bytes) -> Received:
        fault, sealed = _fault(event), None
        if event.act is Act.PUT and fault is None:
            sealed = await self.keys.seal(event.subject, event.consent, canonical(event.content))
        return Received(event, digest_of(body), sealed, fault)

    async def finish_erasures(self) -> None:
        """Destroys keys whose records are gone, and signs what was erased. Safe to repeat after a crash."""
        for row in await self.store.open_erasures():
            now = self.clock()
            await self.keys.destroy(row["subject"], row["consent"])
            stated = {
                "event": str(row["event_id"]),
                "source": row["source"],
                "subject": str(row["subject"]),
                "consent": str(row["consent"]),
                "purpose": row["purpose"],
                "scope": row["scope"],
                "sequence": row["seq"],
                "erased": row["erased"],
                "erased_at": row["at"].isoformat(),
                "key_destroyed": True,
            }
            receipt = receipts.issue(stated, self.signing.signing(now))
            await self.store.finish_erasure(row["source"], row["event_id"], receipt, now)
            self.bell.ring()

    async def acknowledgements(self, source: str, done: Sequence[int], wait: float, limit: int) -> list[dict[str, Any]]:
        """Those not yet confirmed, oldest first; waits for one if there is none."""
        found = await self.store.acknowledgements(source, done, limit, self.clock(), TOLD_AGAIN)
        if not found and wait > 0:
            await self.bell.wait(min(wait, MOST_WAIT))
            await asyncio.sleep(_GATHER_SECONDS)
            found = await self.store.acknowledgements(source, (), limit, self.clock(), TOLD_AGAIN)
        return [_acknowledgement(row) for row in found]

    async def standings(self, source: str, subjects: Sequence[UUID], *, whole: bool) -> dict[str, Any]:
        return {
            str(row["subject"]): _standing(row, whole=whole) for row in await self.store.standings(source, subjects)
        }


def _fault(event: Event) -> str | None:
    """Why an event will be rejected when its turn comes; its number is used up all the same."""
    if event.act in {Act.PUT, Act.REMOVE} and (event.kind not in KINDS or not event.key):
        return "kind_unknown"
    if event.act is not Act.PUT:
        return None
    if not event.purpose or not event.ground:
        return "ground_missing"
    if not event.content or (event.kind == "location" and not h3.is_valid_cell(str(event.content.get("cell")))):
        return "content_invalid"
    return None


def _acknowledgement(row: Row) -> dict[str, Any]:
    told = {
        "number": row["number"],
        "event": str(row["event_id"]),
        "subject": str(row["subject"]),
        "sequence": row["seq"],
        "digest": row["digest"].hex(),
        "state": row["state"],
        "reason": row["reason"],
        "receipt": row["receipt"],
        "at": row["at"].isoformat(),
    }
    return {name: value for name, value in told.items() if value is not None}


def _standing(row: Row, *, whole: bool) -> dict[str, Any]:
    """`digest`: of the canonical JSON of `[applied, held]`; `held` lists what is held as `Store.standings` tells it."""
    held = sorted(json.loads(row["held"]), key=lambda record: record[:2])
    digest = sha256(canonical([row["applied"], held])).hexdigest()
    return {"applied": row["applied"], "digest": digest} | ({"held": held} if whole else {})
