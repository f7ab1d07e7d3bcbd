"""What happens to people: they enter, wait for others, go to points, come late or not at all, and are served.

How and when they book is the policy's; everything else is the same for all policies. What the scenario's file leaves
open:

- an attempt that ends with *come again* is known at its end; a retake is possible from the beginning of the day that
  is so many days later; a result is out, and a term has run, as its day begins;
- who does not come thinks of it again exactly `no_show_rebooks_after_days` later;
- who walks in comes at some minute of the first hours of the day, and waits `walk_in_leaves_after_minutes`;
- they leave home in time for the minute at which they come, and from then on nothing can be changed;
- of two visits of a day the second begins when the way from the first allows, however late that is;
- who is still in line in the evening has to see to another time, with the same attempt;
- a closed point, and fewer counters, are known when their first day begins, to everybody with a place there.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from itertools import count
from math import inf
from typing import Protocol

from simpy import Environment, Event

from app.simulation.displaced import befalls
from app.simulation.hall import Hall, Visitor
from app.simulation.journey import Journey, Visit
from app.simulation.ledger import Place, Site
from app.simulation.parts import Step
from app.simulation.region import Region
from app.simulation.world import World

Events = Generator[Event, object, None]


@dataclass(frozen=True, slots=True)
class Came:
    """A person came to a point. `called` is None for one who `left`, or was sent home, before a counter called.

    `gone`: when they were called, left or were sent home. `told`: the median and the 90 % figure shown at arrival, in
    minutes from then, if any were.
    """

    person: int
    step: str
    point: str
    booked: float | None
    joined: float
    called: float | None
    gone: float
    left: bool
    told: tuple[float, float] | None


class Policy(Protocol):
    """How people get to their visits."""

    def act(self, journey: Journey) -> None:
        """Something has changed for this person: now they may book, move, cancel, or set out."""

    def advised(self, visit: Visit) -> float:
        """Minutes by which somebody who is about to leave home is told to come later."""

    def displaced(self, there: Sequence[tuple[Journey, Visit]]) -> None:
        """Of these people places at a point are gone, and were given back."""


@dataclass
class Life:
    """One run. `policy` is set before `run`; `tell` gives the wait that is shown to someone who joins a line."""

    world: World
    region: Region
    env: Environment = field(default_factory=Environment)
    tell: Callable[[Hall, Visitor], tuple[float, float] | None] = lambda *_: None
    came: list[Came] = field(default_factory=list)
    missed: int = 0
    booked: dict[int, tuple[Journey, Visit]] = field(default_factory=dict)
    """By number, who has booked and is to come."""

    def __post_init__(self) -> None:
        self.timeline = self.world.timeline
        self.scenario = self.world.scenario
        self.halls = {site.id: Hall(self.env, self.region, site) for site in self.region.sites}
        self.journeys = [Journey(self.env, self.scenario, self.timeline, person) for person in self.world.people]
        self.policy: Policy
        self._numbers = count()

    def run(self) -> None:
        """To the horizon."""
        self.begin()
        self.env.run(until=self.timeline.end)

    def begin(self) -> None:
        """Everything that will happen by itself is under way."""
        for incident in self.scenario.incidents:
            self.env.process(befalls(self, incident))
        for hall in self.halls.values():
            self.env.process(hall.days())
        for journey in self.journeys:
            self._at(journey.person.entered, journey, self._enter)

    # What a policy can do

    def book(self, journey: Journey, step: str, place: Place) -> Visit:
        """Raises `ValueError` if the place is taken."""
        site = self.region.by_id[place.point]
        day = site.day(place.day)
        if day is None:
            raise ValueError(f"{place.point} is closed")
        day.take(place.first_tick, place.ticks)
        attempt = journey.attempt(step)
        return self._plan(journey, self._visit(journey, step, site, place, place.day, place.starts + attempt.late))

    def walk_in(self, journey: Journey, step: str, site: Site, day: int) -> Visit:
        """They go there without a booking in the first hours of that day."""
        attempt = journey.attempt(step)
        opens, closes = site.sessions(day)[0]
        target = opens + attempt.morning * (closes - opens)
        return self._plan(journey, self._visit(journey, step, site, None, day, target))

    def cancel(self, journey: Journey, visit: Visit) -> None:
        """Only before they left home."""
        del journey.visits[visit.step]
        visit.cancelled = True
        self._expect_no_more(visit)
        if visit.place is not None:
            day = visit.site.day(visit.place.day)
            if day is not None:
                day.give_back(visit.place.first_tick, visit.place.ticks)

    def restore(self, journey: Journey, visit: Visit) -> None:
        """Undoes `cancel`, at the same moment."""
        if visit.place is not None:
            day = visit.site.day(visit.place.day)
            if day is not None:
                day.take(visit.place.first_tick, visit.place.ticks)
        visit.cancelled = False
        journey.visits[visit.step] = visit
        self._expect(journey, visit)

    # What happens

    def _visit(self, journey: Journey, step: str, site: Site, place: Place | None, day: int, target: float) -> Visit:
        return Visit(next(self._numbers), step, site, place, self.env.now, day, target, journey.attempt(step))

    def _plan(self, journey: Journey, visit: Visit) -> Visit:
        journey.visits[visit.step] = visit
        self._expect(journey, visit)
        self.env.process(self._attend(journey, visit))
        return visit

    def _expect(self, journey: Journey, visit: Visit) -> None:
        if visit.booking is not None:
            self.halls[visit.site.id].expect(visit.booking)
            self.booked[visit.number] = journey, visit

    def _expect_no_more(self, visit: Visit) -> None:
        if visit.booking is not None:
            self.halls[visit.site.id].expect_no_more(visit.booking)

    def _at(self, minute: float, journey: Journey, what: Callable[[Journey], None]) -> None:
        def later() -> Events:
            yield self.env.timeout(max(0.0, minute - self.env.now))
            what(journey)

        self.env.process(later())

    def _enter(self, journey: Journey) -> None:
        self._begin_elsewhere(journey)
        self.policy.act(journey)

    def _begin_elsewhere(self, journey: Journey) -> None:
        """Begins what needs no visit and is blocked by nothing."""
        for step in self.scenario.steps:
            if step.visited or step.code in journey.begun:
                continue
            since = journey.unblocked(step)
            if since == inf:
                continue
            journey.begun.add(step.code)
            days = journey.person.elsewhere[step.code]
            since = max(since, self.env.now)
            ends = self.timeline.midnight(self.timeline.day(since) + days) if days else since

            def finish(journey: Journey, step: Step = step) -> None:
                self._done(journey, step)

            self._at(ends, journey, finish)

    def _attend(self, journey: Journey, visit: Visit) -> Events:
        way = self.region.minutes(journey.person.home, visit.site.at)
        yield self.env.timeout(max(0.0, visit.target - way - self.env.now))
        if visit.cancelled:
            return
        step, hall = self.scenario.step(visit.step), self.halls[visit.site.id]
        visit.left_home = True
        later = self.policy.advised(visit) if visit.attempt.comes else 0.0
        yield self.env.timeout(max(0.0, visit.target + later - self.env.now))
        if not visit.attempt.comes:
            self._stays_away(journey, visit)
            return
        with journey.busy.request() as free:
            yield free
            yield self.env.timeout(self._way(journey, visit.site))
            self._expect_no_more(visit)
            served = False
            if journey.unblocked(step) <= self.env.now and not hall.over:
                served = yield from self._in_hall(journey, visit, hall)
            journey.days_out.add(self.timeline.day(self.env.now))
            journey.last = visit.site, self.env.now
        del journey.visits[visit.step]
        if served:
            journey.tried[visit.step] = journey.tried.get(visit.step, 0) + 1
            if not visit.attempt.again:
                self._done(journey, step)
                return
            if step.retake_after_days:
                day = self.timeline.day(self.env.now) + step.retake_after_days
                journey.not_before[visit.step] = self.timeline.midnight(day)
        self.policy.act(journey)

    def _way(self, journey: Journey, site: Site) -> float:
        """Minutes that are still to go from an earlier visit of the day."""
        if journey.last is None or self.timeline.day(journey.last[1]) != self.timeline.day(self.env.now):
            return 0.0
        before, left = journey.last
        return max(0.0, left + self.region.between[before.number][site.number] - self.env.now)

    def _in_hall(self, journey: Journey, visit: Visit, hall: Hall) -> Generator[Event, object, bool]:
        booked = None if visit.place is None else visit.place.starts
        visitor = hall.join(visit.step, visit.attempt.minutes, booked)
        joined, told = self.env.now, self.tell(hall, visitor)
        hall.call()
        left = False
        if booked is None:
            yield visitor.called | self.env.timeout(self.scenario.behaviour.walk_in_leaves_after_minutes)
            left = not visitor.called.triggered
        else:
            yield visitor.called
        if left:
            hall.leave(visitor)
        gone = self.env.now
        called = gone if not left and visitor.called.value else None
        if called is not None:
            yield visitor.served
        self.came.append(
            Came(journey.person.number, visit.step, hall.site.id, booked, joined, called, gone, left, told)
        )
        return called is not None

    def _stays_away(self, journey: Journey, visit: Visit) -> None:
        """Nobody knows before the time; they come back to it days later."""
        self.missed += 1
        del journey.visits[visit.step]
        journey.tried[visit.step] = journey.tried.get(visit.step, 0) + 1
        meant = visit.target if visit.place is None else max(visit.place.starts, self.env.now)
        again = meant + self.scenario.behaviour.no_show_rebooks_after_days * 1440
        journey.away[visit.step] = again
        self.policy.act(journey)
        self._at(again, journey, self.policy.act)

    def _done(self, journey: Journey, step: Step) -> None:
        now = self.env.now
        journey.done[step.code] = journey.good[step.code] = now
        if step.result_after_working_days:
            day = self.timeline.after_working_days(self.timeline.day(now), step.result_after_working_days)
            journey.good[step.code] = self.timeline.midnight(day)
        if len(journey.done) == len(self.scenario.steps):
            journey.finished = now
            return
        self._begin_elsewhere(journey)
        self.policy.act(journey)
        for waiting in self.scenario.steps:
            allowed = journey.unblocked(waiting) if step.code in waiting.hard_prerequisites else 0.0
            if now < allowed < inf:
                self._at(allowed, journey, self.policy.act)
