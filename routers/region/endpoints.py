"""The operator's dashboards: where people are stuck, without watching anyone. All of it from released cells."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, status

from app.domain.audit.purpose import Purpose
from app.domain.identity.caller import Role
from routers.deps import Anyone, Callers, Operator, ReadingUow, WritingUow
from routers.idempotency import KeepingRoute
from routers.problems import problems
from routers.region.schemas import (
    BaselineIn,
    BottleneckOut,
    Bottlenecks,
    CellOut,
    Cells,
    DeadlineRowOut,
    Deadlines,
    FinishRowOut,
    FinishTimes,
    FlowRowOut,
    Flows,
    Funnel,
    FunnelRowOut,
    HourRowOut,
    KpiOut,
    Kpis,
    LabourSupply,
    Load,
    PlaceRowOut,
    Places,
    ReleaseOut,
    Releases,
    SupplyRowOut,
)
from services.region import queries
from services.region.commands import state_baseline

router = APIRouter(prefix="/v1", tags=["region"], route_class=KeepingRoute)
ByOperator = Depends(Callers(Role.REGION_OPERATOR))
Weeks = Annotated[int, Query(ge=1, le=53)]
"""So many whole weeks, up to the last that has ended."""
Months = Annotated[int, Query(ge=1, le=24)]


@router.get("/region/funnel", dependencies=[ByOperator], responses=problems())
async def funnel(uow: ReadingUow, weeks: Weeks = 13) -> Funnel:
    """How far those have got who came in these weeks: three, five and thirteen weeks later."""
    return Funnel(items=[FunnelRowOut.model_validate(row) for row in await queries.funnel(uow, weeks)])


@router.get("/region/finish-times", dependencies=[ByOperator], responses=problems())
async def finish_times(uow: ReadingUow, weeks: Weeks = 13) -> FinishTimes:
    """Days to the last step, of those who came in as many weeks and have had thirteen since."""
    return FinishTimes(items=[FinishRowOut.model_validate(row) for row in await queries.finish_times(uow, weeks)])


@router.get("/region/deadlines", dependencies=[ByOperator], responses=problems())
async def deadlines(uow: ReadingUow, weeks: Weeks = 13) -> Deadlines:
    """How many missed a deadline, or are about to: as counts, by the week in which they came."""
    return Deadlines(items=[DeadlineRowOut.model_validate(row) for row in await queries.deadlines(uow, weeks)])


@router.get("/region/load", dependencies=[ByOperator], responses=problems())
async def load(uow: ReadingUow, weeks: Weeks = 4) -> Load:
    """Visits and waits by point, service and hour of the day."""
    return Load(items=[HourRowOut.model_validate(row) for row in await queries.load_by_hour(uow, weeks)])


@router.get("/region/places", dependencies=[ByOperator], responses=problems())
async def places(uow: ReadingUow, weeks: Weeks = 4) -> Places:
    """Load, waits and no-shows of each point."""
    return Places(items=[PlaceRowOut.model_validate(row) for row in await queries.places_of(uow, weeks)])


@router.get("/region/bottlenecks", dependencies=[ByOperator], responses=problems())
async def bottlenecks(uow: ReadingUow, weeks: Weeks = 4) -> Bottlenecks:
    """Problem zones: places and services where too much is asked of too few counters. Never groups of people."""
    return Bottlenecks(items=[BottleneckOut.model_validate(row) for row in await queries.bottlenecks(uow, weeks)])


@router.get("/region/labour-supply", dependencies=[ByOperator], responses=problems())
async def labour_supply(uow: ReadingUow, weeks: Weeks = 13) -> LabourSupply:
    """Who may work, by right and occupation, week by week."""
    return LabourSupply(items=[SupplyRowOut.model_validate(row) for row in await queries.supply(uow, weeks)])


@router.get("/region/flows", dependencies=[ByOperator], responses=problems())
async def flows(uow: ReadingUow, months: Months = 3) -> Flows:
    """Between municipalities: where people had their visits of a month, and the ones before."""
    return Flows(items=[FlowRowOut.model_validate(row) for row in await queries.flows(uow, months)])


@router.get("/region/kpis", dependencies=[ByOperator], responses=problems())
async def kpis(uow: ReadingUow, weeks: Weeks = 53) -> Kpis:
    """Measures of success against a year before."""
    return Kpis(
        items=[
            KpiOut(
                **{name: getattr(each.measured, name) for name in ("kpi", "value", "unknown", "unit", "lower")},
                baseline=each.baseline,
                change=each.change,
            )
            for each in await queries.kpis(uow, weeks)
        ]
    )


@router.post("/region/baselines", status_code=status.HTTP_204_NO_CONTENT, responses=problems())
async def state_region_baseline(body: BaselineIn, uow: WritingUow, caller: Operator) -> None:
    """What a figure was in the year that the region measures itself by. The newest statement counts."""
    await state_baseline(uow, caller, kpi=body.kpi, year=body.year, value=body.value, source=body.source)


@router.get("/region/cells", dependencies=[ByOperator], responses=problems())
async def cells(uow: ReadingUow, weeks: Weeks = 4) -> Cells:
    """Everything that was told of these weeks: no dashboard, report or export holds more than can be made of it."""
    return Cells(
        items=[
            CellOut(
                family=family,
                starts_on=told.starts_on,
                ends_on=told.ends_on,
                release=told.release,
                where={name: list(values) for name, values in cell.where.items()},
                count=cell.count,
            )
            for family, told in await queries.released(uow, weeks)
            for cell in told.cells
        ]
    )


@router.get("/figures/releases", dependencies=[Anyone], responses=problems(signed_in=False))
async def figure_releases(uow: ReadingUow, weeks: Weeks = 13) -> Releases:
    """For everybody: what was counted of the people here, when, and on which ground."""
    return Releases(
        items=[
            ReleaseOut(
                family=family,
                starts_on=told.starts_on,
                ends_on=told.ends_on,
                release=told.release,
                told_at=told.told_at,
                cells=len(told.cells),
                ground=Purpose.STATISTICS.ground,
            )
            for family, told in await queries.released(uow, weeks)
        ]
    )
