"""What Manzil does as the days go, without being asked.

- Before somebody leaves home, the live queue may tell them to come a little later (`app.domain.offers.leaving`).
- Every half hour whoever a point will be late for is offered another plan (`OfferTerms.late`).
- In the evening points that were slow today are booked with fewer counters for some days; those left without are
  offered another plan. Then whoever could end sooner, since places came free, is offered that.
"""

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from math import isfinite

from simpy import Event

from app.domain.offers.leaving import SPARE, leaving
from app.domain.offers.terms import Cause, OfferTerms
from app.domain.points.reserve import counters_at_pace
from app.domain.queue.policy import Ticket, turn_of
from app.domain.queue.waits import Scene, Wait, wait_of
from app.simulation.displaced import displace
from app.simulation.hall import Hall
from app.simulation.journey import Journey, Visit
from app.simulation.ledger import Place, Site
from app.simulation.policies.manzil import Manzil
from app.simulation.policies.pressure import pressed
from app.simulation.policies.search import LEAD
from app.simulation.policies.sooner import could_be_sooner
from app.simulation.telling import Telling

Events = Generator[Event, object, None]

EVERY = 30.0
"""Minutes from look to look."""
AHEAD = 180.0
"""Farther ahead the queue of now tells little."""
EVENING = 20 * 60.0
"""Minute of the day at which the day is looked back on."""
DAYS_SLOW = 3
"""For so many days a point that was slow today is expected to be slow."""
_ON_COMING = 1_000_000


@dataclass
class Watch:
    manzil: Manzil
    telling: Telling
    terms: OfferTerms = field(default_factory=OfferTerms)
    offers: dict[int, int] = field(default_factory=dict)
    """How many each person was made."""

    def __post_init__(self) -> None:
        self.life, self.timeline = self.manzil.life, self.manzil.life.timeline
        self.region = self.life.region
        self.manzil.advise = self.advised
        self.life.env.process(self._days())

    def advised(self, visit: Visit) -> float:
        """Minutes by which somebody who is about to leave should come later than they meant to."""
        hall = self.life.halls[visit.site.id]
        if visit.place is None or not _is_late(hall):
            return 0.0
        wait = self._wait(self.telling.scene(hall), hall, visit.step, visit.place)
        booked = self.timeline.instant(visit.place.starts)
        least = booked + timedelta(minutes=wait.least) if isfinite(wait.least) else None
        advice = leaving(booked, timedelta(0), hall.terms, least)
        return (advice.arrive_at - (booked - SPARE)).total_seconds() / 60

    def _days(self) -> Events:
        env = self.life.env
        for day in range(self.life.scenario.horizon_days):
            yield env.timeout(self.timeline.midnight(day) - env.now)
            evening = env.now + EVENING
            while env.now < evening:
                yield env.timeout(min(EVERY, evening - env.now))
                for hall in self.life.halls.values():
                    self._look_for_late(hall)
            self._look_for_slow(day)
            self._look_for_sooner()

    def _look_for_late(self, hall: Hall) -> None:
        now, most = self.life.env.now, self.terms.late / timedelta(minutes=1)
        if not hall.is_open or not _is_late(hall, most / 2):
            return
        coming = [self.life.booked[number] for start, number, _ in hall.expected if now + LEAD < start <= now + AHEAD]
        coming = [(journey, visit) for journey, visit in coming if not _under_way(journey)]
        if not coming:
            return
        scene = self.telling.scene(hall)
        late = [
            (journey, visit)
            for journey, visit in coming
            if visit.place is not None and self._wait(scene, hall, visit.step, visit.place).median >= most
        ]
        for journey, visit in pressed(late, Cause.BEHIND, self.timeline):
            if self._may_offer(journey):
                self.manzil.offer_elsewhere(journey, visit)

    def _wait(self, scene: Scene, hall: Hall, service: str, place: Place) -> Wait:
        """Of who comes at the booked time."""
        booked = self.timeline.instant(place.starts)
        mine = next((e for e in scene.expected if (e.service, e.booked_for) == (service, booked)), None)
        scene = replace(scene, expected=[each for each in scene.expected if each is not mine])
        ticket = Ticket(None, _ON_COMING, service, turn_of(hall.terms, booked, booked))
        return wait_of(ticket, scene, comes=max(booked, scene.at))

    def _look_for_slow(self, today: int) -> None:
        for site in self.region.sites:
            if not site.sessions(today):
                continue
            usual = self.life.scenario.points[site.number].counters
            most = counters_at_pace(usual, self._slower(site))
            fewer = {today + ahead: most for ahead in range(1, DAYS_SLOW + 1)} if most < usual else {}
            if self.region.fewer(site) != fewer:
                self.region.book_no_more_than(site, fewer, today + 1)
                displace(self.life, site)

    def _slower(self, site: Site) -> float:
        return max(self.telling.history.slower(site, service, self.life.env.now) for service in site.services)

    def _look_for_sooner(self) -> None:
        waiting = [
            (journey, visit)
            for journey in self.life.journeys
            if journey.visits and not _under_way(journey) and self.manzil.stands(journey)
            for visit in [could_be_sooner(self.manzil.asking, journey)]
            if visit is not None
        ]
        for journey, _ in pressed(waiting, Cause.ASKED, self.timeline):
            if self._may_offer(journey):
                self.manzil.offer_sooner(journey)

    def _may_offer(self, journey: Journey) -> bool:
        """Nobody is made more offers than `OfferTerms.most`."""
        number = journey.person.number
        self.offers[number] = self.offers.get(number, 0) + 1
        return self.offers[number] <= self.terms.most


def _is_late(hall: Hall, by: float = 0.0) -> bool:
    """Whether somebody has waited there for more than so many minutes beyond their time."""
    return any(each.booked is not None and max(each.booked, each.joined) < hall.env.now - by for each in hall.line)


def _under_way(journey: Journey) -> bool:
    return any(visit.left_home for visit in journey.visits.values())
