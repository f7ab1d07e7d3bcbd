"""The queue of a point played out in many outcomes at once, by the policy of `app.domain.queue.policy`.

Times are minutes from now. Arrays are (outcome, somebody in line) or (outcome, counter).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from app.domain.queue.luck import DRAWS, Floats

Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]


@dataclass(slots=True)
class Line:
    """All who wait or will, of whom the last is the one whose call is looked for.

    `here`: from when on; infinite for never. `at` and `due`: their turn. `start`: the booked time of who is expected,
    else minus infinity. `takes`: the length of their visit. `nominal`: what a gap is measured by. `serves` (counter,
    somebody): who can be served where.
    """

    here: Floats
    at: Floats
    due: Floats
    start: Floats
    takes: Floats
    nominal: Floats
    serves: Flags

    def kept(self, going: Flags) -> None:
        """Only these outcomes are played on."""
        for name in ("here", "at", "due", "start", "takes"):
            setattr(self, name, getattr(self, name)[going])

    def called(self, at: Indices) -> None:
        """They are gone: `at` are indices into the arrays as they lie in memory."""
        self.here.put(at, inf)
        self.at.put(at, inf)
        self.start.put(at, -inf)


class Hours:
    """When counters call: not in a break, and not from their closing on."""

    def __init__(self, closes: Sequence[float], breaks: Sequence[tuple[float, float]]) -> None:
        self._breaks = breaks
        self._closes = np.array(closes)
        self._always_until = min([*closes, *(begins for begins, _ in breaks)])

    def call(self, free: Floats, counter: Indices | slice = slice(None)) -> Floats:
        """When a counter that is free from then on calls; infinite for never."""
        if free.max() < self._always_until:
            return free
        for begins, ends in self._breaks:
            free = np.where((begins <= free) & (free < ends), ends, free)
        return np.where(free < self._closes[counter], free, inf)


def in_order(takes: Floats, free: Floats, hours: Hours) -> Floats:
    """When it is one's turn behind these, who are all here and go to whichever counter calls first."""
    calls = hours.call(free)
    first = np.arange(DRAWS) * calls.shape[1]
    for each in takes.T:
        counter = calls.argmin(axis=1)
        at = first + counter
        calls.put(at, hours.call(calls.take(at) + each, counter))
    soonest: Floats = calls.min(axis=1)
    return soonest


def by_policy(line: Line, free: Floats, hours: Hours, delay: float) -> Floats:
    """When the last of the line is called. In each step, and each outcome, the counter that is free first calls
    somebody, or waits until something changes.
    """
    calls = hours.call(free)
    people, counters = line.here.shape[1], calls.shape[1]
    shared = np.array(
        [sum((line.serves[c] & line.serves[other]).any() for other in range(counters)) - 1 for c in range(counters)]
    )
    called, draws = np.full(DRAWS, inf), np.arange(DRAWS)
    while len(draws):
        counter = calls.argmin(axis=1)
        at_counter = np.arange(len(draws)) * counters + counter
        now = calls.take(at_counter)
        chosen, until = _choice(line, line.serves[counter], now, shared[counter], delay)
        somebody = chosen >= 0
        at_line = np.arange(len(draws)) * people + chosen
        then = np.where(somebody, now + line.takes.take(at_line, mode="clip"), until)
        calls.put(at_counter, hours.call(then, counter))
        line.called(at_line[somebody])
        mine = chosen == people - 1
        if mine.any() or not somebody.all():
            called[draws[mine]] = now[mine]
            going = ~mine & (calls.min(axis=1) < inf)
            draws, calls = draws[going], calls[going]
            line.kept(going)
    return called


def _choice(line: Line, serves: Flags, now: Floats, others: Indices, delay: float) -> tuple[Indices, Floats]:
    """Whom each counter calls now, by index, and −1 for nobody; and when it is worth looking again if it is nobody.

    The same as `next_to_call` says of one counter.
    """
    moment = now[:, None]
    here = serves & (line.here <= moment) & (moment < inf)
    due = here & (line.due <= moment)
    turn = np.where(due, line.at, inf)
    chosen = turn.argmin(axis=1)
    rows = np.arange(len(now))
    nobody = ~due[rows, chosen]
    if not nobody.any():
        return chosen, now
    chosen = np.where(nobody, -1, chosen)
    early = here & nobody[:, None]
    while True:
        trying = early.any(axis=1)
        if not trying.any():
            break
        turn = np.where(early, line.at, inf)
        gap = np.flatnonzero(trying)
        candidate = turn[gap].argmin(axis=1)
        limit = np.minimum(line.at[gap, candidate], now[gap] + line.nominal[candidate] - delay)[:, None]
        waiting = here[gap] & (line.at[gap] < limit)
        waiting[np.arange(len(gap)), candidate] = False
        expected = serves[gap] & ~here[gap] & (line.start[gap] > moment[gap]) & (line.start[gap] < limit)
        fits = waiting.sum(axis=1) + expected.sum(axis=1) <= others[gap]
        chosen[gap[fits]] = candidate[fits]
        early[gap[fits]] = False
        early[gap, candidate] = False
    return chosen, _next_change(line, serves, moment, chosen < 0)


def _next_change(line: Line, serves: Flags, now: Floats, idle: Flags) -> Floats:
    """When somebody comes whom the counter can serve, or is due, or is no longer waited for; infinite for never."""
    if not idle.any():
        return now[:, 0]
    waits = serves & (line.here < inf)
    soonest = np.full(len(now), inf)
    for change, whose in ((line.here, waits), (line.due, waits & (line.here <= now)), (line.start, serves)):
        later = np.where(whose & (change > now), change, inf).min(axis=1)
        soonest = np.minimum(soonest, later)
    return soonest
