"""Free places of a pool's day as bits: where one is set, a visit (or a family's first) may start at that tick."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.domain.points.calendar import TICK
from app.domain.points.places import FAMILY_GAP, family_starts
from app.domain.routing.journey import TICK_SECONDS

Counts = NDArray[np.int16]
"""Counters free, tick by tick."""
_GAP = FAMILY_GAP // TICK


def starts(left: Counts, opens: int, ticks: int, every: int, people: int = 1) -> dict[int, int]:
    """How many ticks a visit of so many people takes → the bits of the ticks at which it may start.

    On the grid of `every` ticks from `opens` on. A family goes by the rule of `family_starts`: all at once takes
    `ticks`, one after another longer, by how the places lie.
    """
    grid = _grid(opens, every, len(left))
    at_once = _runs(_bits(left >= people), ticks) & grid
    found = {ticks: at_once} if at_once else {}
    if people > 1:
        for start in bits_of(_runs(_bits(left > 0), ticks) & grid & ~at_once):
            each = together(left, start, ticks, every, people)
            if each is not None:
                length = each[-1] + ticks - start
                found[length] = found.get(length, 0) | 1 << start
    return found


def bits_of(mask: int) -> list[int]:
    """The places of the set bits, lowest first."""
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return found


def together(left: Counts, start: int, ticks: int, every: int, people: int) -> list[int] | None:
    """The ticks at which each of a family begins if its first starts there; None if the others find no place in time.

    `start` lies on the grid.
    """
    window = left[start : start + people * (ticks + _GAP)].tolist()
    found = family_starts(window, [0] * len(window), ticks, every, people, 0, 0, _GAP)
    return None if found is None else [start + tick for tick in found]


def _bits(flags: NDArray[np.bool_]) -> int:
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


def _runs(mask: int, ticks: int) -> int:
    """Where so many bits in a row are set: the bit of the first."""
    length = 1
    while length < ticks and mask:
        step = min(length, ticks - length)
        mask &= mask >> step
        length += step
    return mask


@lru_cache(maxsize=4096)
def _grid(opens: int, every: int, size: int) -> int:
    return sum(1 << tick for tick in range(opens, size, every))


def counts(left: Sequence[int]) -> Counts:
    return np.array(left, np.int16)


def instant_of(tick: int) -> datetime:
    """The instant (UTC) at which a tick since the epoch begins."""
    return datetime.fromtimestamp(tick * TICK_SECONDS, UTC)
