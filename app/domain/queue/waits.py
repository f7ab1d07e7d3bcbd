"""How long one person in line still waits: the queue is played out many times over, and the waits are read off.

All times are minutes from now. What is unknown is drawn anew each time: how fast the services are given, how long each
visit takes, how much longer those who are at the counters, and who of the booked comes, and when. The draws are
stratified and always the same ones: an estimate moves when the queue does, and costs about a millisecond.

Of so many equally likely outcomes the real wait is one more: the figure at rank k of n exceeds it with the probability
k / (n + 1), which is how the 90 % figure is chosen (a prediction interval by order statistics).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, erfc, inf, sqrt

import numpy as np
from numpy.typing import NDArray

from app.domain.queue.service_times import Pace

Floats = NDArray[np.float64]

DRAWS = 119
LIKELY = 0.9


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter that works, or will `open_in` so many minutes; from `closes_in` on it calls nobody.

    `serving`: the service of whoever is there, called `served_for` minutes ago.
    """

    serving: str | None = None
    served_for: float = 0.0
    opens_in: float = 0.0
    closes_in: float = inf


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody booked who is not here yet. They come `late` minutes after `booked_in` (negative: earlier), normally
    distributed by `varies`, or not at all, with the probability `never`.
    """

    booked_in: float
    late: float = -6.0
    varies: float = 12.0
    never: float = 0.08


@dataclass(frozen=True, slots=True)
class InLine:
    """Somebody who waits or will: of those who are here, a free counter calls the one of the smallest `rank`.

    `later`: (from when, rank): what the rank becomes, in the order of time. `counters`: indices of those that can
    serve them; None for all. `here`: since when they wait; above zero for somebody who will come then.
    """

    service: str
    rank: float
    later: tuple[tuple[float, float], ...] = ()
    counters: frozenset[int] | None = None
    here: float | Coming = 0.0


@dataclass(frozen=True, slots=True)
class Wait:
    """Minutes from now (for who comes later, from their coming) to the call: by half of the outcomes, and by 90 %.

    Infinite where they would not be called before the counters close. `called`: in how many of the outcomes they are.
    """

    median: float
    likely: float
    called: float


def wait_of(
    me: InLine,
    others: Sequence[InLine],
    counters: Sequence[Counter],
    paces: Mapping[str, Pace],
    *,
    breaks: Sequence[tuple[float, float]] = (),
) -> Wait:
    """The wait of one person. `paces`: by service, for everybody named. `breaks`: (from, until) when nobody calls."""
    if not any(me.counters is None or index in me.counters for index in range(len(counters))):
        return Wait(inf, inf, 0.0)
    luck = _Luck()
    speeds = {service: _speed(luck, paces[service]) for service in sorted(_services(me, others, counters))}
    free = np.column_stack([_free(luck, counter, speeds) for counter in counters])
    since = me.here.booked_in if isinstance(me.here, Coming) else me.here
    line = [*_may_come_before(me, others), me]
    called = np.sort(_played(luck, line, counters, speeds, free, breaks)) - max(0.0, since)
    called = np.maximum(called, 0.0)
    return Wait(
        median=float(called[DRAWS // 2]),
        likely=float(called[ceil(LIKELY * (DRAWS + 1)) - 1]),
        called=float(np.isfinite(called).mean()),
    )


class _Luck:
    """Columns of standard normal draws, the same for every estimate. They are used one after another."""

    def __init__(self) -> None:
        self._next = 0

    def normal(self) -> Floats:
        return self._column(_NORMAL)

    def even(self) -> Floats:
        """Evenly between 0 and 1."""
        return self._column(_EVEN)

    def _column(self, of: Sequence[Floats]) -> Floats:
        self._next += 1
        return of[self._next % len(of)]


_GRID = np.linspace(-8.0, 8.0, 3201)
_BELOW = np.array([erfc(-z / sqrt(2)) / 2 for z in _GRID])


def _below(z: Floats) -> Floats:
    """The standard normal distribution function."""
    below: Floats = np.interp(z, _GRID, _BELOW)
    return below


def _quantile(p: Floats) -> Floats:
    z: Floats = np.interp(p, _BELOW, _GRID)
    return z


_DICE = np.random.default_rng(20260901)
_EVEN: list[Floats] = [(_DICE.permutation(DRAWS) + _DICE.random(DRAWS)) / DRAWS for _ in range(512)]
_NORMAL = [_quantile(column) for column in _EVEN]


@dataclass(frozen=True, slots=True)
class _Speed:
    """A service in each outcome: mean and spread of the logarithm of minutes."""

    mean: Floats
    spread: Floats


def _speed(luck: _Luck, pace: Pace) -> _Speed:
    mean = pace.mean + pace.doubt * luck.normal()
    evidence = max(pace.evidence, 3.0)
    # Chi-square over its degrees of freedom, after Wilson and Hilferty (1931).
    ratio = np.maximum(1 - 2 / (9 * evidence) + luck.normal() * sqrt(2 / (9 * evidence)), 0.3) ** 3
    return _Speed(mean, pace.spread / np.sqrt(ratio))


def _free(luck: _Luck, counter: Counter, speeds: Mapping[str, _Speed]) -> Floats:
    """When it can call next. Who has been served for long is not done sooner for it: the rest is drawn given that."""
    if counter.serving is None:
        return np.full(DRAWS, max(counter.opens_in, 0.0))
    speed, so_far = speeds[counter.serving], max(counter.served_for, 1e-3)
    reached = (np.log(so_far) - speed.mean) / speed.spread
    left = luck.even()
    within = -_quantile(left * _below(-reached))
    beyond = np.sqrt(np.square(np.maximum(reached, 1.0)) - 2 * np.log(left))  # far out in the tail, where it is exact
    rest = np.exp(speed.mean + speed.spread * np.where(reached > 5.0, beyond, within)) - so_far  # noqa: PLR2004
    return np.maximum(np.maximum(rest, 0.0), counter.opens_in)


def _services(me: InLine, others: Sequence[InLine], counters: Sequence[Counter]) -> set[str]:
    at_counters = {counter.serving for counter in counters if counter.serving is not None}
    return {me.service, *(other.service for other in others), *at_counters}


def _may_come_before(me: InLine, others: Sequence[InLine]) -> list[InLine]:
    """Whoever is here for any counter, as we are, and behind us for good, changes nothing for us."""
    here = not isinstance(me.here, Coming) and me.here <= 0
    if not here or me.counters is not None or any(other.counters is not None for other in others):
        return list(others)
    worst = max([me.rank, *(rank for _, rank in me.later)])
    return [other for other in others if min([other.rank, *(rank for _, rank in other.later)]) <= worst]


def _comes(luck: _Luck, each: InLine) -> Floats:
    """When they are here, in each outcome; never is infinite."""
    if not isinstance(each.here, Coming):
        return np.full(DRAWS, max(each.here, 0.0))
    coming = each.here
    due = coming.booked_in + coming.late
    gone = _below(np.array([-due / coming.varies]))[0]  # would be here by now, if they came
    never = coming.never / (coming.never + (1 - coming.never) * (1 - gone) + 1e-12)
    at = due + coming.varies * -_quantile(luck.even() * (1 - gone))
    return np.where(luck.even() < never, inf, np.maximum(at, 0.0))


def _played(
    luck: _Luck,
    line: Sequence[InLine],
    counters: Sequence[Counter],
    speeds: Mapping[str, _Speed],
    free: Floats,
    breaks: Sequence[tuple[float, float]],
) -> Floats:
    """When the last of the line is called, in each outcome. Of two with one rank, whoever is named first goes first."""
    here = np.column_stack([_comes(luck, each) for each in line])
    takes = np.column_stack(
        [np.exp(speeds[each.service].mean + speeds[each.service].spread * luck.normal()) for each in line]
    )
    hours = _Hours(counters, breaks)
    calls = hours.call(free, _ALL)
    steady = not any(each.later or each.counters is not None for each in line)
    if steady and not here.any():
        before = sorted((i for i in range(len(line) - 1) if line[i].rank <= line[-1].rank), key=lambda i: line[i].rank)
        return _in_order(takes[:, before], calls, hours)
    return _by_rank(line, here, takes, calls, hours)


class _Hours:
    """When counters call: not in a break, and not from their closing on."""

    def __init__(self, counters: Sequence[Counter], breaks: Sequence[tuple[float, float]]) -> None:
        self._breaks = breaks
        self._closes = np.array([counter.closes_in for counter in counters])
        self._always_until = min([*self._closes, *(begins for begins, _ in breaks)])

    def call(self, free: Floats, counter: NDArray[np.intp] | slice) -> Floats:
        """When a counter that is free from then on calls; infinite for never."""
        if free.max() < self._always_until:
            return free
        for begins, ends in self._breaks:
            free = np.where((begins <= free) & (free < ends), ends, free)
        return np.where(free < self._closes[counter], free, inf)


_ALL = slice(None)


def _in_order(takes: Floats, calls: Floats, hours: _Hours) -> Floats:
    """When it is one's turn behind these, who are all here and go to whichever counter calls first."""
    first = np.arange(DRAWS) * calls.shape[1]
    for each in takes.T:
        counter = calls.argmin(axis=1)
        at = first + counter
        calls.put(at, hours.call(calls.take(at) + each, counter))
    return calls.min(axis=1)


