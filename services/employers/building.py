"""What is built of all who may be found and all vacancies: the order for each, and the assignment over all of them."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.employers.lists import Suggestions, suggestions
from app.domain.employers.orders import Ordered
from app.domain.matching.columns import Columns
from app.domain.matching.terms import Vacancy, Worker

Version = tuple[object, ...]
_AT_ONCE = 0.05
"""Seconds: what takes no longer is done before the answer, anything else beside it."""
_REST = 10
"""So many times as long as it took nothing is built anew."""


@dataclass(slots=True)
class Built:
    """Of what there was at `version`; `ordered` is told of all who have changed since."""

    version: Version
    ordered: Ordered
    suggested: Suggestions
    took: float
    at: float

    def due(self, version: Version) -> bool:
        return version != self.version and time.monotonic() >= self.at + self.took * _REST

    @property
    def quick(self) -> bool:
        return self.took < _AT_ONCE


async def build(workers: Sequence[Worker], vacancies: Sequence[Vacancy], version: Version) -> Built:
    """In a thread: with a hundred thousand people it takes seconds."""
    begun = time.monotonic()
    columns, suggested = await asyncio.to_thread(_made, workers, vacancies)
    return Built(version, Ordered(columns), suggested, time.monotonic() - begun, time.monotonic())


def _made(workers: Sequence[Worker], vacancies: Sequence[Vacancy]) -> tuple[Columns, Suggestions]:
    columns = Columns.of(workers)
    return columns, suggestions(columns, vacancies)
