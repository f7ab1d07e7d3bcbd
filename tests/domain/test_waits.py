"""Estimated waits against a queue that is played out by a simulator of its own."""

import heapq
import random
from dataclasses import dataclass, field
from math import exp, inf, log, sqrt
from time import process_time

import pytest

from app.domain.queue.service_times import NOTHING, Pace, Times, declared, learned
from app.domain.queue.waits import Coming, Counter, InLine, wait_of

_MINUTES = {"medical": 40.0, "collection": 10.0}
_CV = 0.35
_LUNCH = (240.0, 300.0)
_CLOSES = 540.0


@dataclass
class _Visitor:
    """`booked`: minutes after opening; None for a walk-in. `comes` infinite: never."""

    service: str
    booked: float | None
    comes: float
    takes: float
    told: float = 0.0
    called: float = inf

    @property
    def rank(self) -> float:
        return self.booked if self.booked is not None else 1e6 + self.comes


@dataclass
class _Day:
    """A point's day. Counters call the waiting in the order of their ranks, from the opening on and not at lunch."""

    visitors: list[_Visitor]
    counters: int
    paces: dict[str, Pace]
    now: float = 0.0
    line: list[_Visitor] = field(default_factory=list)
    serving: list[_Visitor | None] = field(default_factory=list)

    def play(self) -> None:
        self.serving = [None] * self.counters
        events: list[tuple[float, int, int, _Visitor | None]]
        events = [(v.comes, n, -1, v) for n, v in enumerate(self.visitors) if v.comes < inf]
        events.append((_LUNCH[1], -1, -1, None))
        heapq.heapify(events)
        serial = len(self.visitors)
        while events:
            self.now, _, counter, visitor = heapq.heappop(events)
            if counter >= 0:
                self.serving[counter] = None
            elif visitor is not None:
                visitor.told = self._tell(visitor)
                self.line.append(visitor)
            if _LUNCH[0] <= self.now < _LUNCH[1]:
                continue
            for free in (c for c, served in enumerate(self.serving) if served is None):
                if not self.line:
                    break
                called = min(self.line, key=lambda v: v.rank)
                self.line.remove(called)
                called.called, self.serving[free] = self.now, called
                serial += 1
                heapq.heappush(events, (self.now + called.takes, serial, free, called))

    def _tell(self, me: _Visitor) -> float:
        """The 90 % figure that is shown at arrival."""
        others = [InLine(v.service, v.rank) for v in self.line]
        gone = {id(v) for v in self.visitors if v is me or v.comes <= self.now}
        others += [
            InLine(v.service, v.booked, here=Coming(v.booked - self.now, -3.0, 8.0, 0.1))
            for v in self.visitors
            if v.booked is not None and id(v) not in gone
        ]
        counters = [
            Counter(served.service, self.now - served.called) if served else Counter() for served in self.serving
        ]
        lunch = (_LUNCH[0] - self.now, _LUNCH[1] - self.now)
        return wait_of(InLine(me.service, me.rank), others, counters, self.paces, breaks=[lunch]).likely


def _day(dice: random.Random, means: dict[str, float], paces: dict[str, Pace], counters: int) -> _Day:
    """Booked a bit too tightly, and with walk-ins between."""
    sigma = sqrt(log(1 + _CV**2))
    visitors = []
    for service, every in (("medical", 40.0 / (counters - 0.6)), ("collection", 25.0)):
        at = 0.0
        while at < _CLOSES - 40:
            if not _LUNCH[0] - 30 < at < _LUNCH[1]:
                walks_in = dice.random() < 0.15
                never = not walks_in and dice.random() < 0.1
                comes = inf if never else max(0.0, at + dice.gauss(-3, 8))
                takes = means[service] * exp(dice.gauss(-sigma * sigma / 2, sigma))
                visitors.append(_Visitor(service, None if walks_in else at, comes, takes))
            at += every
    return _Day(visitors, counters, paces)


def test_nine_real_waits_of_ten_fall_below_the_90_percent_figure() -> None:
    """Over points whose visits take longer or shorter than declared, which is learned day by day."""
    dice = random.Random(4)
    below: list[bool] = []
    for _ in range(10):
        means = {service: minutes * exp(dice.gauss(0, 0.2)) for service, minutes in _MINUTES.items()}
        measured = dict.fromkeys(_MINUTES, NOTHING)
        for _ in range(4):
            paces = {s: learned(declared(m, _CV), [NOTHING, measured[s]]) for s, m in _MINUTES.items()}
            day = _day(dice, means, paces, dice.choice([2, 3, 4]))
            day.play()
            # Who can be called at once by all that is known is told 0: nothing can be read off that.
            below += [v.called - v.comes <= v.told for v in day.visitors if v.comes < inf and v.told > 0]
            for service in _MINUTES:
                taken = [v.takes for v in day.visitors if v.service == service and v.called < inf]
                measured[service] += Times.of(taken)
    assert len(below) > 500
    assert 0.86 <= sum(below) / len(below) <= 0.94


_SURE = Pace(log(10), 1e-9, 1e-6, 1e9)
"""Ten minutes, always."""


def _wait(me: InLine, others: list[InLine], counters: list[Counter], **more: object) -> tuple[float, float]:
    found = wait_of(me, others, counters, {"x": _SURE, "y": _SURE}, **more)  # type: ignore[arg-type]
    return round(found.median, 2), round(found.likely, 2)