def _by_rank(line: Sequence[InLine], here: Floats, takes: Floats, calls: Floats, hours: _Hours) -> Floats:
    """When the last of the line is called. In each step, and each outcome, the counter that is first calls somebody,
    or waits for whoever comes next.
    """
    serves = np.array([[each.counters is None or c in each.counters for each in line] for c in range(calls.shape[1])])
    choosy = not serves.all()
    ranks = _Ranks(line)
    called, draws = np.full(DRAWS, inf), np.arange(DRAWS)
    while len(draws):
        counter = calls.argmin(axis=1)
        at_counter = np.arange(len(draws)) * calls.shape[1] + counter
        now = calls.take(at_counter)
        possible = np.where(serves[counter], here, inf) if choosy else here
        rank = np.where(possible <= now[:, None], ranks.at(now), inf)
        chosen = rank.argmin(axis=1)
        at_line = np.arange(len(draws)) * len(line) + chosen
        somebody = (rank.take(at_line) < inf) & (now < inf)
        then = now + takes.take(at_line)
        if not somebody.all():
            then = np.where(somebody, then, np.where(now < inf, possible.min(axis=1), inf))
        calls.put(at_counter, hours.call(then, counter))
        here.put(at_line[somebody], inf)
        mine = somebody & (chosen == len(line) - 1)
        if mine.any() or not somebody.all():
            called[draws[mine]] = now[mine]
            going = ~mine & (calls.min(axis=1) < inf)
            draws, calls, here, takes = draws[going], calls[going], here[going], takes[going]
    return called


class _Ranks:
    """Everybody's rank at a moment."""

    def __init__(self, line: Sequence[InLine]) -> None:
        self._first = np.array([[each.rank for each in line]])
        longest = max(len(each.later) for each in line)
        padded = [[*each.later, *[(inf, inf)] * (longest - len(each.later))] for each in line]
        self._later = [
            (np.array([[steps[k][0] for steps in padded]]), np.array([[steps[k][1] for steps in padded]]))
            for k in range(longest)
        ]

    def at(self, now: Floats) -> Floats:
        rank: Floats = self._first
        for since, then in self._later:
            rank = np.where(since <= now[:, None], then, rank)
        return rank
