"""The wait that is shown to somebody who joins a line: the product's estimate, from what was measured so far.

The scene is what `services.queue.waits` makes of a point: who waits, who is expected, who is served since when, the
hours; and `History` what `services.queue.measured` keeps: visits of earlier days, old ones counting less, and today's.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from math import exp

from app.domain.queue.policy import Counter
from app.domain.queue.service_times import NOTHING, Pace, Times, declared, learned
from app.domain.queue.waits import Desk, Expected, Punctuality, Scene, Wait, wait_of
from app.simulation.hall import Hall, Visitor
from app.simulation.ledger import Site
from app.simulation.parts import Behaviour
from app.simulation.timeline import Timeline

VARIES = 0.4
FADES_DAYS = 30
_NOT_WAITED_FOR = 60.0

_Level = dict[tuple[str, ...], Times]


@dataclass
class History:
    """What visits took, by service; by point and service; and by point, service and hour."""

    timeline: Timeline
    _day: int = 0
    _before: _Level = field(default_factory=lambda: defaultdict(Times))
    _today: _Level = field(default_factory=lambda: defaultdict(Times))

    def measured(self, site: Site, service: str, minutes: float, since: float) -> None:
        """A visit is over that began at `since`."""
        self._turn(since)
        times = Times.of([minutes])
        for key in self._keys(site, service, since):
            self._today[key] += times

    def pace(self, site: Site, service: str, now: float) -> Pace:
        self._turn(now)
        said = declared(site.offers[service].minutes, VARIES)
        keys = self._keys(site, service, now)
        levels = [self._before.get(key, NOTHING) for key in keys]
        return learned(said, levels, self._today.get(keys[1], NOTHING))

    def slower(self, site: Site, service: str, now: float) -> float:
        """How much longer visits take there today than elsewhere; 1 where little was measured."""
        self._turn(now)
        keys = self._keys(site, service, now)
        said = declared(site.offers[service].minutes, VARIES)
        usual = learned(said, [self._before.get(keys[0], NOTHING)])
        today = self._today.get(keys[1], NOTHING)
        return exp(learned(usual, [], today).mean - usual.mean) if today.count else 1.0

    def _keys(self, site: Site, service: str, minute: float) -> tuple[tuple[str, ...], ...]:
        hour = str(self.timeline.instant(minute).astimezone(self.timeline.zone).hour)
        return (service,), (site.id, service), (site.id, service, hour)

    def _turn(self, minute: float) -> None:
        """What was today becomes yesterday's."""
        day = self.timeline.day(minute)
        if day == self._day:
            return
        fades = exp((self._day - day) / FADES_DAYS)
        self._before = defaultdict(
            Times,
            {
                key: (self._before.get(key, NOTHING) + self._today.get(key, NOTHING)).aged(fades)
                for key in {*self._before, *self._today}
            },
        )
        self._today, self._day = defaultdict(Times), day


@dataclass
class Telling:
    """Tells waits from the history that it keeps."""

    behaviour: Behaviour
    history: History

    def __call__(self, hall: Hall, visitor: Visitor) -> tuple[float, float]:
        """Median and 90 % figure of somebody who has just joined."""
        wait: Wait = wait_of(visitor.ticket, self.scene(hall))
        return wait.median, wait.likely

    def scene(self, hall: Hall) -> Scene:
        now, timeline = hall.env.now, self.history.timeline
        instant = timeline.instant
        hours = [(begins, ends) for begins, ends in hall.sessions() if ends > now]
        closes = instant(hours[-1][1]) if hours else None
        opens = instant(max(hours[0][0], now)) if hours else None
        desks = []
        for number in range(max(hall.counters, len(hall.serving))):
            counter = Counter(number, hall.site.services)
            if number < len(hall.serving):
                at = hall.serving[number]
                desks.append(Desk(counter, at.ticket.service, instant(at.since), closes=closes))
            else:
                desks.append(Desk(counter, opens=opens, closes=closes))
        lateness = self.behaviour.lateness_minutes
        return Scene(
            at=instant(now),
            waiting=[each.ticket for each in hall.line],
            desks=desks,
            paces={service: self.history.pace(hall.site, service, now) for service in hall.site.services},
            terms=hall.terms,
            expected=[
                Expected(service, instant(start))
                for start, _, service in hall.expected
                if now - _NOT_WAITED_FOR <= start <= (hours[-1][1] if hours else now)
            ],
            breaks=[(instant(ends), instant(begins)) for (_, ends), (begins, _) in pairwise(hours)],
            punctuality=Punctuality(lateness.mean, max(lateness.sd, 0.1), self.behaviour.no_show),
        )
