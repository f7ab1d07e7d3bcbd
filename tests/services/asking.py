"""What every address of reports answers, and what a question to the simulator is played with."""

import io
from collections.abc import Awaitable, Callable
from typing import Any

import pypdf

from services.points.calendars import all_plans
from services.reports.playing import play_next
from tests.services.archive import REPORTS, Archive, workbook
from tests.services.crowd import first_region
from tests.services.seasons import Json


async def world_of(archive: Archive, **change: Any) -> Json:
    """Asks, and takes what a worker would play; the answer is made of that alone (`app.simulation.answering`)."""
    async with archive.region.runtime.database.reading(first_region(archive.region.runtime)) as uow:
        point = next(planned.point.id for planned in await all_plans(uow) if planned.point.code == "exam-1")
    await archive.post("/v1/what-ifs", {"point_id": str(point), **change})
    taken: list[Json] = []

    async def play(world: Json, _: Callable[[int], Awaitable[None]]) -> Json:
        taken.append(world)
        return {"people": 10, "days": 7, "seeds": 1, "figures": []}

    await play_next(archive.region.runtime.database, first_region(archive.region.runtime), play)
    return taken[0]


async def everything(archive: Archive) -> dict[str, object]:
    """What every address of reports answers now."""
    found: dict[str, object] = {"world": await world_of(archive, counters=3)}
    for report in REPORTS:
        made = (await archive.get(f"/v1/reports/{report}")).json()
        found[report] = made
        found[f"{report}.xlsx"] = workbook((await archive.get(f"/v1/reports/{report}/file", format="xlsx")).content)
        for section in made["sections"]:
            path = f"/v1/reports/{report}/sections/{section['key']}/table.csv"
            found[path] = (await archive.get(path)).content
    pages = pypdf.PdfReader(io.BytesIO((await archive.get("/v1/reports/labour/file", format="pdf")).content)).pages
    found["labour.pdf"] = [page.extract_text() for page in pages]
    return found
