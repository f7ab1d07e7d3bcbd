"""From which day a step's result may be counted on: known, or told by the days of the visits it waits for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from app.domain.pathways.calendar import Term, Unit, WorkCalendar, add_working_days, due
from app.domain.pathways.events import Source
from app.domain.pathways.pathway import Pathway, Step, StepStatus
from app.domain.routing.journey import Advice, Given, Need

HOLDS = frozenset({StepStatus.DONE, StepStatus.EXPIRING})
_NEXT_DAY = Term(1, Unit.DAYS)
Path = tuple[Term, ...]
"""Terms that run one after another from the day of a visit."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Not before `fixed` (None: nobody knows), nor before each path from the day of a task (its code) has run."""

    fixed: date | None
    after: tuple[tuple[str, Path], ...] = ()


class Readiness:
    """Of one person's steps. `tasks`: step → code of the task that it is in this journey."""

    def __init__(
        self, pathway: Pathway, tasks: Mapping[str, str], first: date, last: date, calendar: WorkCalendar
    ) -> None:
        self._steps = {step.code: step for step in pathway.steps}
        self._tasks, self._first, self._last, self._calendar = tasks, first, last, calendar
        self._known: dict[str, Ready] = {}
        self._counted: dict[str, Ready] = {}

    def needs(self, code: str, *, renewal: bool) -> Iterator[Need | Given]:
        """What it means for a task that it needs `code` first. A result that holds will do, unless both are renewed."""
        step = self._steps.get(code)
        if step is None:
            return
        if step.status in HOLDS and not (renewal and code in self._tasks):
            ready, ends = self._result(step), step.valid_until
            if ready > self._first or (ends is not None and ends < self._last):
                yield Given(code, ready, ends)
            return
        if code in self._tasks:
            good = self._days((step.rule.validity,)) if step.rule.validity else None
            ends_soon = good is not None and min(good.values()) < self._last
            yield Need(self._tasks[code], self._days(_wait(step)), good if ends_soon else None)
            return
        yield from self._of_word(code)

    def advice(self, code: str, minutes: int) -> Advice | None:
        """What it means for a task that `code` is advised first; None if it is as advised whatever is planned.

        A step without a visit that waits for visits is not held against anybody: it is done as soon as they are.
        """
        step = self._steps.get(code)
        if step is None:
            return None
        if code in self._tasks and step.status not in HOLDS:
            return Advice(self._tasks[code], minutes)
        ready = self.ready(code)
        if ready.after or (ready.fixed is not None and ready.fixed <= self._first):
            return None
        return Advice(code, minutes, ready.fixed)

    def _of_word(self, code: str) -> Iterator[Need | Given]:
        """For a step without a visit: its own day, and the days after the visits that it waits for."""
        ready = self.ready(code)
        self._counted[code] = ready
        if ready.fixed is None or ready.fixed > self._first:
            yield Given(code, ready.fixed)
        for task, path in ready.after:
            yield Need(task, self._days(path))

    def counted_on(self) -> Iterator[tuple[Step, Ready]]:
        """Steps without a visit that some task waits for, in the order of the pathway."""
        counted = set(self._counted)
        for code in reversed(self._steps):  # who waits stands behind what it waits for
            if code in counted:
                counted |= {other for other in self._steps[code].rule.hard if self._by_word(other)}
        for code, step in self._steps.items():
            if code in counted:
                yield step, self.ready(code)

    def _by_word(self, code: str) -> bool:
        step = self._steps.get(code)
        return step is not None and step.status not in HOLDS and code not in self._tasks

    def ready(self, code: str) -> Ready:
        if code not in self._known:
            self._known[code] = self._ready(self._steps[code])
        return self._known[code]

    def _ready(self, step: Step) -> Ready:
        if step.code in self._tasks and step.status not in HOLDS:
            return Ready(self._first, ((self._tasks[step.code], _wait(step)),))
        if step.status in HOLDS:
            return Ready(self._result(step))
        if step.rule.service is not None:
            return Ready(None)  # a visit that is not planned here
        before = [self.ready(other) for other in step.rule.hard if other in self._steps]
        paths = [(task, path) for each in before for task, path in each.after]
        known = [each.fixed for each in before if each.fixed is not None]
        if len(known) < len(before):
            return Ready(None)
        begins = max([self._first, *known, *([step.not_before] if step.not_before else [])])
        return Ready(
            self._after(self._done(step, begins), _wait(step)),
            tuple((task, (*path, step.rule.takes or _NEXT_DAY, *_wait(step))) for task, path in paths),
        )

    def _done(self, step: Step, begins: date) -> date:
        """The day by which others are assumed to have done it: as long as it takes, else its deadline."""
        if step.rule.takes is not None:
            return due(begins, step.rule.takes, self._calendar)
        if step.deadline is not None and step.deadline > begins:
            return step.deadline
        return begins + timedelta(days=1)

    def _result(self, step: Step) -> date:
        """The day from which the result of a step that holds is there."""
        if step.done_on is None or step.source is Source.DOCUMENT:
            return step.done_on or self._first
        return add_working_days(step.done_on, step.rule.result_after_working_days, self._calendar)

    def _after(self, day: date, path: Path) -> date:
        for term in path:
            day = due(day, term, self._calendar)
        return day

    def _days(self, path: Path) -> Mapping[date, date]:
        return table(self._first, self._last, path, self._calendar)


def _wait(step: Step) -> Path:
    days = step.rule.result_after_working_days
    return (Term(days, Unit.WORKING_DAYS),) if days else ()


@lru_cache(maxsize=1024)
def table(first: date, last: date, path: Path, calendar: WorkCalendar) -> Mapping[date, date]:
    """For each day from `first` to `last` the day on which the terms have run, one after another, from it."""
    found = {}
    for number in range((last - first).days + 1):
        day = ends = first + timedelta(days=number)
        for term in path:
            ends = due(ends, term, calendar)
        found[day] = ends
    return found
