"""What the planner answers: itineraries, why each, and what stands in the way of what cannot be had."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Visit(NamedTuple):
    """A task at a point (a row in the tables of travel), from tick `start` for `ticks`."""

    code: str
    point: int
    day: date
    start: int
    ticks: int


class Cost(NamedTuple):
    """What itineraries are compared by, in this order: less is better.

    `lost`: kept visits that cannot stand; `unplaced`: all tasks without a place; `missed`: deadlines, those of unplaced
    tasks too; `days_late` in total, of placed tasks; `completion`: the day of the last visit; `outings`: days out;
    `minutes`: travel, with what broken advice counts for.
    """

    lost: int
    unplaced: int
    missed: int
    days_late: int
    completion: date
    outings: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Outing:
    """A day out, from home and back. `leaves` and `back` in ticks, `minutes` of travel in all."""

    day: date
    visits: tuple[Visit, ...]
    leaves: int
    back: int
    minutes: int


class Reason(StrEnum):
    """What an itinerary is offered for."""

    BEST = "best"
    """First in the declared order: deadlines, then the earliest end, then few days out, then little travel."""
    FEWER_OUTINGS = "fewer_outings"
    LESS_TRAVEL = "less_travel"
    OTHER_DAYS = "other_days"
    """On none of the days of the best, kept visits apart."""


@dataclass(frozen=True, slots=True)
class Why:
    """The reason, and numbers beside the best itinerary; negative where it has more days out or more travel."""

    reason: Reason
    outings_saved: int = 0
    minutes_saved: int = 0
    days_later: int = 0


class Obstacle(StrEnum):
    """Why a deadline cannot be met, or a task has no place at all. `Obstructed.by` names the other task, if any."""

    PAST = "past"
    """The deadline lies before the first day that is planned."""
    NOT_ALLOWED_YET = "not_allowed_yet"
    """The task may not be done before its own earliest day (a retake, an entry)."""
    PREREQUISITE_UNPLACED = "prerequisite_unplaced"
    """`by` has no place itself, or nobody knows when it will be done."""
    RESULT_TOO_LATE = "result_too_late"
    """The result of `by` comes too late."""
    RESULT_ENDS = "result_ends"
    """The result of `by` ends before a place is free."""
    NO_PLACE = "no_place"
    """No point has a place free on the days left."""
    TOO_FAR = "too_far"
    """Places are free, but only farther than the person would go."""
    FREE_HOURS = "free_hours"
    """Places are free, but not in the person's free hours."""
    CLASH = "clash"
    """Only together with `by` on one day, for which there is no time."""


@dataclass(frozen=True, slots=True)
class Obstructed:
    """A task that is late or has no place. `from_day`: the first day on which nothing but places stood in its way.

    `days_late` is None if it has no place.
    """

    code: str
    deadline: date | None
    days_late: int | None
    obstacle: Obstacle
    by: str | None = None
    from_day: date | None = None


@dataclass(frozen=True, slots=True)
class Itinerary:
    """Days out in order. `missed`: the deadlines that it cannot meet; `broken`: (task, advised prerequisite)."""

    outings: tuple[Outing, ...]
    cost: Cost
    why: Why
    missed: tuple[Obstructed, ...] = ()
    broken: tuple[tuple[str, str], ...] = ()

    @property
    def visits(self) -> tuple[Visit, ...]:
        return tuple(visit for outing in self.outings for visit in outing.visits)


@dataclass(frozen=True, slots=True)
class Plan:
    """Up to three itineraries, the best first; none if no task has a place. `unplaced`: tasks that have none in any."""

    itineraries: tuple[Itinerary, ...]
    unplaced: tuple[Obstructed, ...] = ()


class Fault(StrEnum):
    """A hard rule that visits break."""

    UNKNOWN = "unknown"
    TWICE = "twice"
    NOT_FREE = "not_free"
    NOT_ALLOWED_YET = "not_allowed_yet"
    PREREQUISITE = "prerequisite"
    RESULT_ENDED = "result_ended"
    CLASH = "clash"
    FREE_HOURS = "free_hours"
    TOO_MANY = "too_many"
    TOO_FAR = "too_far"


class Violation(NamedTuple):
    """A task that breaks a rule, and the other one that it breaks it with."""

    fault: Fault
    code: str
    other: str | None = None
