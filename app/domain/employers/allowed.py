"""From when somebody may work for a company here: by what their papers say, or else by how their pathway is planned.

What is planned is reckoned from the visits that are booked, the law's own terms and how long the region's points take.
Who the person is does not enter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain.employers.law import EmploymentLaw, Right
from app.domain.matching.certainty import SURE, PlannedStep, Taken, outlook
from app.domain.matching.terms import MayWork
from app.domain.pathways.calendar import WorkCalendar, add_working_days, due
from app.domain.pathways.events import Source
from app.domain.pathways.pathway import Pathway, Step, StepStatus

MOST_EXPECTED = 99
"""Per cent: sure is only what papers say."""
_HOLDS = frozenset({StepStatus.DONE, StepStatus.EXPIRING})
_ALL = ""
"""Stands for all that the right needs."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """As `MayWork` has it. `names_work`: for the occupations that the permit names."""

    since: date | None = None
    until: date | None = None
    sure: int = 100
    names_work: bool = False

    def to_do(self, permitted: frozenset[str]) -> MayWork:
        """`permitted`: the occupations that the person's permit names; empty: it names none, or is not there yet."""
        return MayWork(self.since, self.until, self.sure, permitted if self.names_work and permitted else None)


@dataclass(frozen=True, slots=True)
class Ground:
    """What it is reckoned on. `visits`: the day of each visit that is booked, by its step. `points`: by step, how many
    days after the first visit points had it done, for others.
    """

    law: EmploymentLaw
    calendar: WorkCalendar
    day: date
    visits: Mapping[str, date] = field(default_factory=dict)
    points: Mapping[str, Sequence[int]] = field(default_factory=dict)


def allowed(pathway: Pathway, ground: Ground) -> Allowed:
    """Of somebody on that pathway; nothing at all where no right that is in force takes it."""
    right = ground.law.right_on(pathway.kind.id, ground.day)
    steps = {step.code: step for step in pathway.steps}
    if right is None or not set(right.steps) <= steps.keys():
        return Allowed()
    needed = [code for code in (*right.steps, *right.kept_by) if code in steps]
    held = [steps[code] for code in needed if steps[code].status in _HOLDS]
    ends = [step.valid_until for step in held if step.code in right.steps and step.valid_until]
    if len(held) == len(needed):
        since = max((_given(step, ground) for step in held), default=ground.day)
        return Allowed(since, min(ends, default=None), names_work=right.names_work)
    if _lapsed(right, steps, ground.day):
        return Allowed()
    planned = [_planned(step, steps, ground) for step in steps.values()]
    whole = PlannedStep(_ALL, ground.day, Taken(0), after=tuple(needed))
    expected = outlook([*planned, whole], _ALL, ground.day)
    since = expected.day(SURE)
    sure = min(expected.by(since), MOST_EXPECTED)
    return Allowed(since, min(ends, default=None), sure, right.names_work)


def _lapsed(right: Right, steps: Mapping[str, Step], today: date) -> bool:
    """Whether what keeps the right has ended while there was one: it does not come back by itself."""
    there = all(steps[code].status in _HOLDS for code in right.steps)
    ends = [steps[code].valid_until for code in right.kept_by if code in steps]
    return there and any(last is not None and last < today for last in ends)


def _given(step: Step, ground: Ground) -> date:
    """The day from which a result that holds is there."""
    if step.done_on is None:
        return ground.day
    if step.source is Source.DOCUMENT:
        return step.done_on
    return add_working_days(step.done_on, step.rule.result_after_working_days, ground.calendar)


def _planned(step: Step, steps: Mapping[str, Step], ground: Ground) -> PlannedStep:
    if step.status in _HOLDS:
        return PlannedStep(step.code, ground.day, Taken(0), done=_given(step, ground))
    after = tuple(code for code in step.rule.hard if code in steps)
    soonest = max(ground.day, step.not_before or ground.day)
    if step.rule.service is None:
        takes = (due(soonest, step.rule.takes, ground.calendar) - soonest).days if step.rule.takes else 1
        return PlannedStep(step.code, soonest, Taken(takes), after)
    visit = ground.visits.get(step.code, add_working_days(soonest, 1, ground.calendar))
    wait = (add_working_days(visit, step.rule.result_after_working_days, ground.calendar) - visit).days
    observed = tuple(wait + days for days in ground.points.get(step.code, ()))
    return PlannedStep(step.code, visit, Taken(wait, observed), after, again=1)
