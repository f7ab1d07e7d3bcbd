"""One answer for many who ask the same at the same time.

In a rush hundreds of phones ask one question. While it is being read for some, the others wait and share the next
reading. A shared reading begins after the last of its askers came: it is as fresh as one of their own.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Flights(Generic[T]):
    """Readings under way and readings to come, by question."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, asyncio.Task[T]] = {}
        self._to_come: dict[Hashable, asyncio.Task[T]] = {}

    async def share(self, question: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """What `read` gives: ours, or that of somebody who asked just before. Its errors are shared too."""
        flight = self._to_come.get(question)
        if flight is None:
            flight = asyncio.create_task(self._fly(question, read, self._under_way.get(question)))
            self._to_come[question] = flight
        # One asker who hangs up must not take the answer from the others.
        return await asyncio.shield(flight)

    async def _fly(self, question: Hashable, read: Callable[[], Awaitable[T]], before: asyncio.Task[T] | None) -> T:
        if before is not None:
            await asyncio.wait([before])
        flight = self._under_way[question] = self._to_come.pop(question)
        try:
            return await read()
        finally:
            if self._under_way.get(question) is flight:
                del self._under_way[question]
