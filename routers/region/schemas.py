"""Wire types of the region's figures. Every number is of ten people or more, rounded to five; empty lists of values
mean that the people of a row were not told apart by that.
"""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from app.domain.disclosure.opening import K
from app.domain.disclosure.rounding import BASE
from app.domain.figures.dashboards import KPIS, Unknown
from app.domain.figures.periods import Family
from routers.schemas import In, Out

Codes = list[str]
Spans = list[tuple[float, float, int]]
KPI = "|".join(KPIS)


class FunnelRowOut(Out):
    """`weeks` after they came so many people stood before one of these steps; `all`: had done everything."""

    weeks: int
    kinds: Codes
    stages: Codes
    people: int


class FinishRowOut(Out):
    """Days from entry to the last step, as they lie in `spans`: from, to, people."""

    kinds: Codes
    people: int
    finished: int
    median_days: float | None
    p90_days: float | None
    spans: Spans


class DeadlineRowOut(Out):
    """Counts, never people: `at_risk` of a deadline two weeks ahead, when three weeks here; `missed`: after five."""

    entered_on: date
    kinds: Codes
    people: int
    at_risk: int | None
    at_risk_of: int
    missed: int | None
    missed_of: int


class HourRowOut(Out):
    """Visits that took place, and waits in minutes, `timed` of them measured. Hours are local, of 24."""

    municipalities: Codes
    points: Codes
    services: Codes
    hours: Codes
    visits: int
    timed: int
    median_wait: float | None
    p90_wait: float | None


class PlaceRowOut(Out):
    """`missed` of the `told` visits did not take place; `load` is the part of the counters' time that they fill."""

    municipalities: Codes
    points: Codes
    visits: int
    told: int
    missed: int
    missed_share: float | None
    median_wait: float | None
    p90_wait: float | None
    load: float | None


class BottleneckOut(Out):
    """A place or a service that is overloaded."""

    points: Codes
    services: Codes
    why: Codes
    visits: int
    load: float | None
    p90_wait: float | None


class SupplyRowOut(Out):
    """By occupation (major groups of ISCO-08): who began to be allowed to work in a week, and who was at its end."""

    week: date
    rights: Codes
    occupations: Codes
    began: int
    allowed: int


class FlowRowOut(Out):
    month: date
    origins: Codes
    destinations: Codes
    people: int


class BaselineOut(Out):
    year: int
    value: float
    source: str
    set_at: datetime


class KpiOut(Out):
    """`change` against the baseline year, as a part of it; `lower`: less is better. Without a value `unknown` says why:
    `too_few` people so far, or `not_recorded` at all.
    """

    kpi: str
    value: float | None
    unknown: Unknown | None
    unit: str
    lower: bool
    baseline: BaselineOut | None
    change: float | None


class Figures(Out):
    """What holds of every figure: nobody is told of in a group of fewer people than `least`."""

    least: int = K
    rounded_to: int = BASE


class Funnel(Figures):
    items: list[FunnelRowOut]


class FinishTimes(Figures):
    items: list[FinishRowOut]


class Deadlines(Figures):
    items: list[DeadlineRowOut]


class Load(Figures):
    items: list[HourRowOut]


class Places(Figures):
    items: list[PlaceRowOut]


class Bottlenecks(Figures):
    items: list[BottleneckOut]


class LabourSupply(Figures):
    items: list[SupplyRowOut]


class Flows(Figures):
    items: list[FlowRowOut]


class Kpis(Figures):
    items: list[KpiOut]


class CellOut(Out):
    """`where`: what is known of everybody in it. `count` of people, and of visits in `visits`."""

    family: Family
    starts_on: date
    ends_on: date
    release: int
    where: dict[str, Codes]
    count: int


class Cells(Figures):
    items: list[CellOut]


class BaselineIn(In):
    """`source`: where the figure is from, in words."""

    kpi: Annotated[str, Field(pattern=f"^({KPI})$", examples=["legalisation_days"])]
    year: Annotated[int, Field(ge=1990, le=2200)]
    value: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
    source: Annotated[str, Field(min_length=3, max_length=200)]


class ReleaseOut(Out):
    """When a period was told, on which ground people's data were counted for it, and in how many cells."""

    family: Family
    starts_on: date
    ends_on: date
    release: int
    told_at: datetime
    cells: int
    ground: str


class Releases(Figures):
    items: list[ReleaseOut]
