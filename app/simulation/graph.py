"""Steps that wait for each other."""

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter


def circle(needs: Mapping[str, Sequence[str]]) -> list[str] | None:
    """Steps that wait for each other in a circle, the first named again at the end; None if there are none."""
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        around: list[str] = error.args[1]
        return around
    return None


def prerequisites_first(needs: Mapping[str, Sequence[str]]) -> list[str]:
    return list(TopologicalSorter(needs).static_order())
