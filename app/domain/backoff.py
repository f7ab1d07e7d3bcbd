"""How long to wait before something that failed is tried again."""

from datetime import timedelta

LONGEST = timedelta(minutes=5)


def backoff(tries: int) -> timedelta:
    """After so many tries, counted from 1: 1 s, 2 s, 4 s … at most five minutes."""
    return min(timedelta(seconds=2 ** min(max(tries - 1, 0), 10)), LONGEST)
