"""Manzil: the whole journey is planned and booked at once, by the product's planner, and planned anew as things change.

- At entry the best itinerary is booked, all its places at one moment. Who walks in for a step says so: the plan has a
  morning at the nearest point for it.
- When a visit fails, or another stands no more because of it, all visits to come are planned anew, with the places that
  they have as good as free, and the person takes the plan.
- What the points cause, a closure, fewer counters, slow work, is offered: an answer is yes with the scenario's
  `accepts_a_reroute`. Who says no keeps to the same point, later. In the order of pressure (`app.domain.offers`).
- When places come free, whoever could end sooner is offered it, in the same order; who says no stays.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain.offers.terms import Cause
from app.domain.routing.itinerary import Itinerary
from app.domain.routing.planner import plan
from app.simulation.journey import Journey, Visit
from app.simulation.life import Life
from app.simulation.parts import Step
from app.simulation.policies.asking import Asking
from app.simulation.policies.pressure import pressed


@dataclass
class Manzil:
    life: Life
    advise: Callable[[Visit], float] = lambda _: 0.0

    def __post_init__(self) -> None:
        self.asking = Asking(self.life)

    def act(self, journey: Journey) -> None:
        if any(visit.left_home for visit in journey.visits.values()):
            return  # it is looked at when they are through
        now = self.life.env.now
        if any(away > now for away in journey.away.values()):
            self._let_go(journey)
        elif not self.stands(journey):
            self.replan(journey)

    def displaced(self, there: Sequence[tuple[Journey, Visit]]) -> None:
        """Each of them is offered the best of all plans; who says no goes to the same point, later."""
        for journey, visit in pressed(there, Cause.CLOSED, self.life.timeline):
            self.replan(journey, only=None if self._says_yes(journey) else visit)

    def advised(self, visit: Visit) -> float:
        return self.advise(visit)

    def stands(self, journey: Journey) -> bool:
        """Whether every step has its visit, and each comes after all that it waits for."""
        return all(step.code in journey.visits and self._stands(journey, step) for step in journey.open_steps())

    def replan(self, journey: Journey, only: Visit | None = None) -> None:
        """Books the best plan in place of what is booked. `only`: this step at the same point as this visit."""
        self._cancel_all(journey)
        self._take(journey, self.best(journey, only))

    def best(self, journey: Journey, only: Visit | None = None, not_today: Visit | None = None) -> Itinerary | None:
        """The first plan of the product's planner; None if no step has any place."""
        found = plan(self.asking.asked(journey, only, not_today), alternatives=0)
        return found.itineraries[0] if found.itineraries else None

    def offer_elsewhere(self, journey: Journey, visit: Visit) -> None:
        """Offers the best plan in which this visit is not at its point today. Who says no keeps what they have."""
        before = self._cancel_all(journey)
        itinerary = self.best(journey, not_today=visit)
        if itinerary is not None and not itinerary.cost.unplaced and self._says_yes(journey):
            self._take(journey, itinerary)
        else:
            self._restore(journey, before)

    def offer_sooner(self, journey: Journey) -> None:
        """Offers the best plan if it ends on an earlier day than what is booked. Who says no keeps what they have."""
        before = self._cancel_all(journey)
        ends = self.life.timeline.date(max(visit.day for visit in before))
        itinerary = self.best(journey)
        better = itinerary is not None and not itinerary.cost.unplaced and itinerary.cost.completion < ends
        if better and self._says_yes(journey):
            self._take(journey, itinerary)
        else:
            self._restore(journey, before)

    def _says_yes(self, journey: Journey) -> bool:
        return journey.says_yes(self.life.scenario.behaviour.accepts_a_reroute)

    def _take(self, journey: Journey, itinerary: Itinerary | None) -> None:
        timeline = self.life.timeline
        for planned in itinerary.visits if itinerary is not None else ():
            site = self.life.region.sites[planned.point]
            day = timeline.day_of_date(planned.day)
            if journey.attempt(planned.code).walks_in:
                self.life.walk_in(journey, planned.code, site, day)
            else:
                tick = planned.start - self.asking.board.tick(timeline.midnight(day))
                self.life.book(journey, planned.code, site.place(planned.code, day, tick))

    def _cancel_all(self, journey: Journey) -> list[Visit]:
        before = list(journey.visits.values())
        for visit in before:
            self.life.cancel(journey, visit)
        return before

    def _restore(self, journey: Journey, before: Sequence[Visit]) -> None:
        for visit in before:
            self.life.restore(journey, visit)

    def _stands(self, journey: Journey, step: Step) -> bool:
        """Whether the planned visit comes after all that it waits for."""
        timeline, day = self.life.timeline, journey.visits[step.code].day
        for code in step.hard_prerequisites:
            other = journey.visits.get(code)
            if other is not None:
                if timeline.after_working_days(other.day, self.asking.wait(step, code)) > day:
                    return False
            elif (self.life.scenario.step(code).visited and code not in journey.done) or self.asking.ready(
                journey, step, code
            ) > day:
                return False
        return True

    def _let_go(self, journey: Journey) -> None:
        """Gives back places that cannot be used before somebody is back who did not come."""
        back = max(journey.away.values())
        for visit in list(journey.visits.values()):
            step = self.life.scenario.step(visit.step)
            if visit.place is not None and visit.place.starts <= back and not self._stands(journey, step):
                self.life.cancel(journey, visit)
