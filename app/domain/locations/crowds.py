"""Where people are, told of many and never of one."""

from collections import Counter
from collections.abc import Iterable

LEAST = 10


def crowds(cells: Iterable[str]) -> dict[str, int]:
    """People by cell, from one cell a person: cells with fewer than ten are left out, and what is told is rounded
    down to whole tens, so that two answers in a row do not tell of one who came or left.
    """
    return {cell: count // LEAST * LEAST for cell, count in Counter(cells).items() if count >= LEAST}
