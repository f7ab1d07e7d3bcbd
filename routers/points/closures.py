"""A point closes at once."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, status

from app.domain.identity.caller import Caller, Role
from app.errors import InvalidInput, NotFound
from routers.deps import Callers, WritingUow
from routers.idempotency import KeepingRoute
from routers.points.plan_schemas import ChangeOut, Wall, Words, change_out, wall_in
from routers.problems import problems
from routers.schemas import In
from services.points.closures import close
from services.points.errors import ClosedAlready

router = APIRouter(prefix="/v1/points/{point_id}", tags=["points"], route_class=KeepingRoute)


async def there(
    point_id: UUID,
    caller: Annotated[Caller, Depends(Callers(Role.CLERK, Role.POINT_MANAGER, Role.REGION_OPERATOR))],
) -> Caller:
    """Whoever works there, and the region's operators."""
    if caller.role is not Role.REGION_OPERATOR and caller.point != point_id:
        raise NotFound
    return caller


class ClosureIn(In):
    """From when to when the point receives nobody today, by its own clock: from now on, and for the rest of the day,
    unless it says so. `reason`: what people are told.
    """

    since: Wall | None = None
    until: Wall | None = None
    reason: Words


@router.post(
    "/closures",
    status_code=status.HTTP_201_CREATED,
    dependencies=[Depends(there)],
    responses=problems(InvalidInput, NotFound, ClosedAlready),
)
async def close_at_once(point_id: UUID, body: ClosureIn, uow: WritingUow) -> ChangeOut:
    """Closes the point at once. Nobody loses a place by it: everybody in `affected` is offered others within seconds,
    and keeps theirs until they choose.
    """
    changed = await close(uow, point_id, wall_in(body.since), wall_in(body.until), body.reason.model_dump())
    return change_out(changed, applied=True)
