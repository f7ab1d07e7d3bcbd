"""Hands each file to a process of its own, and reads what it made of it."""

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress

from app.domain.documents.limits import CLEANING_SECONDS
from app.domain.documents.refusals import Refusal
from app.ports import Cleaned

_COMMAND = (sys.executable, "-m", "app.adapters.cleaning")
_PATIENCE = 4.0 * CLEANING_SECONDS
_GREED = {-signal.SIGXCPU, -signal.SIGKILL}
"""How the system ends a process that takes more than it may have."""


class ProcessCleaner:
    async def clean(self, content: bytes) -> Cleaned | Refusal:
        process = await asyncio.create_subprocess_exec(
            *_COMMAND,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # a library's words about a file may hold what is in it
            env={name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH") if name in os.environ},
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(_PATIENCE):
                out, _ = await process.communicate(content)
        except TimeoutError:
            return Refusal.UNPACKS_TOO_FAR
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if process.returncode != 0:
            return Refusal.UNPACKS_TOO_FAR if process.returncode in _GREED else Refusal.DAMAGED
        return _read(out)


def _read(out: bytes) -> Cleaned | Refusal:
    head, _, body = out.partition(b"\n")
    told = json.loads(head)
    if "refusal" in told:
        return Refusal(told["refusal"])
    content, preview = body[: told["content"]], body[told["content"] :]
    if (len(content), len(preview)) != (told["content"], told["preview"]):
        return Refusal.DAMAGED
    return Cleaned(told["media_type"], content, preview or None)
