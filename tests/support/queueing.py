"""A day at a point's counters, played out one visitor after another: whom a counter calls, the policy says."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import inf

from app.domain.queue.policy import Ahead, Counter, Ticket, next_to_call, turn_of
from app.domain.queue.service_times import Pace
from app.domain.queue.terms import QueueTerms
from app.domain.queue.waits import Desk, Expected, Punctuality, Scene

OPENS = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
TERMS = QueueTerms()


def after(minutes: float) -> datetime:
    """So many minutes after the opening."""
    return OPENS + timedelta(minutes=minutes)


@dataclass
class Visitor:
    """`booked`: minutes after the opening; None for a walk-in. `comes`: infinite for never. `told`: what they were."""

    service: str
    booked: float | None
    comes: float
    takes: float
    priority: bool = False
    told: float = 0.0
    called: float = inf


@dataclass
class Day:
    """`tell`: what is told to whom comes, from their ticket and the scene that they find."""

    visitors: list[Visitor]
    counters: list[Counter]
    paces: dict[str, Pace]
    breaks: tuple[tuple[float, float], ...] = ()
    tell: Callable[[Ticket, Scene], float] | None = None
    punctuality: Punctuality = field(default_factory=Punctuality)
    now: float = 0.0
    line: dict[int, Ticket] = field(default_factory=dict)
    serving: dict[int, Visitor] = field(default_factory=dict)

    def play(self) -> None:
        """Counters look whenever somebody comes, is done, is due or was waited for in vain, and after a break."""
        events: list[tuple[float, int, int]] = [(v.comes, 1, n) for n, v in enumerate(self.visitors) if v.comes < inf]
        events += [(at, 2, 0) for at in self._looks()]
        heapq.heapify(events)
        while events:
            self.now, kind, who = heapq.heappop(events)
            if kind == 0:
                del self.serving[who]
            elif kind == 1:
                self._join(who)
            working = not any(begins <= self.now < ends for begins, ends in self.breaks)
            if working and not (events and events[0][0] == self.now):
                for index, called in self._calls():
                    heapq.heappush(events, (self.now + called.takes, 0, index))

    def _looks(self) -> set[float]:
        patience, window = TERMS.patience / timedelta(minutes=1), TERMS.window / timedelta(minutes=1)
        looks = {v.comes + patience for v in self.visitors if v.comes < inf}
        looks |= {at for v in self.visitors if v.booked is not None for at in (v.booked - window, v.booked)}
        return {at for at in looks if at >= 0} | {ends for _, ends in self.breaks}

    def _calls(self) -> Iterator[tuple[int, Visitor]]:
        for index in range(len(self.counters)):
            if index not in self.serving and (number := self._next(index)) is not None:
                visitor = self.serving[index] = self.visitors[number]
                del self.line[number]
                visitor.called = self.now
                yield index, visitor

    def _join(self, number: int) -> None:
        visitor = self.visitors[number]
        booked_for = None if visitor.booked is None else after(visitor.booked)
        turn = turn_of(TERMS, after(self.now), booked_for, priority=visitor.priority)
        ticket = self.line[number] = Ticket(number, number, visitor.service, turn)
        if self.tell is not None:
            visitor.told = self.tell(ticket, self.scene())

    def _expected(self) -> list[Visitor]:
        return [v for v in self.visitors if v.booked is not None and v.comes > self.now]

    def _next(self, index: int) -> int | None:
        counter = self.counters[index]
        mine = [v for v in self._expected() if v.service in counter.services]
        shared = sum(bool(other.services & counter.services) for other in self.counters) - 1
        ahead = Ahead(
            starts=[after(v.booked) for v in mine if v.booked is not None],
            others=shared,
            takes={service: timedelta(minutes=pace.minutes) for service, pace in self.paces.items()},
            delay=TERMS.delay,
        )
        called = next_to_call(self.line.values(), counter, after(self.now), ahead)
        return None if called is None else called.number

    def scene(self) -> Scene:
        """What is known now."""
        return Scene(
            at=after(self.now),
            waiting=list(self.line.values()),
            desks=[
                Desk(counter, at.service, after(at.called)) if (at := self.serving.get(index)) else Desk(counter)
                for index, counter in enumerate(self.counters)
            ],
            paces=self.paces,
            terms=TERMS,
            expected=[Expected(v.service, after(v.booked)) for v in self._expected() if v.booked is not None],
            breaks=[(after(begins), after(ends)) for begins, ends in self.breaks],
            punctuality=self.punctuality,
        )
