"""What is told of the region. Everything here is made of released cells alone: `app/decisions/0029-region.md`.

A release never changes, so what is made of releases is kept in the memory of the process until there is a newer one.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.pool import Pool as Connections

from app.db.unit_of_work import Reading
from app.domain.disclosure.opening import Cell
from app.domain.figures import dashboards, places
from app.domain.figures.dashboards import DeadlineRow, FinishRow, FlowRow, FunnelRow, Measured, SupplyRow
from app.domain.figures.periods import WEEK, Family
from app.domain.figures.places import Bottleneck, HourRow, PlaceRow
from app.domain.figures.told import Told
from services.points.queries import all_points
from services.region import repository
from services.region.releasing import cells_from, since_weeks

T = TypeVar("T")
_KEPT = 200
_NEWEST = "services.region.newest"
_kept: WeakKeyDictionary[Connections, OrderedDict[tuple[Any, ...], Any]] = WeakKeyDictionary()
LONGEST_RIGHT = 54
"""Weeks after which no right to work that was told is counted on."""


async def told(uow: Reading, family: Family, since: date, until: date) -> list[Told]:
    """The periods of a family that begin from `since` on and before `until`, the oldest first, each as it was told
    last.
    """
    newest: dict[date, Told] = {}
    for row in await repository.releases(uow, family, since, until):
        newest[row.starts_on] = Told(row.starts_on, row.ends_on, row.release, row.told_at, cells_from(row.cells))
    return list(newest.values())


async def told_weeks(uow: Reading, family: Family, weeks: int, *, back: int = 0) -> list[Told]:
    """Those of the last so many weeks before the current one; `back`: before so many weeks ago."""
    until = since_weeks(uow.region.day_of(uow.now), back)
    return await _known(uow, ("told", family, until, weeks), lambda: told(uow, family, until - weeks * WEEK, until))


async def funnel(uow: Reading, weeks: int) -> list[FunnelRow]:
    """How far those got who came in the last so many weeks."""
    found = await told_weeks(uow, Family.JOURNEYS, weeks)
    return await _made(uow, ("funnel", weeks), lambda: dashboards.funnel(found))


async def finish_times(uow: Reading, weeks: int) -> list[FinishRow]:
    """Days to the last step, of those who came in so many weeks and have had thirteen since."""
    found = await told_weeks(uow, Family.JOURNEYS, weeks, back=13)
    return await _made(uow, ("finish", weeks), lambda: dashboards.finish_times(found))


async def deadlines(uow: Reading, weeks: int) -> list[DeadlineRow]:
    """Missed and at risk, by week of entry."""
    found = await told_weeks(uow, Family.JOURNEYS, weeks)
    return await _made(uow, ("deadlines", weeks), lambda: dashboards.deadlines(found))


async def load_by_hour(uow: Reading, weeks: int) -> list[HourRow]:
    """Visits and waits of points, services and hours."""
    found = await told_weeks(uow, Family.VISITS, weeks)
    return await _made(uow, ("hours", weeks), lambda: places.by_hour(found))


async def places_of(uow: Reading, weeks: int) -> list[PlaceRow]:
    """Load, waits and no-shows of points."""

    async def make() -> list[PlaceRow]:
        found = await told_weeks(uow, Family.VISITS, weeks)
        until = since_weeks(uow.region.day_of(uow.now), 0)
        open_minutes = {
            code: ticks * 5 for code, ticks in await repository.capacity(uow, until - weeks * WEEK, until) if ticks
        }
        return places.by_place(found, await repository.minutes(uow), open_minutes)

    return await _known(uow, ("places", weeks, uow.region.day_of(uow.now)), make)


async def bottlenecks(uow: Reading, weeks: int) -> list[Bottleneck]:
    """Overloaded places and services: never people."""
    found = await told_weeks(uow, Family.VISITS, weeks)
    rows, hours = await places_of(uow, weeks), await load_by_hour(uow, weeks)
    return await _made(uow, ("bottlenecks", weeks), lambda: places.bottlenecks(rows, hours, found))


async def supply(uow: Reading, weeks: int) -> list[SupplyRow]:
    """Who may work, by week: the last one is now."""
    found = await told_weeks(uow, Family.PERMITS, weeks + LONGEST_RIGHT)
    since = since_weeks(uow.region.day_of(uow.now), weeks)
    return await _made(uow, ("supply", weeks), lambda: dashboards.supply(found, since))


async def flows(uow: Reading, months: int) -> list[FlowRow]:
    """Between municipalities, by the visits of those who had some in both."""
    today = uow.region.day_of(uow.now)
    since = today.replace(day=1)
    for _ in range(months):
        since = (since - timedelta(days=1)).replace(day=1)
    found = await _known(uow, ("moves", since, today.replace(day=1)), lambda: told(uow, Family.MOVES, since, today))
    return await _made(uow, ("flows", months), lambda: dashboards.flows(found))


@dataclass(frozen=True, slots=True)
class Baseline:
    """A figure of the year that the region measures itself by, and where it is from."""

    year: int
    value: float
    source: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Kpi:
    """`measured` over the last weeks, beside the baseline, if one is stated; `change`: by which part it differs."""

    measured: Measured
    baseline: Baseline | None

    @property
    def change(self) -> float | None:
        if self.measured.value is None or self.baseline is None or not self.baseline.value:
            return None
        return round(self.measured.value / self.baseline.value - 1, 4)


async def kpis(uow: Reading, weeks: int) -> list[Kpi]:
    """Measures of success over so many weeks, against a year before."""
    journeys = await told_weeks(uow, Family.JOURNEYS, weeks, back=13)
    newcomers = await told_weeks(uow, Family.JOURNEYS, weeks)
    visits = await _visits_of(uow, weeks)
    permits = await told_weeks(uow, Family.PERMITS, weeks)
    measured = await _made(uow, ("kpis", weeks), lambda: dashboards.kpis(journeys, newcomers, visits, permits))
    stated = {row.kpi: Baseline(row.year, row.value, row.source, row.set_at) for row in await repository.baselines(uow)}
    return [Kpi(each, stated.get(each.kpi)) for each in measured]


async def _visits_of(uow: Reading, weeks: int) -> list[Told]:
    """All visits of the last so many weeks as if they were told of one period, by outcome and service alone."""
    until = since_weeks(uow.region.day_of(uow.now), 0)
    since = until - weeks * WEEK

    async def add_up() -> list[Told]:
        cells = []
        for outcomes, services, count in await repository.visits_told(uow, since, until):
            known = {"outcome": outcomes, "service": services}
            cells.append(Cell({name: tuple(values) for name, values in known.items() if values is not None}, count))
        return [Told(since, until, 0, uow.now, cells)]

    return await _known(uow, ("visits by service", weeks, until), add_up)


@dataclass(frozen=True, slots=True)
class PointPlace:
    """A point of the region, as everybody may know it: its names and place (degrees, WGS 84)."""

    code: str
    kind: str
    name: dict[str, str]
    municipality: dict[str, str]
    lat: float
    lon: float


async def point_places(uow: Reading) -> list[PointPlace]:
    """For maps and tables: where the points are that cells name, and what they are called."""
    return [PointPlace(p.code, p.kind, p.name, p.municipality, p.lat, p.lon) for p, _ in await all_points(uow, None)]


async def _version(uow: Reading) -> int:
    """Which release is the newest, asked once in a unit of work."""
    if _NEWEST not in uow.memo:
        uow.memo[_NEWEST] = await repository.newest(uow)
    version: int = uow.memo[_NEWEST]
    return version


async def _made(uow: Reading, key: tuple[Any, ...], make: Callable[[], T]) -> T:
    async def at_once() -> T:
        return make()

    until = since_weeks(uow.region.day_of(uow.now), 0)
    return await _known(uow, (*key, until), at_once)


async def _known(uow: Reading, key: tuple[Any, ...], make: Callable[[], Awaitable[T]]) -> T:
    """From memory, unless something was told since."""
    kept = _kept.setdefault(uow.opened.pool, OrderedDict())
    whole = (*key, await _version(uow))
    if whole not in kept:
        kept[whole] = await make()
        while len(kept) > _KEPT:
            kept.popitem(last=False)
    kept.move_to_end(whole)
    found: T = kept[whole]
    return found


async def released(uow: Reading, weeks: int) -> Sequence[tuple[Family, Told]]:
    """Every cell that was told of the last so many weeks: what an export may hold, and all that there is to know."""
    until = uow.region.day_of(uow.now)
    return [(family, each) for family in Family for each in await told(uow, family, since_weeks(until, weeks), until)]
