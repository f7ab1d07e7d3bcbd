"""How far one person has come, whatever the policy."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf

from simpy import Environment, Resource

from app.simulation.ledger import Place, Site
from app.simulation.parts import Step
from app.simulation.scenario import Scenario
from app.simulation.timeline import Timeline
from app.simulation.world import Attempt, Person


@dataclass(eq=False, slots=True)
class Visit:
    """A visit to come or under way. `place`: booked; None for somebody who walks in. `made`: when it was
    booked or thought of; `day` and `target`: when they mean to come.

    `number` tells bookings apart. `left_home`: nothing can be changed any more.
    """

    number: int
    step: str
    site: Site
    place: Place | None
    made: float
    day: int
    target: float
    attempt: Attempt
    left_home: bool = False
    cancelled: bool = False

    @property
    def booking(self) -> tuple[float, int, str] | None:
        return None if self.place is None else (self.place.starts, self.number, self.step)


@dataclass(eq=False)
class Journey:
    """`done`: minute at which each step was done; `good`: from when on it counts for the steps that wait for it.

    `not_before`: minute before which a step is not tried again, or by someone who did not come not booked again
    (`away`). `tried`: attempts used. `days_out`: on which they went to a point.
    """

    env: Environment
    scenario: Scenario
    timeline: Timeline
    person: Person
    done: dict[str, float] = field(default_factory=dict)
    good: dict[str, float] = field(default_factory=dict)
    not_before: dict[str, float] = field(default_factory=dict)
    away: dict[str, float] = field(default_factory=dict)
    tried: dict[str, int] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    days_out: set[int] = field(default_factory=set)
    answers: int = 0
    last: tuple[Site, float] | None = None
    finished: float | None = None

    def __post_init__(self) -> None:
        self.busy = Resource(self.env)

    @property
    def entry_day(self) -> int:
        return self.timeline.day(self.person.entered)

    def attempt(self, step: str) -> Attempt:
        """The next one."""
        return self.person.attempts[step][self.tried.get(step, 0)]

    def open_steps(self) -> Iterable[Step]:
        """Visits that are not done, in the listed order."""
        return (step for step in self.scenario.visits if step.code not in self.done)

    def unblocked(self, step: Step) -> float:
        """From when on the hard prerequisites allow the step, as is known now; infinite while one is not done."""
        allowed = self.person.entered
        for code in step.hard_prerequisites:
            if code not in self.done:
                return inf
            allowed = max(allowed, self.good[code], self.term(step, code))
        return allowed

    def term(self, step: Step, code: str) -> float:
        """When the term of working days after a prerequisite that is done has run."""
        days = step.not_before_working_days_after.get(code, 0)
        done = self.done[code]
        return self.timeline.midnight(self.timeline.after_working_days(self.timeline.day(done), days)) if days else done

    def deadline(self, step: Step) -> int | None:
        """The last day in time."""
        if step.deadline is None:
            return None
        if step.deadline.days is not None:
            return self.entry_day + step.deadline.days
        return self.timeline.after_working_days(self.entry_day, step.deadline.working_days or 0)

    def needed_by(self, code: str) -> int | None:
        """The earliest deadline of the step and of those that wait for it."""
        found = {code}
        for _ in self.scenario.steps:
            found |= {step.code for step in self.scenario.steps if found & {*step.hard_prerequisites}}
        days = [day for other in found if (day := self.deadline(self.scenario.step(other))) is not None]
        return min(days, default=None)

    def says_yes(self, chance: float) -> bool:
        """Their answer to the next offer."""
        answers = self.person.answers
        self.answers += 1
        return answers[(self.answers - 1) % len(answers)] < chance
