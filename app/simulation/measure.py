"""What a run is measured by, the same for every policy.

*Days*: local dates from the day of entry to the day on which the last step is done, less the person's own unavoidable
waits: what the longest chain of results, legal terms and retakes would take if every visit could be had at once, on
every day, from entry on (`unavoidable`). These are the person's and the same for every policy: days of policies differ
by what they really took. Who is not done at the horizon counts as done then.

*Deadlines missed*: steps done after the last day in time, or not yet at the horizon when that day is over.

*Waited*: minutes from the booked time (or the arrival, if later) to the call, or to leaving without one; below zero
counts as none. Who comes without a booking waits from the arrival; they are told apart.

*Days out*: dates on which the person was at any point, were they served or not.

*Covered*: of those who were told a wait at arrival, the share whose time from arrival to call was no longer than the
90 % figure. Who was not called counts as waiting for ever, unless they left by themselves before that figure had
passed: then nobody knows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

import numpy as np

from app.simulation.graph import prerequisites_first
from app.simulation.journey import Journey
from app.simulation.life import Came, Life
from app.simulation.scenario import Scenario
from app.simulation.timeline import Timeline
from app.simulation.world import Person


def unavoidable(scenario: Scenario, timeline: Timeline, person: Person) -> int:
    """Days from entry to the end that no policy could save, were all points always open and empty."""
    entry = timeline.day(person.entered)
    done: dict[str, int] = {}
    good: dict[str, int] = {}
    for code in prerequisites_first({step.code: step.hard_prerequisites for step in scenario.steps}):
        step = scenario.step(code)
        terms = step.not_before_working_days_after
        after = [timeline.after_working_days(done[need], terms.get(need, 0)) for need in step.hard_prerequisites]
        day = max([entry, *after, *(good[need] for need in step.hard_prerequisites)])
        day += step.retake_after_days * sum(attempt.again for attempt in person.attempts.get(code, ()))
        done[code] = day
        good[code] = timeline.after_working_days(day, step.result_after_working_days)
    return max(done.values()) - entry


@dataclass
class Tally:
    """Of any number of runs of one policy: a number for each person, visit, or wait that was told."""

    runs: int = 0
    days: list[int] = field(default_factory=list)
    out: list[int] = field(default_factory=list)
    missed: int = 0
    unfinished: int = 0
    waited: list[float] = field(default_factory=list)
    walk_ins_waited: list[float] = field(default_factory=list)
    not_called: int = 0
    covered: list[bool] = field(default_factory=list)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    @property
    def mean_days(self) -> float:
        return _mean(self.days)

    @property
    def mean_missed(self) -> float:
        """In one run."""
        return self.missed / max(1, self.runs)

    @property
    def mean_out(self) -> float:
        return _mean(self.out)

    @property
    def wait_p95(self) -> float | None:
        """Of those who had booked, if anybody had."""
        return _quantile(self.waited, 0.95)

    @property
    def coverage(self) -> float | None:
        return _mean(self.covered) if self.covered else None

    @property
    def said(self) -> str:
        waited = "" if self.wait_p95 is None else f", 95 % wait less than {self.wait_p95:.1f} minutes"
        return f"{self.mean_days:.3f} days, {self.missed} deadlines missed, {self.mean_out:.2f} days out{waited}"

    def told(self) -> dict[str, Any]:
        """Every measure, rounded, by name and unit."""
        return {
            "days": round(self.mean_days, 3),
            "days_p90": _quantile(self.days, 0.9),
            "deadlines_missed": round(self.mean_missed, 1),
            "days_out": round(self.mean_out, 3),
            "wait_median_minutes": _rounded(_quantile(self.waited, 0.5)),
            "wait_p95_minutes": _rounded(self.wait_p95),
            "walk_in_wait_median_minutes": _rounded(_quantile(self.walk_ins_waited, 0.5)),
            "walk_in_wait_p95_minutes": _rounded(_quantile(self.walk_ins_waited, 0.95)),
            "not_called": round(self.not_called / max(1, self.runs), 1),
            "wait_p90_coverage": _rounded(self.coverage, 3),
            "unfinished": round(self.unfinished / max(1, self.runs), 1),
        }


def measured(life: Life) -> Tally:
    """A run that is over."""
    timeline, tally = life.timeline, Tally(runs=1)
    for journey in life.journeys:
        ended = timeline.end if journey.finished is None else journey.finished
        tally.unfinished += journey.finished is None
        less = unavoidable(life.scenario, timeline, journey.person)
        tally.days.append(timeline.day(ended) - journey.entry_day - less)
        tally.out.append(len(journey.days_out))
        tally.missed += missed(life, journey)
    for each in life.came:
        wait = max(0.0, each.gone - max(each.joined, each.booked or 0.0))
        (tally.walk_ins_waited if each.booked is None else tally.waited).append(wait)
        tally.not_called += each.called is None
    tally.covered = list(_covered(life.came))
    return tally


def missed(life: Life, journey: Journey) -> int:
    """Deadlines of one person."""
    timeline = life.timeline
    over = timeline.day(timeline.end) - 1
    return sum(
        (timeline.day(journey.done[step.code]) if step.code in journey.done else over) > deadline
        for step in life.scenario.steps
        if (deadline := journey.deadline(step)) is not None
    )


def _covered(came: Iterable[Came]) -> Iterable[bool]:
    for each in came:
        if each.told is None:
            continue
        likely = each.told[1]
        if each.left and each.gone - each.joined < likely:
            continue
        waited = inf if each.called is None else each.called - each.joined
        yield waited <= likely


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if len(values) else 0.0


def _quantile(values: Sequence[float], share: float) -> float | None:
    return float(np.quantile(values, share)) if len(values) else None


def _rounded(value: float | None, digits: int = 1) -> float | None:
    return None if value is None else round(value, digits)
