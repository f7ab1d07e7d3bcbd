"""What is coming in to this process now: each file once, few of one account, and none of which nothing comes.

What comes is sealed in a buffer of PART_BYTES. Who opened many requests, and let them wait, would else have as many.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from uuid import UUID

from app.domain.documents.limits import MOST_COMING, QUIET_SECONDS
from services.documents.errors import TooManyUploads


class Coming:
    """One request that sends a file. `given_way`: another has come for the same file, and this one is over."""

    def __init__(self, account_id: UUID) -> None:
        self.account_id = account_id
        self.given_way = False
        self._waiting: asyncio.Timeout | None = None

    def give_way(self) -> None:
        self.given_way = True
        if self._waiting is not None:
            self._waiting.reschedule(asyncio.get_running_loop().time())

    async def pieces(self, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """What comes; it ends where nothing comes for a while, as where the phone's net does."""
        while not self.given_way:
            try:
                async with asyncio.timeout(QUIET_SECONDS) as self._waiting:
                    piece = await anext(body)
            except (StopAsyncIteration, TimeoutError):
                return
            finally:
                self._waiting = None
            yield piece


_coming: dict[UUID, Coming] = {}


@contextmanager
def coming(account_id: UUID, file_id: UUID) -> Iterator[Coming]:
    """A phone whose net was gone sends again before anybody knows that it was: the newest request has the file.

    TooManyUploads for an account that sends many files at once.
    """
    before = _coming.get(file_id)
    if before is None and sum(one.account_id == account_id for one in _coming.values()) >= MOST_COMING:
        raise TooManyUploads(limit=MOST_COMING)
    if before is not None:
        before.give_way()
    own = _coming[file_id] = Coming(account_id)
    try:
        yield own
    finally:
        if _coming.get(file_id) is own:
            del _coming[file_id]
