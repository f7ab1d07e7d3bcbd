"""The worker's side of questions to the simulator: one at a time, each in a process of its own, for so long."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog

from app.db.unit_of_work import Database
from app.domain.region.policy import RegionPolicy
from services.reports.questions import repository as questions

PATIENCE = timedelta(minutes=4)
LEASE = timedelta(minutes=5)
MOST_TRIES = 2
_COMMAND = (sys.executable, "-m", "app.simulation.answering")
_log = structlog.get_logger()
Play = Callable[[dict[str, Any], Callable[[int], Awaitable[None]]], Awaitable[dict[str, Any]]]


async def play_next(database: Database, region: RegionPolicy, play: Play | None = None) -> int:
    """Answers a question that waits, if there is one; returns how many were answered or given up."""
    async with database.writing(region) as uow:
        taken = await questions.claim(uow, uow.now + LEASE)
    if taken is None:
        return 0

    async def say(progress: int) -> None:
        async with database.writing(region) as uow:
            await questions.write(uow, taken, progress=progress)

    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            found = await (play or play_apart)(taken.world, say)
    except Exception as error:  # noqa: BLE001 — a question that cannot be answered ends as failed, whatever it was
        _log.warning("what_if.failed", cause=type(error).__name__)
        async with database.writing(region) as uow:
            over = taken.attempts >= MOST_TRIES
            status = "failed" if over else "waiting"
            ended = uow.now if over else None
            await questions.write(uow, taken, status=status, progress=0, leased_until=None, ended_at=ended)
        return 1
    async with database.writing(region) as uow:
        await questions.write(
            uow, taken, status="done", progress=100, leased_until=None, ended_at=uow.now, answer=found
        )
    return 1


async def play_apart(asked: dict[str, Any], say: Callable[[int], Awaitable[None]]) -> dict[str, Any]:
    """In a process that ends with this task. RuntimeError when it ends without an answer."""
    process = await asyncio.create_subprocess_exec(
        *_COMMAND,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH") if name in os.environ},
        start_new_session=True,
    )
    try:
        assert process.stdin is not None  # noqa: S101 - asked for above
        process.stdin.write(json.dumps(asked).encode())
        process.stdin.close()
        async for line in _lines(process):
            if "answer" in line:
                answer: dict[str, Any] = line["answer"]
                return answer
            await say(int(line["progress"]))
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    raise RuntimeError("no answer")


async def _lines(process: asyncio.subprocess.Process) -> AsyncIterator[dict[str, Any]]:
    assert process.stdout is not None  # noqa: S101 - asked for above
    async for line in process.stdout:
        yield json.loads(line)
