"""The people of a region as columns: built once, then gone over by one vacancy after the other.

Whoever keeps columns for a while shows nobody from them: consent may have been withdrawn since. They tell whom to look
at; what is shown is read anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from app.domain.matching.occupations import DIGITS
from app.domain.matching.scoring import ALL_OF_100
from app.domain.matching.terms import Shift, Worker

Bytes = NDArray[np.uint8]
Shorts = NDArray[np.int16]
Longs = NDArray[np.uint64]
Indexes = NDArray[np.intp]
Points = NDArray[np.int8]

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
    """Pairs of an occupation and a place in the columns, sorted by the occupation's code. Shapes (entries,).

    `firsts`: where the pairs of each code begin, (10001,). `rising`, `years`: the pairs of each minor group by years of
    experience, at most 255, in the place of that minor group.
    """

    firsts: Indexes
    places: Indexes
    rising: Indexes
    years: Bytes

    @classmethod
    def of(cls, said: Sequence[Sequence[str]], worked_for: Sequence[Sequence[int]]) -> "Entries":
        """Of the occupations that each place says, and the years of each."""
        codes = np.fromiter((int(code) for each in said for code in each), np.intp)
        years = np.fromiter((number for each in worked_for for number in each), np.intp)
        places = np.repeat(np.arange(len(said)), [len(each) for each in said])
        by_code, by_years = np.argsort(codes, kind="stable"), np.lexsort((years, codes // 10))
        return cls(
            np.searchsorted(codes[by_code], np.arange(10**DIGITS + 1)),
            places[by_code],
            places[by_years],
            np.minimum(years[by_years], 255).astype(np.uint8),
        )

    def alike(self, digits: str) -> slice:
        """Those whose code begins with `digits`."""
        step = 10 ** (DIGITS - len(digits))
        first = int(digits) * step
        return slice(int(self.firsts[first]), int(self.firsts[first + step]))


@dataclass(frozen=True, slots=True)
class Columns:
    """The n people. `ids` and `keys` are in the order in which they came; all else has places of its own, which make
    the hard filter a matter of where to begin and to stop: first whoever may do any work, by the day from which they
    may; then by each work whoever may do that and not any, by that day as well. Who may do two works has two places.

    Days are counted as `day_number` does. `order`: (places,), where who has the place came. `runs`: by occupation, the
    places of those who may do that and not any; by None of those who may do any. `since`, `until`: (places,), from when
    and until when they may work. `planned`: (places,), `since` where it is only expected, else `ALWAYS`. `shifts`:
    (places,), bits. `rows`: (places,), where in `norths` homes are; the one after the last stands for no cell; `easts`:
    (places,), cells. `skills`: by skill, the row of `has`, (skills, places), 1 where they have it. `levels`: by
    language, (places,). `wishless`: (places,), 1 where they would do any work.
    """

    ids: tuple[UUID, ...]
    keys: Longs
    order: Indexes
    runs: dict[str | None, slice]
    since: Shorts
    until: Shorts
    planned: Shorts
    worked: Entries
    wished: Entries
    wishless: Bytes
    shifts: Bytes
    norths: Indexes
    rows: Indexes
    easts: Indexes
    skills: dict[str, int]
    has: Bytes
    levels: dict[str, Bytes]

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, came: Sequence[Worker]) -> "Columns":
        order, runs = _order(came)
        workers = [came[place] for place in order.tolist()]
        may = [worker.may_work for worker in workers]
        norths = sorted({worker.cell.north for worker in workers if worker.cell})
        rows = {north: row for row, north in enumerate(norths)}
        skills, has = _skills(workers)
        return cls(
            ids=tuple(worker.id for worker in came),
            keys=np.array([key_of(worker.id) for worker in came], np.uint64),
            order=order,
            runs=runs,
            since=_days([each.since for each in may]),
            until=_days([each.until for each in may]),
            planned=np.array(
                [ALWAYS if m.sure == ALL_OF_100 or m.since is None else day_number(m.since) for m in may], np.int16
            ),
            worked=Entries.of(
                [[each.occupation for each in worker.worked] for worker in workers],
                [[each.years for each in worker.worked] for worker in workers],
            ),
            wished=Entries.of(
                [list(worker.wishes) for worker in workers], [[0] * len(worker.wishes) for worker in workers]
            ),
            wishless=np.array([not worker.wishes for worker in workers], np.uint8),
            shifts=np.array([shift_bits(worker.shifts) for worker in workers], np.uint8),
            norths=np.array(norths, np.intp),
            rows=np.array([rows[worker.cell.north] if worker.cell else len(rows) for worker in workers], np.intp),
            easts=np.array([worker.cell.east if worker.cell else 0 for worker in workers], np.intp),
            skills=skills,
            has=has,
            levels=_levels(workers),
        )

    def allowed(self, start: date, occupation: str) -> Iterator[slice]:
        """The places of those who may do the work when it begins, but for whoever's time is over by then."""
        day = np.int16(day_number(start))
        for run in (self.runs[None], self.runs.get(occupation, _NO_RUN)):
            yield slice(run.start, run.start + int(self.since[run].searchsorted(day, "right")))


_NO_RUN = slice(0, 0)


def _order(workers: Sequence[Worker]) -> tuple[Indexes, dict[str | None, slice]]:
    by_work: dict[str | None, list[int]] = {None: []}
    for place in _days([worker.may_work.since for worker in workers]).argsort(kind="stable").tolist():
        only = workers[place].may_work.only
        for code in (None,) if only is None else only:
            by_work.setdefault(code, []).append(place)
    ends = np.cumsum([len(places) for places in by_work.values()]).tolist()
    runs = {code: slice(end - len(places), end) for (code, places), end in zip(by_work.items(), ends, strict=True)}
    return np.array([place for places in by_work.values() for place in places], np.intp), runs


def _days(days: Sequence[date | None]) -> Shorts:
    return np.array([NEVER if day is None else day_number(day) for day in days], np.int16)


def _skills(workers: Sequence[Worker]) -> tuple[dict[str, int], Bytes]:
    people: dict[str, list[int]] = {}
    for place, worker in enumerate(workers):
        for skill in worker.skills:
            people.setdefault(skill, []).append(place)
    has = np.zeros((len(people), len(workers)), np.uint8)
    for row, places in zip(has, people.values(), strict=True):
        row[places] = 1
    return {skill: row for row, skill in enumerate(people)}, has


def _levels(workers: Sequence[Worker]) -> dict[str, Bytes]:
    levels: dict[str, Bytes] = {}
    for place, worker in enumerate(workers):
        for language, level in dict(worker.languages).items():
            if language not in levels:
                levels[language] = np.zeros(len(workers), np.uint8)
            levels[language][place] = level
    return levels
