"""The place that a person chose for work: an H3 cell (h3geo.org), which matching knows by its middle."""

from functools import lru_cache

import h3

from app.domain.employers.profile import COARSEST_CELL, FINEST_CELL
from app.domain.matching.terms import Cell


def is_chosen_cell(name: str) -> bool:
    """Whether it names a cell, and none so small that it tells a house."""
    return bool(h3.is_valid_cell(name)) and COARSEST_CELL <= h3.get_resolution(name) <= FINEST_CELL


@lru_cache(maxsize=16_384)
def matching_cell(name: str | None) -> Cell | None:
    return None if name is None else Cell.of(h3.cell_to_latlng(name))
