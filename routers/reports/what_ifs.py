"""Questions to the simulator."""

from uuid import UUID

from fastapi import APIRouter, status

from app.errors import InvalidInput, NotFound
from routers.deps import Operator, ReadingUow, WritingUow
from routers.idempotency import KeepingRoute
from routers.problems import problems
from routers.reports.schemas import WhatIfAsked, WhatIfIn, WhatIfOut, WhatIfs
from routers.schemas import Limit
from services.reports import what_ifs
from services.reports.errors import NotPlayable, TooManyQuestions

router = APIRouter(tags=["reports"], route_class=KeepingRoute)


@router.post(
    "/v1/what-ifs",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(InvalidInput, NotFound, NotPlayable, TooManyQuestions),
)
async def ask_what_if(body: WhatIfIn, uow: WritingUow, caller: Operator) -> WhatIfAsked:
    """What another counter, or another day, at a point would do. A worker plays it within some minutes, with invented
    people, so many as was released about the region.
    """
    return WhatIfAsked(id=await what_ifs.ask(uow, caller, body.question()))


@router.get("/v1/what-ifs", responses=problems(InvalidInput))
async def list_what_ifs(uow: ReadingUow, _: Operator, limit: Limit = 20) -> WhatIfs:
    """The newest questions of all operators."""
    return WhatIfs(items=[WhatIfOut.model_validate(one) for one in await what_ifs.what_ifs(uow, limit)])


@router.get("/v1/what-ifs/{what_if_id}", responses=problems(NotFound))
async def read_what_if(what_if_id: UUID, uow: ReadingUow, _: Operator) -> WhatIfOut:
    """How far it is, and the answer once it is done."""
    return WhatIfOut.model_validate(await what_ifs.what_if(uow, what_if_id))
