"""Which of the free places of a day to offer, so that the rest of the day stays good for others.

A visit in the middle of a free stretch may leave gaps on both sides in which nothing fits. Where visits of different
lengths share counters, such gaps can take a fifth of a day. So of all starts those are offered that leave room for as
many more visits as possible: of the longest kind first, then minutes in all.
"""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from functools import lru_cache


def sparing_starts(left: Sequence[int], starts: Sequence[int], ticks: int, lengths: Collection[int]) -> list[int]:
    """Of `starts`, at which a visit of so many ticks may begin, those after which the most others still fit.

    `left[i]`: counters free in tick `i`; `lengths`: in ticks, of all visits that the counters give. Each start is
    judged by the stretch that it is cut from: the ticks around it in which no fewer counters are free.
    """
    if not starts:
        return []
    rooms = _rooms(len(left), tuple(sorted(set(lengths))))
    found: list[int] = []
    best: tuple[int, int] | None = None
    ends_of: dict[int, list[int]] = {}
    for start in starts:
        free = min(left[start : start + ticks])
        fewer = ends_of.get(free)
        if fewer is None:
            fewer = ends_of[free] = [-1, *[tick for tick, counters in enumerate(left) if counters < free], len(left)]
        at = bisect_right(fewer, start)
        begins, ends = fewer[at - 1] + 1, fewer[at]
        before, after, whole = rooms[start - begins], rooms[ends - start - ticks], rooms[ends - begins]
        each = before[0] + after[0] - whole[0], before[1] + after[1] - whole[1]
        if best is None or each > best:
            best, found = each, [start]
        elif each == best:
            found.append(start)
    return found


@lru_cache(maxsize=256)
def _rooms(most: int, lengths: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    return tuple(room(ticks, lengths) for ticks in range(most + 1))


@lru_cache(maxsize=4096)
def room(ticks: int, lengths: tuple[int, ...]) -> tuple[int, int]:
    """How many of the longest visits fit into a stretch, and how many of its ticks visits can fill."""
    filled = 0
    for each in range(ticks, 0, -1):
        if _fills(each, lengths):
            filled = each
            break
    return ticks // lengths[-1], filled


@lru_cache(maxsize=4096)
def _fills(ticks: int, lengths: tuple[int, ...]) -> bool:
    return ticks == 0 or any(_fills(ticks - each, lengths) for each in lengths if each <= ticks)
