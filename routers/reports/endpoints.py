"""Reports of the region: as data, as files, as pictures. From released aggregates only."""

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from app.db.unit_of_work import Reading
from app.domain.reports.report import Section
from app.errors import InvalidInput, NotFound
from app.rendering.files import FILE_TYPES, PICTURE_TYPES, file_of, picture_of
from routers.deps import Operator, ReadingUow
from routers.language import language_of
from routers.problems import problems
from routers.reports.schemas import ReportName, ReportNames, ReportOut, report_out
from services.reports.making import REPORTS, make

router = APIRouter(tags=["reports"])
Named = Annotated[str, Path(pattern="^[a-z_]{1,40}$")]
Language = Annotated[Literal["ru", "en"] | None, Query()]
"""Of the file; as `Accept-Language` says by default."""


class File(Response):
    media_type = "application/octet-stream"


_FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in FILE_TYPES.values()}}
}
_PICTURES: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in PICTURE_TYPES.values()}}
}


@router.get("/v1/reports", responses=problems())
async def list_reports(request: Request, _: Operator) -> ReportNames:
    """Which reports there are."""
    language = language_of(request)
    return ReportNames(items=[ReportName(key=key, title=one.title[language]) for key, one in REPORTS.items()])


@router.get("/v1/reports/{report}", responses=problems(InvalidInput, NotFound))
async def read_report(report: Named, request: Request, uow: ReadingUow, _: Operator) -> ReportOut:
    """A report as data."""
    language = language_of(request)
    return report_out(report, await make(uow, report, language), language)


@router.get("/v1/reports/{report}/file", response_class=File, responses={**problems(InvalidInput, NotFound), **_FILES})
async def report_file(
    report: Named,
    request: Request,
    uow: ReadingUow,
    _: Operator,
    form: Annotated[Literal["pdf", "xlsx"], Query(alias="format")] = "pdf",
    language: Language = None,
) -> Response:
    """The whole report, for a viewer or a spreadsheet."""
    written = language or language_of(request)
    made = await make(uow, report, written)
    await uow.opened.release()  # nobody holds a connection while a file is made
    content = await asyncio.to_thread(file_of, made, form, written)
    return _attached(content, FILE_TYPES[form], f"{report}.{form}")


@router.get(
    "/v1/reports/{report}/sections/{section}/table.csv",
    response_class=File,
    responses={
        **problems(InvalidInput, NotFound),
        200: {"content": {"text/csv": {"schema": {"type": "string"}}}},
    },
)
async def section_table(
    report: Named, section: Named, request: Request, uow: ReadingUow, _: Operator, language: Language = None
) -> Response:
    """One section as CSV (RFC 4180), with a byte order mark; no cell is a formula."""
    written = language or language_of(request)
    found = await _section(uow, report, section, written)
    content = await asyncio.to_thread(picture_of, found, "csv", written)
    return _attached(content, "text/csv", f"{report}-{section}.csv")


@router.get(
    "/v1/reports/{report}/sections/{section}/chart",
    response_class=File,
    responses={**problems(InvalidInput, NotFound), **_PICTURES},
)
async def section_chart(
    report: Named,
    section: Named,
    request: Request,
    uow: ReadingUow,
    _: Operator,
    form: Annotated[Literal["svg", "png"], Query(alias="format")] = "svg",
    language: Language = None,
) -> Response:
    """One section as a picture. NotFound for a section that is not drawn, or has nothing to draw."""
    written = language or language_of(request)
    found = await _section(uow, report, section, written)
    if found.chart is None or not found.rows:
        raise NotFound
    await uow.opened.release()
    content = await asyncio.to_thread(picture_of, found, form, written)
    return Response(content, media_type=PICTURE_TYPES[form])


async def _section(uow: Reading, report: str, section: str, language: str) -> Section:
    made = await make(uow, report, language)
    found = next((one for one in made.sections if one.key == section), None)
    if found is None:
        raise NotFound
    return found


def _attached(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
