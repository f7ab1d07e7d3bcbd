"""Medians and the like, from told cells alone: so they tell nothing that the cells do not."""

from collections.abc import Sequence
from itertools import pairwise


def quantile(spans: Sequence[tuple[float, float, int]], share: float) -> float | None:
    """The value below which `share` of all lie; None of nothing. A span is (from, to, count): its people lie evenly in
    it. Spans may overlap.
    """
    whole = sum(count for _, _, count in spans)
    if whole <= 0:
        return None
    wanted, below = share * whole, 0.0
    edges = sorted({edge for low, high, _ in spans for edge in (low, high)})
    for low, high in pairwise(edges):
        here = sum(
            count * (high - low) / (end - begin) for begin, end, count in spans if begin <= low and high <= end > begin
        )
        if below + here >= wanted and here > 0:
            return low + (high - low) * (wanted - below) / here
        below += here
    return edges[-1]
