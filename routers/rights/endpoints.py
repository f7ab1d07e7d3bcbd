"""Everything about oneself as one file, and its end."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from app.errors import InvalidInput
from routers.deps import Migrant, ReadingUow, Run, WritingUow
from routers.idempotency import KeepingRoute
from routers.problems import problems
from routers.schemas import In, Out
from services.identity.errors import DeviceTooNew
from services.rights import commands, queries
from services.rights.errors import ExportUnderWay

router = APIRouter(prefix="/v1/me", tags=["rights"], route_class=KeepingRoute)
ZIP = "application/zip"
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {ZIP: {"schema": {"type": "string", "format": "binary"}}}, "description": "A ZIP with JSON files."}
}


class KeptByLaw(Out):
    """What stays, why, and which law has it stay."""

    tables: list[str]
    why: str
    law: str


class LeavingOut(Out):
    """`deleted`: the features of which nothing is left. `confirmation` goes into the request, today."""

    deleted: list[str]
    stays: list[KeptByLaw]
    confirmation: str


class ErasureIn(In):
    confirmation: str = Field(min_length=12, max_length=12)


_exported: set[UUID] = set()


class Alone:
    """That a file is being made of a person: until it has gone out whole, or the phone is gone."""

    person_id: UUID | None = None

    def begin(self, person_id: UUID) -> None:
        if person_id in _exported:
            raise ExportUnderWay
        _exported.add(person_id)
        self.person_id = person_id


async def _alone() -> AsyncIterator[Alone]:
    alone = Alone()
    try:
        yield alone
    finally:
        if alone.person_id is not None:
            _exported.discard(alone.person_id)


@router.get("/export", response_class=Response, responses=_FILE | problems(ExportUnderWay))
async def export(alone: Annotated[Alone, Depends(_alone)], uow: ReadingUow, run: Run, caller: Migrant) -> Response:
    """Everything about oneself (152-FZ art. 14, 20): a JSON file for each feature, the log among them, and files."""
    alone.begin(caller.person)
    content = await queries.export(uow, run.objects, caller.person)
    named = {"Content-Disposition": 'attachment; filename="manzil.zip"'}
    return StreamingResponse(content, media_type=ZIP, headers=named)


@router.get("/deletion", responses=problems())
async def look_at_erasure(uow: ReadingUow, caller: Migrant) -> LeavingOut:
    """What would be deleted, and what would stay by which law. Nothing is done."""
    return LeavingOut.model_validate(queries.leaving(uow, caller))


@router.post("/deletion", responses=problems(InvalidInput, DeviceTooNew))
async def erase(body: ErasureIn, uow: WritingUow, caller: Migrant) -> LeavingOut:
    """Deletes everything that may be deleted and ends every sign-in; there is no way back. The answer says what stays.

    Places that are booked are given back. Whoever acts for children deletes what is theirs as them, before.
    """
    return LeavingOut.model_validate(await commands.erase(uow, caller, body.confirmation))
