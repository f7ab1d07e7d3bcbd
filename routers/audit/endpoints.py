"""Who used my data; and, in the open, how often that was kept from somebody for a while."""

import csv
import io
from typing import Any

from fastapi import APIRouter, Request, Response, status

from app.db.unit_of_work import Reading
from app.domain.reports.safe_text import neutral
from app.errors import InvalidInput, NotFound
from app.models.audit import AuditEntry
from routers.audit.names import receiver_names
from routers.audit.schemas import (
    HiddenFigureOut,
    HiddenFigures,
    HidingIn,
    HidingMade,
    HidingOut,
    Hidings,
    UseOut,
    UsePage,
    Uses,
    use_out,
)
from routers.deps import Anyone, Auditor, Migrant, Operator, ReadingUow, WritingUow
from routers.idempotency import KeepingRoute
from routers.language import reading_of
from routers.problems import problems
from routers.schemas import Cursor, Limit, cursor_of, instant_key_of, number_of
from services.audit import queries
from services.profiles.hiding import hide

router = APIRouter(tags=["audit"], route_class=KeepingRoute)
_COLUMNS = list(UseOut.model_fields)


class CsvFile(Response):
    media_type = "text/csv"


def _as_row(use: UseOut) -> dict[str, Any]:
    """Names of systems, readers and companies are others' words: a spreadsheet must run none of them."""
    told = use.model_dump(mode="json")
    return {name: neutral(value) if isinstance(value, str) else value for name, value in told.items()}


@router.get("/v1/me/data-uses", responses=problems(InvalidInput))
async def own_uses(
    request: Request,
    uow: ReadingUow,
    caller: Migrant,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> UsePage:
    """Every use and change of the person's data, newest first."""
    found = await queries.shown_uses(uow, caller.person, before=number_of(cursor) if cursor else None, limit=limit + 1)
    page = await _told(uow, found[:limit], request)
    return UsePage(items=page, next=cursor_of(page[-1].seq) if len(found) > limit else None)


@router.get("/v1/me/data-uses/export", responses=problems())
async def export_uses(request: Request, uow: ReadingUow, caller: Migrant, response: Response) -> Uses:
    """All of it as one file, newest first."""
    response.headers["Content-Disposition"] = 'attachment; filename="data-uses.json"'
    return Uses(items=await _told(uow, await queries.all_uses(uow, caller.person), request))


@router.get(
    "/v1/me/data-uses/export.csv",
    response_class=CsvFile,
    responses={**problems(), 200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def export_uses_as_table(request: Request, uow: ReadingUow, caller: Migrant) -> CsvFile:
    """The same as a table (RFC 4180), for a spreadsheet."""
    written = io.StringIO()
    table = csv.DictWriter(written, _COLUMNS)
    table.writeheader()
    table.writerows(map(_as_row, await _told(uow, await queries.all_uses(uow, caller.person), request)))
    return CsvFile(written.getvalue().encode(), headers={"Content-Disposition": 'attachment; filename="data-uses.csv"'})


async def _told(uow: Reading, found: list[tuple[int, AuditEntry]], request: Request) -> list[UseOut]:
    reads = reading_of(request)
    names = await receiver_names(uow, (entry for _, entry in found), reads)
    return [use_out(number, entry, names, reads.own) for number, entry in found]


@router.post("/v1/data-use-hidings", status_code=status.HTTP_201_CREATED, responses=problems(InvalidInput, NotFound))
async def hide_uses(body: HidingIn, uow: WritingUow, caller: Operator) -> HidingMade:
    """Keeps uses of somebody's data from them until a day, a year ahead at most. It cannot be taken back or made
    longer; the person is shown it with what it hid once it is over, and the public counts it from now on.
    """
    return HidingMade(id=await hide(uow, caller, body.migrant_id, body.order()), until=body.until)


@router.get("/v1/data-use-hidings", responses=problems(InvalidInput))
async def hidings(
    uow: ReadingUow,
    _: Auditor,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Hidings:
    """Every order, newest first: by whom, on which ground, for how long. Not about whom."""
    before = instant_key_of(cursor)[0] if cursor else None
    found = await queries.hidings(uow, before=before, limit=limit + 1)
    page = [HidingOut.model_validate(one) for one in found[:limit]]
    more = cursor_of(page[-1].ordered_at.isoformat(), str(page[-1].id)) if len(found) > limit else None
    return Hidings(items=page, next=more)


@router.get("/v1/figures/hidden-uses", dependencies=[Anyone], responses=problems(signed_in=False))
async def hidden_uses(uow: ReadingUow) -> HiddenFigures:
    """How often uses of data were kept from the people they are of, by ground."""
    found = await queries.hidden_figures(uow)
    return HiddenFigures(items=[HiddenFigureOut.model_validate(figure) for figure in found])
