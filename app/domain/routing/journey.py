"""What is to be planned: the visits still to make, where and when they are possible, and the person's own terms.

Time is in *ticks* of 5 minutes since the epoch (`ticks_of`), so that the change of clocks and half-hour zones need no
thought here; days are local dates. A point is a number: its row in the tables of travel.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

TICK_SECONDS = 300
TICK_MINUTES = 5
MOST_TASKS = 10
"""More visits than any pathway asks for; what is planned together grows with their subsets."""


def ticks_of(instant: datetime) -> int:
    """The tick in which an aware instant lies."""
    return int(instant.timestamp()) // TICK_SECONDS


class Openings(NamedTuple):
    """Free places of one service at a point on a day: where bit `i` of `mask` is set, a visit may start at tick
    `base + i` and then takes `ticks`. Capacity, grid, hours, party and the present moment have been applied.

    Places of different length (a family, one after another) are told by several of these. `mask` is not 0. A tuple,
    since a journey has thousands.
    """

    point: int
    base: int
    mask: int
    ticks: int


@dataclass(frozen=True, slots=True)
class Need:
    """A hard prerequisite that is itself a task of the journey.

    `ready`: the day of its visit → the first day on which the successor may be done; the same day means later on it.
    `good_until`: the day of its visit → the last day on which the successor may be done; None: no limit. A day that
    is missing from a table allows nothing. See `app.domain.routing.waits` for tables by the production calendar.
    """

    code: str
    ready: Mapping[date, date]
    good_until: Mapping[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A hard prerequisite that is done, or that others or the person do without a visit.

    `ready`: the first day on which the successor may be done; None: nobody knows, so it cannot be planned.
    """

    code: str
    ready: date | None
    good_until: date | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """A soft prerequisite: doing the successor before it, or without it, counts as so many `minutes` of travel.

    `code` is a task of the journey, or else something that is done from the day `ready` on (None: never).
    """

    code: str
    minutes: int
    ready: date | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A visit to make. `earliest`: no success before (a retake, an entry); `deadline`: the last day in time.

    `kept`: it is booked already and stays: its openings hold that one place. It may lie outside the free hours and
    limits of the journey, and needs no margin before or after another kept one; all other rules bind it.
    """

    code: str
    hard: tuple[Need | Given, ...] = ()
    soft: tuple[Advice, ...] = ()
    earliest: date | None = None
    deadline: date | None = None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class TravelTimes:
    """Whole minutes, rounded up: from home to each point, from each point home, and `between[from][to]`.

    They must obey the triangle inequality, as quickest ways do (rounding up keeps it). Where they do not, plans still
    keep every rule but may not be the best.
    """

    out: Sequence[int]
    back: Sequence[int]
    between: Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Journey:
    """Everything that the planner knows. Days from `first` to `last`, both included.

    `openings`: task → day → free places, of the points that the person would go to; those of a service may be shared
    by many journeys. `free`: for each day the stretches, in ticks with the end excluded, in one of which a whole day
    out must lie, from leaving home to being back; a day that is missing has none; None: any time. `margin`: minutes
    to spare between two visits of a day, beside the way. `most_visits` on one day; `most_minutes` from home to a
    point. Raises `ValueError` for prerequisites that are no tasks or wait for each other, for more than `MOST_TASKS`
    tasks, and for fewer than one visit a day.
    """

    first: date
    last: date
    tasks: tuple[Task, ...]
    openings: Mapping[str, Mapping[date, Sequence[Openings]]]
    travel: TravelTimes
    free: Mapping[date, Sequence[tuple[int, int]]] | None = None
    margin: int = 10
    most_visits: int = 4
    most_minutes: int | None = None

    def __post_init__(self) -> None:
        if self.most_visits < 1:
            raise ValueError("no visit a day is no journey")
        codes = {task.code for task in self.tasks}
        if len(codes) < len(self.tasks) or len(codes) > MOST_TASKS:
            raise ValueError(f"tasks must differ, and be no more than {MOST_TASKS}")
        graph = {task.code: [need.code for need in task.hard if isinstance(need, Need)] for task in self.tasks}
        if any(code not in codes for needs in graph.values() for code in needs):
            raise ValueError("a prerequisite that is no task must be given")
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            raise ValueError("prerequisites wait for each other") from error
