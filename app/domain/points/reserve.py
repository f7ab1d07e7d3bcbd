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
