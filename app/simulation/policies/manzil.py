"""Manzil: the whole journey is planned and booked at once, by the product's planner, and planned anew as things change.

- At entry the best itinerary of `app.domain.routing.planner` is booked, all its places at one moment. What others do is
  counted on from the last day that it may take.
- Who walks in for a step says so: the plan has a morning at the nearest point for it.
- When a visit fails, or another stands no more because of it, all visits to come are planned anew with the places that
  they have as good as free.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from app.domain.pathways.calendar import Term, Unit
from app.domain.routing.itinerary import Itinerary
from app.domain.routing.journey import Advice, Given, Journey as Asked, Need, Openings, Task, TravelTimes
from app.domain.routing.planner import plan
from app.domain.routing.waits import waits
from app.simulation.journey import Journey, Visit
from app.simulation.ledger import TICK_MINUTES, Place
from app.simulation.life import Life
from app.simulation.parts import Step
from app.simulation.policies.board import Board
from app.simulation.policies.search import LEAD, Search

DAYS_AHEAD = 60
_EPOCH_TICKS_A_DAY = 288


@dataclass
class Manzil:
    life: Life
    plans: int = 0
    spread: int | None = None

    def __post_init__(self) -> None:
        self.board = Board(self.life.region)
        self.search = Search(self.life)
        self._travel: dict[int, TravelTimes] = {}

    def act(self, journey: Journey) -> None:
        if any(visit.left_home for visit in journey.visits.values()):
            return  # it is looked at when they are through
        now = self.life.env.now
        if any(away > now for away in journey.away.values()):
            self._let_go(journey)
            return
        open_steps = list(journey.open_steps())
        if all(step.code in journey.visits and self._stands(journey, step) for step in open_steps):
            return
        self.replan(journey)

    def displaced(self, journey: Journey, visit: Visit) -> None:
        _ = visit
        self.act(journey)

    def replan(self, journey: Journey) -> None:
        for visit in list(journey.visits.values()):
            self.life.cancel(journey, visit)
        itinerary = self.best(journey)
        if itinerary is None:
            return
        timeline = self.life.timeline
        for planned in itinerary.visits:
            site = self.life.region.sites[planned.point]
            day = timeline.day_of_date(planned.day)
            if journey.attempt(planned.code).walks_in:
                self.life.walk_in(journey, planned.code, site, day)
            else:
                tick = planned.start - self.board.tick(timeline.midnight(day))
                self.life.book(journey, planned.code, site.place(planned.code, day, tick))

    def best(self, journey: Journey) -> Itinerary | None:
        self.plans += 1
        found = plan(self.asked(journey), alternatives=0)
        return found.itineraries[0] if found.itineraries else None

    def asked(self, journey: Journey) -> Asked:
        """The journey as the planner takes it."""
        timeline = self.life.timeline
        first = timeline.day(self.life.env.now)
        last = min(first + DAYS_AHEAD, timeline.days - 1)
        steps = list(journey.open_steps())
        codes = {step.code for step in steps}
        tasks = tuple(self._task(journey, step, codes, first, last) for step in steps)
        return Asked(
            first=timeline.date(first),
            last=timeline.date(last),
            tasks=tasks,
            openings={step.code: self._openings(journey, step.code, first, last) for step in steps},
            travel=self._ways(journey),
        )

    def _task(self, journey: Journey, step: Step, codes: set[str], first: int, last: int) -> Task:
        timeline = self.life.timeline
        hard: list[Need | Given] = []
        for code in step.hard_prerequisites:
            if code in codes:
                hard.append(Need(code, self._ready(step, code, first, last)))
            else:
                hard.append(Given(code, timeline.date(self._given(journey, step, code))))
        soft = tuple(
            Advice(
                code, round(minutes), timeline.date(timeline.day(journey.done[code])) if code in journey.done else None
            )
            for code, minutes in step.soft_prerequisites.items()
        )
        earliest = journey.not_before.get(step.code)
        return Task(
            step.code,
            tuple(hard),
            soft,
            None if earliest is None else timeline.date(timeline.day(earliest)),
            deadline_of(journey, step),
        )

    def _ready(self, step: Step, code: str, first: int, last: int) -> Mapping[dt.date, dt.date]:
        timeline = self.life.timeline
        days = max(
            self.life.scenario.step(code).result_after_working_days, step.not_before_working_days_after.get(code, 0)
        )
        term = Term(days, Unit.WORKING_DAYS)
        return waits(timeline.date(first), timeline.date(last), term, timeline.calendar)

    def _given(self, journey: Journey, step: Step, code: str) -> int:
        timeline = self.life.timeline
        if code in journey.done:
            ready = max(journey.good[code], journey.term(step, code))
            day = timeline.day(ready)
            return day if ready <= max(timeline.midnight(day), self.life.env.now) else day + 1
        most = self.life.scenario.step(code).done_after_days
        assert most is not None  # noqa: S101 - the others are tasks
        return max(journey.entry_day + most.max, timeline.day(self.life.env.now))

    def _openings(self, journey: Journey, code: str, first: int, last: int) -> Mapping[dt.date, Sequence[Openings]]:
        timeline, now = self.life.timeline, self.life.env.now
        if journey.attempt(code).walks_in:
            return self._mornings(journey, code, first, last)
        rows = self.board.openings(code, last)
        today = timeline.date(first)
        if today not in rows:
            return rows
        left = []
        for row in rows[today]:
            way = self.life.region.minutes(journey.person.home, self.life.region.sites[row.point].at)
            earliest = ceil((now + max(LEAD, way) - timeline.midnight(first)) / TICK_MINUTES)
            mask = row.mask >> earliest << earliest
            if mask:
                left.append(row._replace(mask=mask))
        return {**rows, today: left}

    def _mornings(self, journey: Journey, code: str, first: int, last: int) -> Mapping[dt.date, Sequence[Openings]]:
        """A person who walks in is at the nearest point for the first hours of a day."""
        timeline = self.life.timeline
        _, site = self.search.near(journey, code)[0]
        ready = self.life.env.now + self.life.region.minutes(journey.person.home, site.at)
        rows = {}
        for day in range(first, last + 1):
            sessions = site.sessions(day)
            if sessions and sessions[0][0] >= ready:
                opens, closes = sessions[0]
                ticks = int((closes - opens) // TICK_MINUTES)
                rows[timeline.date(day)] = [Openings(site.number, self.board.tick(opens), 1, ticks)]
        return rows

    def _ways(self, journey: Journey) -> TravelTimes:
        number = journey.person.number
        if number not in self._travel:
            region = self.life.region
            out = [region.minutes(journey.person.home, site.at) for site in region.sites]
            self._travel[number] = TravelTimes(out, out, region.between)
        return self._travel[number]

    def _stands(self, journey: Journey, step: Step) -> bool:
        """Whether the planned visit still comes after all that it waits for."""
        visit = journey.visits[step.code]
        timeline = self.life.timeline
        day = timeline.day(visit.target if visit.place is None else visit.place.starts)
        for code in step.hard_prerequisites:
            other = journey.visits.get(code)
            if other is None:
                if self.life.scenario.step(code).visited and code not in journey.done:
                    return False
                if self._given(journey, step, code) > day:
                    return False
            else:
                done = timeline.day(other.target if other.place is None else other.place.starts)
                wait = max(
                    self.life.scenario.step(code).result_after_working_days,
                    step.not_before_working_days_after.get(code, 0),
                )
                if timeline.after_working_days(done, wait) > day:
                    return False
        return True

    def _let_go(self, journey: Journey) -> None:
        """Gives back places that cannot be used before somebody is back who did not come."""
        back = max(journey.away.values())
        for visit in list(journey.visits.values()):
            step = self.life.scenario.step(visit.step)
            if visit.place is not None and visit.place.starts <= back and not self._stands(journey, step):
                self.life.cancel(journey, visit)


def deadline_of(journey: Journey, step: Step) -> dt.date | None:
    """The last day in time."""
    if step.deadline is None:
        return None
    timeline = journey.timeline
    if step.deadline.days is not None:
        return timeline.date(journey.entry_day + step.deadline.days)
    return timeline.date(timeline.after_working_days(journey.entry_day, step.deadline.working_days or 0))
