"""A point's hall: the line and the counters, which call by the declared policy of `app.domain.queue.policy`.

Counters call while the point is open. Who is at a counter when a break or the evening begins is served to the end; who
still waits in the evening is sent home. Nobody knows beforehand how long a visit will take.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import timedelta

from simpy import Environment, Event

from app.domain.queue.policy import Ahead, Counter, Ticket, next_to_call, turn_of
from app.domain.queue.terms import QueueTerms
from app.simulation.ledger import Site
from app.simulation.region import Region

Events = Generator[Event, object, None]

_SOON = timedelta(hours=4)
"""Farther than any gap reaches."""
_JUST_AFTER = 1e-6


@dataclass(eq=False, slots=True)
class Visitor:
    """Somebody in the line or at a counter. `minutes`: of the visit, at the counter's usual pace.

    `called` happens with True when a counter calls, with False when the point closes first; `served` at the end.
    """

    ticket: Ticket
    booked: float | None
    joined: float
    minutes: float
    called: Event
    served: Event
    since: float = 0.0


@dataclass
class Hall:
    """`measured` is told each visit's service, its minutes, and when its visitor was called."""

    env: Environment
    region: Region
    site: Site
    terms: QueueTerms = field(default_factory=QueueTerms)
    measured: Callable[[Site, str, float, float], None] = lambda *_: None
    line: list[Visitor] = field(default_factory=list)
    serving: list[Visitor] = field(default_factory=list)
    expected: list[tuple[float, int, str]] = field(default_factory=list)
    """(booked time, number of the booking, service) of those who are to come, in order."""
    is_open: bool = False
    _number: int = 0

    def __post_init__(self) -> None:
        self._counter = Counter(self.site.id, self.site.services)
        self._takes = {service: timedelta(minutes=offer.minutes) for service, offer in self.site.offers.items()}

    def expect(self, booking: tuple[float, int, str]) -> None:
        insort(self.expected, booking)

    def expect_no_more(self, booking: tuple[float, int, str]) -> None:
        found = bisect_left(self.expected, booking)
        if found < len(self.expected) and self.expected[found] == booking:
            del self.expected[found]

    @property
    def counters(self) -> int:
        """That work today."""
        return self.region.counters(self.site, self.region.timeline.day(self.env.now))

    def sessions(self) -> list[tuple[float, float]]:
        return self.site.sessions(self.region.timeline.day(self.env.now))

    @property
    def over(self) -> bool:
        """Whether the point opens no more today."""
        return not any(self.env.now < closes for _, closes in self.sessions())

    def days(self) -> Events:
        """The process that opens and closes the point, day after day."""
        timeline = self.region.timeline
        for day in range(self.region.scenario.horizon_days):
            yield self.env.timeout(timeline.midnight(day) - self.env.now)
            for opens, closes in self.site.sessions(day):
                yield self.env.timeout(opens - self.env.now)
                self.is_open = True
                self.call()
                yield self.env.timeout(closes - self.env.now)
                self.is_open = False
            for visitor in self.line:
                visitor.called.succeed(value=False)
            self.line.clear()

    def join(self, service: str, minutes: float, booked: float | None) -> Visitor:
        """A visitor arrives and takes a number."""
        self._number += 1
        instant = self.region.timeline.instant
        turn = turn_of(self.terms, instant(self.env.now), None if booked is None else instant(booked))
        ticket = Ticket(self._number, self._number, service, turn)
        visitor = Visitor(ticket, booked, self.env.now, minutes, self.env.event(), self.env.event())
        self.line.append(visitor)
        return visitor

    def leave(self, visitor: Visitor) -> None:
        self.line.remove(visitor)

    def call(self) -> None:
        """Every counter that is free calls whom the policy says."""
        while self.is_open and self.line and len(self.serving) < self.counters:
            now = self.region.timeline.instant(self.env.now)
            ticket = next_to_call((visitor.ticket for visitor in self.line), self._counter, now, self._ahead())
            if ticket is None:
                self._wake()
                return
            visitor = next(each for each in self.line if each.ticket is ticket)
            self.line.remove(visitor)
            self.serving.append(visitor)
            visitor.since = self.env.now
            visitor.called.succeed(value=True)
            self.env.process(self._serve(visitor))

    def _ahead(self) -> Ahead:
        instant = self.region.timeline.instant
        first = bisect_left(self.expected, (self.env.now,))
        last = bisect_left(self.expected, (self.env.now + _SOON.total_seconds() / 60,))
        starts = [instant(start) for start, _, _ in self.expected[first:last]]
        return Ahead(starts, self.counters - 1, self._takes, self.terms.delay)

    def _serve(self, visitor: Visitor) -> Events:
        day = self.region.timeline.day(self.env.now)
        minutes = visitor.minutes * self.region.slower(self.site.id, day)
        yield self.env.timeout(minutes)
        self.serving.remove(visitor)
        self.measured(self.site, visitor.ticket.service, minutes, visitor.since)
        visitor.served.succeed()
        self.call()

    def _wake(self) -> None:
        """Calls again when the next becomes due, or somebody's booked time has come."""
        timeline = self.region.timeline
        times = [timeline.minute(visitor.ticket.turn.due) for visitor in self.line]
        ahead = bisect_left(self.expected, (self.env.now + _JUST_AFTER,))
        times += [start for start, _, _ in self.expected[ahead : ahead + 1]]
        soonest = min((time for time in times if time > self.env.now), default=None)
        if soonest is not None:
            self.env.process(self._call_at(soonest + _JUST_AFTER))

    def _call_at(self, minute: float) -> Events:
        yield self.env.timeout(minute - self.env.now)
        self.call()
