"""What Manzil does as the day goes, without being asked: looks where points are late or slow, and what came free."""

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from math import isfinite

from simpy import Event

from app.domain.offers.leaving import SPARE, leaving
from app.domain.offers.terms import Cause, OfferTerms
from app.domain.queue.policy import Ticket, turn_of
from app.domain.queue.waits import Expected, Scene, Wait, wait_of
from app.simulation.hall import Hall
from app.simulation.journey import Journey, Visit
from app.simulation.policies.manzil import Manzil
from app.simulation.policies.pressure import pressed
from app.simulation.policies.search import LEAD
from app.simulation.telling import Telling

Events = Generator[Event, object, None]

EVERY = 30.0
AHEAD = 180.0
EVENING = 20 * 60.0
SLOWER = 1.25
DAYS_SLOW = 3
_NOBODY = 1_000_000


@dataclass
class Watch:
    manzil: Manzil
    telling: Telling
    terms: OfferTerms = field(default_factory=OfferTerms)
    offers: dict[int, int] = field(default_factory=dict)
    moved: int = 0
    advises: bool = True
    slow: bool = True
    behind_: bool = True
    waitlist_: bool = True

    def __post_init__(self) -> None:
        self.life = self.manzil.life
        self.timeline = self.life.timeline
        self.manzil.watch = self
        self.life.env.process(self._days())

    def _days(self) -> Events:
        env = self.life.env
        for day in range(self.life.scenario.horizon_days):
            midnight = self.timeline.midnight(day)
            opens = min((s[0][0] for site in self.life.region.sites if (s := site.sessions(day))), default=None)
            if opens is not None:
                yield env.timeout(opens - env.now)
                while env.now < midnight + EVENING - EVERY:
                    yield env.timeout(EVERY)
                    if self.behind_:
                        for hall in self.life.halls.values():
                            self._behind(hall)
            yield env.timeout(max(0.0, midnight + EVENING - env.now))
            if self.slow:
                self._slow(day)
            if self.waitlist_:
                self._waitlist()

    # before leaving home

    def advised(self, visit: Visit) -> float:
        hall = self.life.halls[visit.site.id]
        if not self.advises or visit.place is None or not self._is_late(hall):
            return 0.0
        wait = self._wait(self.telling.scene(hall), hall, visit)
        booked = self.timeline.instant(visit.place.starts)
        least = booked + timedelta(minutes=wait.least) if isfinite(wait.least) else None
        advice = leaving(booked, timedelta(0), hall.terms, least)
        return (advice.arrive_at - (booked - SPARE)).total_seconds() / 60

    def _is_late(self, hall: Hall) -> bool:
        """Whether somebody waits there beyond their time."""
        return any(each.booked is not None and max(each.booked, each.joined) < hall.env.now - 5 for each in hall.line)

    def _wait(self, scene: Scene, hall: Hall, visit: Visit) -> Wait:
        assert visit.place is not None
        booked = self.timeline.instant(visit.place.starts)
        mine = next((e for e in scene.expected if (e.service, e.booked_for) == (visit.step, booked)), None)
        scene = replace(scene, expected=[each for each in scene.expected if each is not mine])
        ticket = Ticket(None, _NOBODY, visit.step, turn_of(hall.terms, booked, booked))
        return wait_of(ticket, scene, comes=max(booked, scene.at))

    # points that are late today

    def _behind(self, hall: Hall) -> None:
        now = self.life.env.now
        if not hall.is_open or not self._is_late(hall):
            return
        day = self.timeline.day(now)
        there = [
            (journey, visit)
            for journey in self.life.journeys
            for visit in journey.visits.values()
            if visit.site is hall.site
            and visit.day == day
            and visit.place is not None
            and not visit.left_home
            and now + LEAD < visit.place.starts <= now + AHEAD
            and not any(each.left_home for each in journey.visits.values())
        ]
        if not there:
            return
        scene = self.telling.scene(hall)
        late = [
            pair for pair in there if self._wait(scene, hall, pair[1]).median >= self.terms.late.total_seconds() / 60
        ]
        for journey, visit in pressed(late, Cause.BEHIND, self.timeline):
            if self._may_ask(journey) and journey.says_yes(self.life.scenario.behaviour.accepts_a_reroute):
                self.moved += 1
                self.manzil.replan(journey, leaving=visit)

    # points that are slow these days

    def _slow(self, today: int) -> None:
        region = self.life.region
        for site in region.sites:
            if not site.sessions(today):
                continue
            pace = max(self.telling.history.slower(site, service, self.life.env.now) for service in site.services)
            fewer = {}
            if pace >= SLOWER:
                usual = region.slots.bookable(region.scenario.points[site.number].counters)
                fewer = {today + k: max(1, int(usual / pace)) for k in range(1, DAYS_SLOW + 1)}
            if region.fewer(site) != fewer:
                region.book_no_more_than(site, fewer, today + 1)
                self.life.displace(site)

    # places that came free

    def _waitlist(self) -> None:
        waiting = [
            (journey, visit)
            for journey in self.life.journeys
            if journey.visits
            and journey.finished is None
            and not any(v.left_home for v in journey.visits.values())
            and (visit := self._could_be_sooner(journey)) is not None
            and self.manzil.stands(journey)
        ]
        for journey, _ in pressed(waiting, Cause.ASKED, self.timeline):
            if self._may_ask(journey):
                self.moved += self.manzil.offer_sooner(journey)

    def _could_be_sooner(self, journey: Journey) -> Visit | None:
        """A visit that is later than what comes before it asks for, while there is a free place on a day between."""
        asking, timeline = self.manzil.asking, self.timeline
        for visit in journey.visits.values():
            if visit.place is None:
                continue
            step = self.life.scenario.step(visit.step)
            first = max(timeline.day(self.life.env.now) + 1, timeline.day(journey.not_before.get(step.code, 0.0)))
            for code in step.hard_prerequisites:
                other = journey.visits.get(code)
                if other is not None:
                    first = max(first, timeline.after_working_days(other.day, asking.wait(step, code)))
                elif code in journey.done or not self.life.scenario.step(code).visited:
                    first = max(first, asking.ready(journey, step, code))
                else:
                    first = visit.day
            if first < visit.day:
                rows = asking.board.openings(visit.step, visit.day)
                if any(timeline.date(day) in rows for day in range(first, visit.day)):
                    return visit
        return None

    def _may_ask(self, journey: Journey) -> bool:
        number = journey.person.number
        self.offers[number] = self.offers.get(number, 0) + 1
        return self.offers[number] <= self.terms.most
