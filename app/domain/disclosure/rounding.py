"""What is told of a cell's count: a multiple of five, so that figures about different things cannot be subtracted.

A count goes up or down to a neighbouring multiple by chance, in proportion to how near it is, so that sums are right in
the mean. The chance is drawn by a keyed digest of the cell: nobody outside can draw it again, and the same cell draws
the same.
"""

from collections.abc import Sequence
from math import floor

BASE = 5


def rounded(count: int, chance: float) -> int:
    """`chance`: evenly between 0 and 1, known to nobody. A multiple of `BASE` stays as it is."""
    return int((count + chance * BASE) // BASE) * BASE if count % BASE else count


def shared(total: int, counts: Sequence[int], chance: float, least: int = 0) -> list[int]:
    """A total (a multiple of `BASE`) in parts that are multiples too and add up to it: `least` for each, and the rest
    by how far the counts are above that. ValueError when there is not enough.

    Each goes up or down by chance, and all of them by the same one (systematic sampling).
    """
    spare = total - least * len(counts)
    if spare < 0:
        raise ValueError(f"{total} are not {least} for each of {len(counts)}")
    above = [count - least for count in counts]
    if not any(above):
        above = [1] * len(counts)
    units, whole = spare // BASE, sum(above)
    upto, told, done = 0, [], 0
    for weight in above:
        upto += weight
        reached = units if upto == whole else floor(units * upto / whole + chance)
        told.append(least + (reached - done) * BASE)
        done = reached
    return told
