"""Queues as they move, for whoever watches: one connection listens for a whole process, and all is shared in memory.

A notice says only that a point's queue has moved. The state is then read once for all who watch that point, however
many there are and however fast it moves; who is slow gets the newest state, never a backlog.
"""

import asyncio
from collections import Counter as Tally
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

import structlog

from app.db.engine import schema_of
from app.db.notices import listen
from app.db.unit_of_work import Database
from app.domain.queue.state import QueueState
from app.domain.region.policy import RegionPolicy
from app.errors import TooManyRequests
from services.queue.queries import queue_state

CHANNEL = "manzil_queue"
MOST_WATCHES = 100
"""Of one account or address to one process."""
_AGAIN_SECONDS = 1.0
_log = structlog.get_logger()


@dataclass(eq=False, slots=True)
class Watch:
    """One who watches. `ended`: this process tells no more; connect to another."""

    state: QueueState | None = None
    ended: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def next(self, seconds: float) -> QueueState | None:
        """The newest state, once there is one that was not given yet; None after so many seconds, or at the end."""
        try:
            await asyncio.wait_for(self._news.wait(), seconds)
        except TimeoutError:
            return None
        self._news.clear()
        return None if self.ended else self.state

    def tell(self, state: QueueState) -> None:
        self.state = state
        self._news.set()

    def end(self) -> None:
        self.ended = True
        self._news.set()


@dataclass(eq=False, slots=True)
class _Hall:
    """All who watch one point. `stale`: it has moved since its state was read."""

    region: RegionPolicy
    point_id: UUID
    watches: set[Watch] = field(default_factory=set)
    state: QueueState | None = None
    stale: bool = True
    reading: asyncio.Task[None] | None = None


@dataclass(eq=False, slots=True)
class LiveQueues:
    """One in a process. Until it is started, and when it was ended, a watch is given the present state and ends."""

    database: Database
    regions: Mapping[str, RegionPolicy]
    _halls: dict[tuple[str, UUID], _Hall] = field(default_factory=dict)
    _watching: Tally[str] = field(default_factory=Tally)
    _listeners: list[asyncio.Task[None]] = field(default_factory=list)
    _hearing: set[str] = field(default_factory=set)
    _running: bool = False

    def start(self) -> None:
        self._running = True
        for region in self.regions.values():
            begun, lost = partial(self._begun, region.code), partial(self._hearing.discard, region.code)
            engine = self.database.engines.alone(region.code)
            self._listeners.append(asyncio.create_task(listen(engine, CHANNEL, self._heard, begun, lost)))

    def end(self) -> None:
        """Everybody is sent away, so that the process can end."""
        self._running = False
        for hall in self._halls.values():
            for watch in hall.watches:
                watch.end()

    async def close(self) -> None:
        self.end()
        tasks = [*self._listeners, *(hall.reading for hall in self._halls.values() if hall.reading)]
        self._listeners.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def watching(self) -> int:
        """How many watch now."""
        return self._watching.total()

    def admit(self, who: str) -> None:
        """TooManyRequests for an account or address that watches too much already."""
        if self._watching[who] >= MOST_WATCHES:
            raise TooManyRequests(retry_after=60)

    @contextmanager
    def watch(self, region: RegionPolicy, point_id: UUID, who: str) -> Iterator[Watch]:
        """A watch over the point's queue; its first state is the present one."""
        key = region.code, point_id
        hall = self._halls.setdefault(key, _Hall(region, point_id))
        watch = Watch()
        hall.watches.add(watch)
        self._watching[who] += 1
        if hall.state is not None and not hall.stale and region.code in self._hearing:
            watch.tell(hall.state)
        else:
            self._read(hall)
        try:
            yield watch
        finally:
            hall.watches.discard(watch)
            self._watching[who] -= 1
            if self._watching[who] <= 0:
                del self._watching[who]
            if not hall.watches:
                self._halls.pop(key, None)

    @property
    def running(self) -> bool:
        return self._running

    def _heard(self, payload: str) -> None:
        schema, _, point_id = payload.partition(" ")
        for region in self.regions.values():
            if schema_of(region.code) == schema and (hall := self._halls.get((region.code, UUID(point_id)))):
                self._read(hall)

    def _begun(self, code: str) -> None:
        self._hearing.add(code)
        for hall in self._halls.values():
            if hall.region.code == code:
                self._read(hall)

    def _read(self, hall: _Hall) -> None:
        """Has the state read anew, after whatever reading is under way: that one may have begun before the move."""
        hall.stale = True
        if hall.reading is None or hall.reading.done():
            hall.reading = asyncio.create_task(self._keep_up(hall))

    async def _keep_up(self, hall: _Hall) -> None:
        while hall.stale and hall.watches:
            hall.stale = False
            try:
                async with self.database.reading(hall.region) as uow:
                    hall.state = await queue_state(uow, hall.point_id)
            except Exception as error:  # noqa: BLE001 — the watches stay, and are told when it is well again
                _log.warning("queue.unread", cause=type(error).__name__)
                hall.stale = True
                await asyncio.sleep(_AGAIN_SECONDS)
                continue
            for watch in hall.watches:
                watch.tell(hall.state)
