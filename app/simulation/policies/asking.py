"""A person's journey in the form that the planner takes."""

import datetime as dt
from collections.abc import Mapping, Sequence
from math import ceil

from app.domain.pathways.calendar import Term, Unit
from app.domain.routing.journey import Advice, Given, Need, Openings, Task, TravelTimes
from app.domain.routing.journey import Journey as Asked
from app.domain.routing.waits import waits
from app.simulation.journey import Journey, Visit
from app.simulation.ledger import TICK_MINUTES
from app.simulation.life import Life
from app.simulation.parts import Step
from app.simulation.policies.board import Board
from app.simulation.policies.search import LEAD, Search

DAYS_AHEAD = 60

Days = Mapping[dt.date, Sequence[Openings]]


class Asking:
    """What others do is counted on from the last day that it may take, as the product does from the rules' terms."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self._timeline = life.timeline
        self._search = Search(life)
        self.board = Board(life.region)
        self._travel: dict[int, TravelTimes] = {}

    def asked(self, journey: Journey, only: Visit | None = None, not_today: Visit | None = None) -> Asked:
        """All visits that are still to be made. `only`: this step has to be at the same point as this visit.
        `not_today`: this step not at the same point today.
        """
        timeline = self._timeline
        first = timeline.day(self.life.env.now)
        last = min(first + DAYS_AHEAD, timeline.days - 1)
        steps = list(journey.open_steps())
        codes = {step.code for step in steps}
        openings: dict[str, Days] = {}
        for step in steps:
            shunned = not_today.site.number if not_today is not None and not_today.step == step.code else None
            openings[step.code] = self._openings(journey, step.code, first, last, shunned)
        if only is not None and only.place is not None:
            openings[only.step] = _at(openings[only.step], only.site.number)
        return Asked(
            first=timeline.date(first),
            last=timeline.date(last),
            tasks=tuple(self._task(journey, step, codes, first, last) for step in steps),
            openings=openings,
            travel=self._ways(journey),
        )

    def ready(self, journey: Journey, step: Step, code: str) -> int:
        """The first day on which a step can be done as far as a prerequisite goes that is done, or needs no visit."""
        timeline, now = self._timeline, self.life.env.now
        if code in journey.done:
            ready = max(journey.good[code], journey.term(step, code))
            day = timeline.day(ready)
            return day if ready <= max(timeline.midnight(day), now) else day + 1
        most = self.life.scenario.step(code).done_after_days
        if most is None:
            raise ValueError(f"{code} is a visit that is not done")
        return max(journey.entry_day + most.max, timeline.day(now))

    def wait(self, step: Step, code: str) -> int:
        """Working days that must pass between a prerequisite and the step."""
        return max(
            self.life.scenario.step(code).result_after_working_days, step.not_before_working_days_after.get(code, 0)
        )

    def _task(self, journey: Journey, step: Step, codes: set[str], first: int, last: int) -> Task:
        date, day = self._timeline.date, self._timeline.day
        hard: list[Need | Given] = []
        for code in step.hard_prerequisites:
            if code in codes:
                term = Term(self.wait(step, code), Unit.WORKING_DAYS)
                hard.append(Need(code, waits(date(first), date(last), term, self._timeline.calendar)))
            else:
                hard.append(Given(code, date(self.ready(journey, step, code))))
        soft = tuple(
            Advice(code, round(minutes), date(day(journey.done[code])) if code in journey.done else None)
            for code, minutes in step.soft_prerequisites.items()
        )
        earliest, deadline = journey.not_before.get(step.code), journey.deadline(step)
        return Task(
            step.code,
            tuple(hard),
            soft,
            None if earliest is None else date(day(earliest)),
            None if deadline is None else date(deadline),
        )

    def _openings(self, journey: Journey, code: str, first: int, last: int, not_today: int | None) -> Days:
        if journey.attempt(code).walks_in:
            return self._mornings(journey, code, first, last)
        rows = self.board.openings(code, last)
        today = self._timeline.date(first)
        if today not in rows:
            return rows
        left = []
        for row in rows[today]:
            if row.point == not_today:
                continue
            way = self.life.region.minutes(journey.person.home, self.life.region.sites[row.point].at)
            soonest = self.life.env.now + max(LEAD, way) - self._timeline.midnight(first)
            earliest = ceil(soonest / TICK_MINUTES)
            mask = row.mask >> earliest << earliest
            if mask:
                left.append(row._replace(mask=mask))
        return {**rows, today: left}

    def _mornings(self, journey: Journey, code: str, first: int, last: int) -> Days:
        """A person who walks in is at the nearest point for the first hours of a day."""
        _, site = self._search.near(journey, code)[0]
        ready = self.life.env.now + self.life.region.minutes(journey.person.home, site.at)
        rows = {}
        for day in range(first, last + 1):
            sessions = site.sessions(day)
            if sessions and sessions[0][0] >= ready:
                opens, closes = sessions[0]
                ticks = int((closes - opens) // TICK_MINUTES)
                rows[self._timeline.date(day)] = [Openings(site.number, self.board.tick(opens), 1, ticks)]
        return rows

    def _ways(self, journey: Journey) -> TravelTimes:
        number = journey.person.number
        if number not in self._travel:
            region = self.life.region
            out = [region.minutes(journey.person.home, site.at) for site in region.sites]
            self._travel[number] = TravelTimes(out, out, region.between)
        return self._travel[number]


def _at(days: Days, number: int) -> Days:
    kept = {day: [row for row in rows if row.point == number] for day, rows in days.items()}
    return {day: rows for day, rows in kept.items() if rows}