def test_when_all_is_known_the_wait_is_exact() -> None:
    two = [Counter("x", 4.0), Counter("x", 1.0)]
    assert _wait(InLine("x", 0), [], [Counter()]) == (0, 0)
    assert _wait(InLine("x", 0), [], two) == (6, 6)
    assert _wait(InLine("x", 5), [InLine("x", 1), InLine("x", 2), InLine("x", 9)], two) == (16, 16)
    assert _wait(InLine("x", 5), [InLine("x", 5)], two) == (9, 9)  # of two alike, whoever was named first
    # Two counters call those before us at 6 and 9; ours opens later than both are free again.
    assert _wait(InLine("x", 5), [InLine("x", 1), InLine("x", 2)], [*two, Counter(opens_in=12.0)]) == (12, 12)


def test_a_break_and_the_closing_are_waited_for() -> None:
    ahead = [InLine("x", 1)]
    assert _wait(InLine("x", 2), ahead, [Counter()], breaks=[(5, 65)]) == (65, 65)
    assert _wait(InLine("x", 2), ahead, [Counter(closes_in=9.0)]) == (inf, inf)
    never = wait_of(InLine("x", 2), ahead, [Counter(closes_in=9.0)], {"x": _SURE})
    assert never.called == 0
    assert _wait(InLine("x", 2), [], []) == (inf, inf)


def test_each_is_called_by_a_counter_that_can_serve_them() -> None:
    left, right = frozenset({0}), frozenset({1})
    assert _wait(InLine("x", 2, counters=right), [InLine("x", 1, counters=left)], [Counter(), Counter()]) == (0, 0)
    assert _wait(InLine("x", 2, counters=right), [InLine("x", 1, counters=right)], [Counter(), Counter()]) == (10, 10)
    # Whoever comes behind us and has a counter of their own does not keep us, nor do we wait for the other counter.
    assert _wait(InLine("x", 2, counters=right), [InLine("y", 3, counters=left)], [Counter(), Counter("x", 8)]) == (
        2,
        2,
    )
    assert _wait(InLine("x", 2, counters=frozenset({2})), [], [Counter()]) == (inf, inf)


def test_ranks_change_with_time() -> None:
    """A booked visitor goes first once their window opens; a walk-in who waited long is behind nobody."""
    booked = InLine("x", 9, later=((5, 0),))
    assert _wait(InLine("x", 4), [booked], [Counter("x", 2)]) == (18, 18)
    assert _wait(InLine("x", 4), [booked], [Counter("x", 6)]) == (4, 4)
    assert _wait(InLine("x", 4, later=((5, -1),)), [booked], [Counter("x", 2)]) == (8, 8)


def test_the_booked_to_come_are_reckoned_with() -> None:
    certain = Coming(5.0, late=0.0, varies=1e-6, never=0.0)
    assert _wait(InLine("x", 4), [InLine("x", 1, here=certain)], [Counter("x", 2)]) == (18, 18)
    assert _wait(InLine("x", 4), [InLine("x", 1, here=certain)], [Counter("x", 8)]) == (2, 2)
    half = wait_of(InLine("x", 4), [InLine("x", 1, here=Coming(5.0, 0.0, 1e-6, 0.3))], [Counter("x", 2)], {"x": _SURE})
    assert (round(half.median), round(half.likely)) == (18, 18)
    # Long after their time it is likelier that they do not come at all.
    late = wait_of(
        InLine("x", 4), [InLine("x", 1, here=Coming(-40.0, 0.0, 12.0, 0.1))], [Counter("x", 2)], {"x": _SURE}
    )
    assert (round(late.median), round(late.likely)) == (8, 8)


def test_who_comes_later_waits_from_then_on() -> None:
    assert _wait(InLine("x", 4, here=6.0), [InLine("x", 1)], [Counter()]) == (4, 4)
    assert _wait(InLine("x", 4, here=30.0), [InLine("x", 1)], [Counter()]) == (0, 0)


def test_whoever_is_served_for_long_is_not_done_sooner_for_it() -> None:
    """With a long tail, the longer it has lasted the longer it lasts; never is it over before now."""
    pace = declared(20, 0.6)
    rests = [wait_of(InLine("x", 1), [], [Counter("x", served)], {"x": pace}) for served in (0, 20, 60, 600, 6000)]
    assert all(rest.median > 0 for rest in rests)
    assert rests[0].median > rests[1].median
    assert rests[1].median < rests[2].median < rests[3].median
    assert 15 < rests[0].median < 19  # the median of the log-normal: 17.1


@pytest.mark.parametrize("people", [1, 4, 12])
def test_both_ways_of_playing_agree(people: int) -> None:
    """Where nobody's rank changes and all are here, the order is known before: that way is only quicker."""
    counters = [Counter("x", 3.0), Counter("y", 9.0), Counter(closes_in=70.0)]
    paces = {"x": declared(20, 0.4), "y": declared(12, 0.3)}
    others = [InLine("xy"[n % 2], n) for n in range(people)]
    never = ((1e9, 0.0),)
    slow = [InLine(each.service, each.rank, never) for each in others]
    for breaks in ([], [(12.0, 40.0)]):
        quick = wait_of(InLine("x", 99), others, counters, paces, breaks=breaks)
        assert wait_of(InLine("x", 99, never), slow, counters, paces, breaks=breaks) == quick


def test_an_estimate_costs_about_a_millisecond() -> None:
    others = [InLine("x", n, here=0.0 if n < 6 else Coming(n * 5.0)) for n in range(12)]
    counters, paces = [Counter("x", 3.0), Counter("x", 9.0)], {"x": declared(20, 0.4)}
    wait_of(InLine("x", 99), others, counters, paces)
    began = process_time()
    for _ in range(20):
        wait_of(InLine("x", 99), others, counters, paces)
    assert (process_time() - began) / 20 < 0.008  # about 1.2 ms; the bound is for a machine that does much else
