"""Who used my data."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.errors import InvalidInput
from routers.audit.schemas import UsePage, use_out
from routers.deps import Migrant, ReadingUow
from routers.problems import problems
from routers.schemas import cursor_of, key_of
from services.audit import queries

router = APIRouter(prefix="/v1/me", tags=["audit"])


@router.get("/data-uses", responses=problems(InvalidInput))
async def own_uses(
    uow: ReadingUow,
    caller: Migrant,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> UsePage:
    """Every use and change of the person's data, newest first."""
    found = await queries.uses_of(uow, caller.person, before=_before(cursor) if cursor else None, limit=limit + 1)
    page = [use_out(entry) for entry in found[:limit]]
    return UsePage(items=page, next=cursor_of(page[-1].seq) if len(found) > limit else None)


def _before(cursor: str) -> int:
    match key_of(cursor):
        case [int(seq)] if 0 < seq < 2**63:
            return seq
    raise InvalidInput(field="cursor")
