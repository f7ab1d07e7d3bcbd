"""Counter time that is not booked: for those who come without a booking."""

from collections.abc import Sequence


def held_back(counters: Sequence[int], share: float) -> list[int]:
    """Counters that can be booked in each tick of one stretch of hours, of `counters` that work.

    `share` of all their time is held back: whole counters as far as that goes, and one more towards the end, where
    those wait who came before.
    """
    most = max(counters, default=0)
    rest = share * sum(counters)
    bookable = list(counters)
    for counter in range(most, 0, -1):
        ticks = [tick for tick, working in enumerate(counters) if working >= counter]
        kept = ticks if rest >= len(ticks) else ticks[len(ticks) - round(rest) :]
        for tick in kept:
            bookable[tick] -= 1
        rest -= len(kept)
        if kept is not ticks or rest <= 0:
            break
    return bookable


SLOW = 1.25
"""A point at which visits take so many times as long as elsewhere is slow: its places are too short."""


def counters_at_pace(counters: int, slower: float) -> int:
    """How many counters of a point to book while its visits take `slower` times as long as planned: at least one."""
    return counters if slower < SLOW else max(1, int(counters / slower))
