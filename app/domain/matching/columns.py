"""The people of a region as columns: built once, then gone over by one vacancy after the other.

Whoever keeps columns for a while shows nobody from them: consent may have been withdrawn since. They tell whom to look
at; what is shown is read anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from app.domain.matching.bands import unit
from app.domain.matching.occupations import DIGITS
from app.domain.matching.scoring import ALL_OF_100
from app.domain.matching.terms import Cell, Shift, Worker

Bytes = NDArray[np.uint8]
Shorts = NDArray[np.int16]
Longs = NDArray[np.uint64]
Indexes = NDArray[np.intp]
Floats = NDArray[np.float64]

_BEGIN = date(2000, 1, 1)
NEVER, ALWAYS = 32_767, -32_768
SHIFT_BITS = {shift: 1 << place for place, shift in enumerate(Shift)}
ANY_SHIFT = 255
_LOW = (1 << 64) - 1


def day_number(day: date) -> int:
    """Days since 2000, kept within 16 bits and short of `NEVER`."""
    return max(ALWAYS + 1, min((day - _BEGIN).days, NEVER - 1))


def shift_bits(shifts: frozenset[Shift]) -> int:
    return sum(SHIFT_BITS[shift] for shift in shifts) if shifts else ANY_SHIFT


def key_of(subject: UUID) -> int:
    """64 bits of an identifier: what decides between equals."""
    return (subject.int ^ subject.int >> 64) & _LOW


@dataclass(frozen=True, slots=True)
class Entries:
    """Pairs of an occupation and a person, sorted by the occupation's code. Shapes (entries,).

    `firsts`: where the pairs of each code begin, (10001,); `people`: places in the columns; `years`: of experience, at
    most 255. `by_years`: the pairs of each minor group by their years, in the place of that minor group.
    """

    firsts: Indexes
    people: Indexes
    years: Bytes
    by_years: Indexes

    @classmethod
    def of(cls, pairs: list[tuple[str, int, int]]) -> "Entries":
        pairs.sort()
        codes = np.array([int(code) for code, _, _ in pairs], np.intp)
        return cls(
            np.searchsorted(codes, np.arange(10**DIGITS + 1)),
            np.array([person for _, person, _ in pairs], np.intp),
            years := np.array([min(years, 255) for _, _, years in pairs], np.uint8),
            np.lexsort((years, codes // 10)),
        )

    def alike(self, occupation: str, digits: int) -> slice:
        """Those whose code shares the first `digits` with `occupation`."""
        step = 10 ** (DIGITS - digits)
        first = int(occupation) // step * step
        return slice(int(self.firsts[first]), int(self.firsts[first + step]))


@dataclass(frozen=True, slots=True)
class Columns:
    """One place for each of n people, in the same order. Days are counted as `day_number` does.

    `since`, `until`: (n,), from when and until when they may work. `planned`: (n,), `since` where it is only expected,
    else `ALWAYS`. `limited`: (n,), 1 where they may do only some work; `permitted`: whom it is permitted to, by code.
    `shifts`: (n,), bits. `homes`: (n,), places in `cells` (3, cells), unit vectors; the last stands for no cell.
    `skills`: by skill, whether they have it, packed: (n / 8,). `levels`: by language, (n,). `wishless`: (n,), 1 where
    they would do any work.
    """

    ids: tuple[UUID, ...]
    keys: Longs
    since: Shorts
    until: Shorts
    planned: Shorts
    limited: Bytes
    permitted: dict[str, Indexes]
    worked: Entries
    wished: Entries
    wishless: Bytes
    shifts: Bytes
    homes: Indexes
    cells: Floats
    skills: dict[str, Bytes]
    levels: dict[str, Bytes]

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, workers: Sequence[Worker]) -> "Columns":
        may = [worker.may_work for worker in workers]
        cells = {cell: place for place, cell in enumerate(dict.fromkeys(w.cell for w in workers if w.cell))}
        worked = [(w.occupation, n, w.years) for n, worker in enumerate(workers) for w in worker.worked]
        wished = [(wish, n, 0) for n, worker in enumerate(workers) for wish in worker.wishes]
        return cls(
            ids=tuple(worker.id for worker in workers),
            keys=np.array([key_of(worker.id) for worker in workers], np.uint64),
            since=_days([each.since for each in may]),
            until=_days([each.until for each in may]),
            planned=np.array(
                [ALWAYS if m.sure == ALL_OF_100 or m.since is None else day_number(m.since) for m in may], np.int16
            ),
            limited=np.array([each.only is not None for each in may], np.uint8),
            permitted=_permitted(workers),
            worked=Entries.of(worked),
            wished=Entries.of(wished),
            wishless=np.array([not worker.wishes for worker in workers], np.uint8),
            shifts=np.array([shift_bits(worker.shifts) for worker in workers], np.uint8),
            homes=np.array([cells[w.cell] if w.cell else len(cells) for w in workers], np.intp),
            cells=np.array([unit(cell) for cell in cells] + [(0.0, 0.0, 0.0)], np.float64).T.copy(),
            skills=_packed(workers),
            levels=_levels(workers),
        )


def _days(days: list[date | None]) -> Shorts:
    return np.array([NEVER if day is None else day_number(day) for day in days], np.int16)


def _permitted(workers: Sequence[Worker]) -> dict[str, Indexes]:
    people: dict[str, list[int]] = {}
    for place, worker in enumerate(workers):
        for code in worker.may_work.only or ():
            people.setdefault(code, []).append(place)
    return {code: np.array(places, np.intp) for code, places in people.items()}


def _packed(workers: Sequence[Worker]) -> dict[str, Bytes]:
    people: dict[str, list[int]] = {}
    for place, worker in enumerate(workers):
        for skill in worker.skills:
            people.setdefault(skill, []).append(place)
    packed = {}
    for skill, places in people.items():
        has = np.zeros(len(workers), np.uint8)
        has[places] = 1
        packed[skill] = np.packbits(has)
    return packed


def _levels(workers: Sequence[Worker]) -> dict[str, Bytes]:
    levels: dict[str, Bytes] = {}
    for place, worker in enumerate(workers):
        for language, level in dict(worker.languages).items():
            if language not in levels:
                levels[language] = np.zeros(len(workers), np.uint8)
            levels[language][place] = level
    return levels


def cell_points(cells: Sequence[Floats], work: Cell, limits: Sequence[float], points: Sequence[int]) -> Bytes:
    """Points by cell: `points[i]` up to the i-th limit of the chord's square, `points[-1]` beyond, each less than that
    before.
    """
    dx, dy, dz = (axis - end for axis, end in zip(cells, unit(work), strict=True))
    square = dx * dx + dy * dy + dz * dz
    found = np.full(square.shape, points[-1], np.uint8)
    for limit, more, less in zip(limits, points[:-1], points[1:], strict=True):
        found += (square <= limit) * np.uint8(more - less)
    return found
