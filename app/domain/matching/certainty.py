"""From when somebody is expected to be allowed to work, and how surely: by how long the points take, and nothing else.

A step begins on the day of its visit, or later if what it needs is not there yet, and then takes as many days as its
point took for others. Where a point has handled n such steps, a new one takes longer than all of them once in n + 1
times: the declared longest stands for that once (conformal prediction; Vovk et al., "Algorithmic Learning in a Random
World", 2005). Whoever the person is does not enter: there is nothing here that tells it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

SURE = 80
"""Per cent, unless it is asked otherwise."""

_MOST_DAYS = 730
_EVEN = 1e-9

Chances = NDArray[np.float64]
"""By whole days, how likely each is; they add up to 1."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How long a point takes for a step, in calendar days: `observed` for others, at most `declared`."""

    declared: int
    observed: tuple[int, ...] = ()

    def chances(self) -> Chances:
        longest = max(self.declared, *self.observed, 0)
        counts = np.zeros(longest + 1)
        np.add.at(counts, np.array(self.observed, np.intp), 1.0)
        counts[longest] += 1.0
        found: Chances = counts / counts.sum()
        return found


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step on the way to being allowed. `visit`: the day that is booked or planned for it. `after`: codes of the
    steps whose results it needs. `again`: days until there is another visit, when these are late. `done`: the day on
    which its result is there, if it is there already.
    """

    code: str
    visit: date
    taken: Taken
    after: tuple[str, ...] = ()
    again: int = 0
    done: date | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """When the last step ends: `chances[i]` is how likely it ends `i` days after `begin`."""

    begin: date
    chances: Chances

    def by(self, day: date) -> int:
        """How surely it has ended by the end of `day`, in whole per cent, rounded down."""
        days = (day - self.begin).days
        return int(100 * float(self.chances[: days + 1].sum()) + _EVEN) if days >= 0 else 0

    def day(self, sure: int = SURE) -> date:
        """The first day by which it has ended at least so surely, in per cent."""
        reached = np.cumsum(self.chances) >= sure / 100 - _EVEN
        return self.begin + timedelta(days=int(np.argmax(reached)))


def outlook(steps: Iterable[PlannedStep], last: str, begin: date) -> Outlook:
    """When step `last` ends, seen from `begin`, before which nothing that is not done ends.

    Steps that need the same result are late together; to take them as independent makes the expected day later, never
    sooner. Raises `ValueError` for steps that need each other, or one that is not there.
    """
    by_code = {step.code: step for step in steps}
    ends: dict[str, Chances] = {}
    for step in _in_order(by_code, last):
        ends[step.code] = _end(step, [ends[code] for code in step.after], begin)
    return Outlook(begin, ends[last])


def _end(step: PlannedStep, before: Sequence[Chances], begin: date) -> Chances:
    if step.done is not None:
        return _on(max(0, (step.done - begin).days))
    visit = max(0, (step.visit - begin).days)
    ready = _on(0)
    for other in before:
        ready = _later_of(ready, other)
    in_time, late = ready[: visit + 1].sum(), ready[visit + 1 :]
    starts = np.zeros(visit + 1 + (len(late) + step.again if late.any() else 0))
    starts[visit] = in_time
    if late.any():
        starts[visit + 1 + step.again :] += late
    ends = np.convolve(starts, step.taken.chances())
    if len(ends) > _MOST_DAYS:
        ends[_MOST_DAYS - 1] = ends[_MOST_DAYS - 1 :].sum()
    return ends[:_MOST_DAYS]


def _on(day: int) -> Chances:
    day = min(day, _MOST_DAYS - 1)
    chances = np.zeros(day + 1)
    chances[day] = 1.0
    return chances


def _later_of(one: Chances, other: Chances) -> Chances:
    """Of the later of two independent days: its distribution is the product of theirs."""
    length = max(len(one), len(other))
    both = np.ones(length)
    for chances in (one, other):
        both[: len(chances)] *= np.cumsum(chances)
    return np.diff(both, prepend=0.0)


def _in_order(by_code: dict[str, PlannedStep], last: str) -> list[PlannedStep]:
    ordered: dict[str, PlannedStep] = {}

    def visit(code: str, needing: frozenset[str]) -> None:
        if code in needing or code not in by_code:
            raise ValueError(f"step {code} is missing, or needs itself")
        if code not in ordered:
            for before in by_code[code].after:
                visit(before, needing | {code})
            ordered[code] = by_code[code]

    visit(last, frozenset())
    return list(ordered.values())
