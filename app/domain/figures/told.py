"""What was told of a period, and how cells are added up. All dashboards, charts and exports are made of these alone."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from app.domain.disclosure.opening import Cell
from app.domain.disclosure.quantiles import quantile

ANY: tuple[str, ...] = ()
"""Of a cell whose people were not told apart by an attribute."""
Span = tuple[float, float, int]
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Told:
    """A period's cells at its newest release (from 0). None of them: fewer than ten people."""

    starts_on: date
    ends_on: date
    release: int
    told_at: datetime
    cells: Sequence[Cell]


def known(cell: Cell, name: str) -> tuple[str, ...]:
    """The values that an attribute may have there; `ANY` where it was not told."""
    return cell.where.get(name, ANY)


def is_one(cell: Cell, name: str, value: str) -> bool:
    """Whether all of a cell have that value."""
    return known(cell, name) == (value,)


def cells_of(told: Iterable[Told]) -> Iterator[Cell]:
    for each in told:
        yield from each.cells


def summed(cells: Iterable[Cell], key: Callable[[Cell], Key]) -> Mapping[Key, int]:
    """Counts of cells with the same key, in the order of its first cell."""
    sums: Counter[Key] = Counter()
    for cell in cells:
        sums[key(cell)] += cell.count
    return sums


def spans(cells: Iterable[Cell], name: str, limits: Mapping[str, tuple[float, float]]) -> list[Span]:
    """How the numbers of an attribute lie, of the cells where all of its values are numbers."""
    found: Counter[tuple[float, float]] = Counter()
    for cell in cells:
        values = known(cell, name)
        if values and all(value in limits for value in values):
            found[limits[values[0]][0], limits[values[-1]][1]] += cell.count
    return [(low, high, count) for (low, high), count in sorted(found.items())]


def rounded_quantile(of: Sequence[Span], share: float) -> float | None:
    value = quantile(of, share)
    return None if value is None else round(value, 1)


def share_of(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
