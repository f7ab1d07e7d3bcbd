"""How exactly a person lets themselves be located, and for how long."""

from dataclasses import dataclass, replace
from datetime import timedelta

FINEST, COARSEST = 10, 4
"""Resolutions of H3 that one may choose: cells with edges of about 76 m to 26 km (h3geo.org)."""
EXACT_CELL = 12
"""What *exact* is as a cell: edges of about 11 m, which is what phones are good for."""
MOST_DAYS = 30


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose. `resolution` None is exact; otherwise only the H3 cell is ever stored. `keep_days`: for
    how long samples are kept after they were taken.
    """

    resolution: int | None = 7
    keep_days: int = MOST_DAYS

    def __post_init__(self) -> None:
        if self.resolution is not None and not COARSEST <= self.resolution <= FINEST:
            raise ValueError(f"a resolution from {COARSEST} to {FINEST}")
        if not 1 <= self.keep_days <= MOST_DAYS:
            raise ValueError(f"1 to {MOST_DAYS} days")

    @property
    def keep(self) -> timedelta:
        return timedelta(days=self.keep_days)

    @property
    def cell(self) -> int:
        """The resolution of the cell that is mirrored."""
        return EXACT_CELL if self.resolution is None else self.resolution

    def coarser_than(self, other: "Choices") -> bool:
        """Whether what was stored under the other tells more than this allows."""
        return self.cell < other.cell

    def changed(self, *, resolution: int | None, keep_days: int) -> "Choices":
        return replace(self, resolution=resolution, keep_days=keep_days)
