"""H3 cells (h3geo.org): as numbers where there are many, as names where people and other systems see them."""

from typing import cast

import h3.api.basic_int as h3


def cell_of(lat: float, lon: float, resolution: int) -> int:
    """The cell that holds a place (degrees, WGS 84)."""
    return cast("int", h3.latlng_to_cell(lat, lon, resolution))


def coarser(cell: int, resolution: int) -> int:
    """The cell of that resolution that holds the cell; itself if it is as coarse already."""
    return cast("int", h3.cell_to_parent(cell, resolution)) if h3.get_resolution(cell) > resolution else cell


def name_of(cell: int) -> str:
    """Fifteen hexadecimal digits."""
    return cast("str", h3.int_to_str(cell))


def resolution_of(cell: int) -> int:
    return cast("int", h3.get_resolution(cell))
