"""What a scenario is made of. Times are minutes, days calendar days, coordinates degrees (WGS 84)."""

from datetime import time
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.domain.pathways.calendar import WorkCalendar
from app.domain.points.calendar import Hours
from app.domain.points.geo import Coordinates


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Share = Annotated[float, Field(ge=0, lt=1)]
Chance = Annotated[float, Field(ge=0, le=1)]
Days = Annotated[int, Field(ge=0)]
Minutes = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(gt=0)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class Burst(Part):
    """So many of the people enter on one day, counted from 0, beside those who come by the weekday."""

    day: Days
    people: Count


class Arrivals(Part):
    """`by_weekday`: relative weights, Monday first."""

    by_weekday: Annotated[tuple[Annotated[float, Field(ge=0)], ...], Field(min_length=7, max_length=7)]
    bursts: tuple[Burst, ...] = ()


class Home(Part):
    lat: Latitude
    lon: Longitude
    spread_km: Minutes
    share: Positive

    @property
    def at(self) -> Coordinates:
        return self.lat, self.lon


class Travel(Part):
    """The first 30 km of a way at one speed, what is beyond at the other, so that farther is never sooner."""

    kmh_under_30km: Positive
    kmh_over_30km: Positive
    fixed_minutes: Minutes


class Opening(Part):
    """Wall-clock hours, on the 5-minute grid of the ledger."""

    weekdays: tuple[time, time]
    break_: Annotated[tuple[time, time] | None, Field(alias="break")] = None
    saturday: tuple[time, time] | None = None
    saturday_kinds: frozenset[str] = frozenset()
    calendar: str

    @property
    def on_weekdays(self) -> tuple[Hours, ...]:
        opens, closes = self.weekdays
        if self.break_ is None:
            return (Hours(opens, closes),)
        return Hours(opens, self.break_[0]), Hours(self.break_[1], closes)

    @property
    def on_saturdays(self) -> tuple[Hours, ...]:
        return () if self.saturday is None else (Hours(*self.saturday),)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for earlier, later in pairwise(self.on_weekdays):
            if later.opens < earlier.closes:
                raise ValueError("the break ends before it begins")
        _ = self.on_saturdays
        WorkCalendar(self.calendar)
        return self


class Between(Part):
    """Whole days, both ends included, evenly spread."""

    min: Days
    max: Days

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.max < self.min:
            raise ValueError("max is below min")
        return self


class VisitMinutes(Part):
    """`cv` is the standard deviation over the mean."""

    mean: Positive
    cv: Minutes


class Outcome(Part):
    come_again: Share = 0.0


class Deadline(Part):
    """So many calendar or working days from entry; the day of entry is day 0."""

    days: Days | None = None
    working_days: Days | None = None
    from_: Annotated[Literal["entry"], Field(alias="from")]

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if (self.days is None) == (self.working_days is None):
            raise ValueError("either days or working_days")
        return self


class Step(Part):
    """Either a visit (`visit_minutes`) or something done elsewhere (`by`) within `done_after_days`."""

    code: str
    by: Literal["host", "online"] | None = None
    done_after_days: Between | None = None
    visit_minutes: VisitMinutes | None = None
    result_after_working_days: Days = 0
    outcome: Outcome = Outcome()
    retake_after_days: Days = 0
    hard_prerequisites: tuple[str, ...] = ()
    soft_prerequisites: dict[str, Minutes] = {}
    not_before_working_days_after: dict[str, Days] = {}
    deadline: Deadline | None = None

    @property
    def visited(self) -> bool:
        return self.visit_minutes is not None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.by is None) == (self.visit_minutes is None) or (self.by is None) != (self.done_after_days is None):
            raise ValueError("a step has either visit_minutes, or by and done_after_days")
        if late := set(self.not_before_working_days_after) - set(self.hard_prerequisites):
            raise ValueError(f"not_before_working_days_after {', '.join(sorted(late))}, which is no hard prerequisite")
        return self


class Point(Part):
    id: str
    kind: str
    services: Annotated[tuple[str, ...], Field(min_length=1)]
    lat: Latitude
    lon: Longitude
    counters: Count

    @property
    def at(self) -> Coordinates:
        return self.lat, self.lon


class Behaviour(Part):
    """`lateness_minutes`: normally distributed, below zero is early. `walk_in_share`: of the visits."""

    class Lateness(Part):
        mean: float
        sd: Minutes

    lateness_minutes: Lateness
    no_show: Share
    no_show_rebooks_after_days: Days
    walk_in_share: Chance
    walk_in_leaves_after_minutes: Positive
    accepts_a_reroute: Chance


class Incident(Part):
    """What befalls a point: `closed_days`; or on `days`, first and last included, counters fewer or slower work."""

    point: str
    closed_days: tuple[Days, ...] = ()
    days: tuple[Days, Days] | None = None
    slower: Positive = 1.0
    counters_minus: Days = 0

    def on(self, day: int) -> bool:
        return self.days is not None and self.days[0] <= day <= self.days[1]

    @model_validator(mode="after")
    def _has_days(self) -> Self:
        if (self.days is None) != (self.slower == 1 and not self.counters_minus):
            raise ValueError("days belong to slower or counters_minus, and those need days")
        if self.days is not None and self.days[1] < self.days[0]:
            raise ValueError("days end before they begin")
        return self
