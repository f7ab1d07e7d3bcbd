"""What a worker sends: so much of it at once, and what came of it written down many at a time.

An answer waits some milliseconds for others, and one statement writes them all. While the database is away none is
forgotten: they are written when it is back, or the leases under which the jobs were taken end.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from datetime import timedelta
from typing import Any, Generic, TypeVar

import structlog

_AWAY_SECONDS = 1.0
_log = structlog.get_logger()
Job = TypeVar("Job")
Done = TypeVar("Done")


async def end_within(limit: timedelta, *ends: Coroutine[Any, Any, None]) -> bool:
    """Waits for all of these to end, no longer than that; whether they have."""
    try:
        async with asyncio.timeout(limit.total_seconds()):
            await asyncio.gather(*ends)
    except TimeoutError:
        return False
    return True


class Hands(Generic[Job, Done]):
    """`carry` sends one job and says what came of it, or None when nothing is to be written; it raises nothing.
    `write` writes it down; it may fail. `ended` is called after each job. `unwritten` names the warning in the log.
    """

    def __init__(
        self,
        slots: int,
        carry: Callable[[Job], Awaitable[Done | None]],
        write: Callable[[list[Done]], Awaitable[None]],
        *,
        ended: Callable[[], None],
        gather_seconds: float,
        unwritten: str,
    ) -> None:
        self._slots, self._carry, self._write, self._ended = slots, carry, write, ended
        self._gather_seconds, self._unwritten = gather_seconds, unwritten
        self._waiting: deque[Job] = deque()
        self._under_way: set[asyncio.Task[None]] = set()
        self._done: list[Done] = []
        self._writer: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        """How many jobs were taken and have not ended."""
        return len(self._waiting) + len(self._under_way)

    def take(self, jobs: Iterable[Job]) -> None:
        self._waiting.extend(jobs)
        self._start()

    async def finish(self) -> None:
        """Until nothing is under way, and all is written."""
        while self._under_way or self._writer:
            await asyncio.wait({*self._under_way, *({self._writer} if self._writer else ())})

    def _start(self) -> None:
        while self._waiting and len(self._under_way) < self._slots:
            task = asyncio.create_task(self._one(self._waiting.popleft()))
            self._under_way.add(task)
            task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._start()
        self._ended()

    async def _one(self, job: Job) -> None:
        done = await self._carry(job)
        if done is not None:
            self._done.append(done)
            if self._writer is None:
                self._writer = asyncio.create_task(self._write_all())

    async def _write_all(self) -> None:
        while self._done:
            await asyncio.sleep(self._gather_seconds)
            done, self._done = self._done, []
            try:
                await self._write(done)
            except Exception as error:  # noqa: BLE001 — while the database is away; in the end the leases end
                _log.warning(self._unwritten, count=len(done), cause=type(error).__name__)
                self._done = done + self._done
                await asyncio.sleep(_AWAY_SECONDS)
        self._writer = None
