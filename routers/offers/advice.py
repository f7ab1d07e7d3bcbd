"""When to leave for a visit."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.errors import NotFound
from routers.deps import Migrant, ReadingUow, Run
from routers.idempotency import KeepingRoute
from routers.offers.schemas import Latitude, Longitude
from routers.points.schemas import local
from routers.problems import problems
from routers.queue.waits import WaitOut, wait_out
from routers.schemas import Out
from services.bookings.errors import NotMovable
from services.offers.advice import advice_for

router = APIRouter(prefix="/v1/bookings/{booking_id}", tags=["offers"], route_class=KeepingRoute)


class AdviceOut(Out):
    """In the point's local time. `leave_now`: it is time. `wait`: when one is called who comes as advised; None before
    the day of the visit, and where no counter works. `to_be_moved`: do not go; other places are offered.
    """

    leave_at: datetime
    arrive_at: datetime
    travel_minutes: int
    leave_now: bool
    wait: WaitOut | None
    to_be_moved: bool


@router.get("/advice", responses=problems(NotFound, NotMovable))
async def when_to_leave(
    booking_id: UUID,
    uow: ReadingUow,
    run: Run,
    caller: Migrant,
    lat: Annotated[Latitude, Query()],
    lon: Annotated[Longitude, Query()],
) -> AdviceOut:
    """When to leave from there so as to be in time for one's turn, by the way and by how the queue stands now. Where
    somebody is, is kept nowhere.
    """
    told = await advice_for(uow, run.travel, caller.person, booking_id, (lat, lon))
    zone = told.point.zone
    return AdviceOut(
        leave_at=local(told.leaving.leave_at, zone),
        arrive_at=local(told.leaving.arrive_at, zone),
        travel_minutes=round(told.travel.total_seconds() / 60),
        leave_now=uow.now >= told.leaving.leave_at,
        wait=told.wait and wait_out(told.wait, zone),
        to_be_moved=told.to_be_moved,
    )
