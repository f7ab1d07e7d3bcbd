"""Reports over HTTP: as data, as files and as pictures, from what was told of the region and nothing else."""

import csv
import io
from typing import Any

import openpyxl
import pypdf
import pytest_asyncio

from tests.api.helpers import refused
from tests.api.operators import YEARS_ON, Operator, operator_of
from tests.support.figures import told
from tests.support.people import World


@pytest_asyncio.fixture
async def operator(own_time: World) -> Operator:
    own_time.clock.at += YEARS_ON
    return await operator_of(own_time)


async def test_reports_are_data_files_and_pictures(operator: Operator) -> None:
    await told(operator.world)
    names = (await operator.get("/v1/reports")).json()["items"]
    for name in [one["key"] for one in names]:
        made = (await operator.get(f"/v1/reports/{name}")).json()
        drawn = [one["key"] for one in made["sections"] if one["rows"]]
        assert len(drawn) >= len(made["sections"]) - 1, (name, drawn)  # there is no forecast without people
        for section in made["sections"] if name == "points" else ():
            await _one(operator, name, section)
        book: Any = openpyxl.load_workbook(
            io.BytesIO((await operator.get(f"/v1/reports/{name}/file", format="xlsx", language="en")).content)
        )
        assert sum(one.sheet_state == "visible" for one in book.worksheets) == len(made["sections"])
    pdf = await operator.get("/v1/reports/labour/file", format="pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert "Предложение труда" in pypdf.PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()


async def _one(operator: Operator, report: str, section: dict[str, Any]) -> None:
    path = f"/v1/reports/{report}/sections/{section['key']}"
    table = await operator.get(f"{path}/table.csv")
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"), newline="")))
    assert rows[0] == [column["title"] for column in section["columns"]]
    assert len(rows) == 1 + len(section["rows"])
    chart = await operator.get(f"{path}/chart")
    if section["chart"] and section["rows"]:
        assert chart.headers["content-type"] == "image/svg+xml"
        assert section["title"] in chart.text
    else:
        refused(chart, 404, "not_found")


async def test_nothing_but_what_was_told_can_be_had(operator: Operator) -> None:
    """Every number of a report is a sum of told cells, which hold ten people or more, or is made of such sums."""
    await told(operator.world)
    cells = (await operator.get("/v1/region/cells", weeks=53)).json()["items"]
    assert min(cell["count"] for cell in cells) >= 10
    for name in ("overview", "points", "labour"):
        for section in (await operator.get(f"/v1/reports/{name}")).json()["sections"]:
            kinds = [column["kind"] for column in section["columns"]]
            for row in section["rows"]:
                people = [value for value, kind in zip(row, kinds, strict=True) if kind == "count"]
                assert all(value is None or value == 0 or value >= 10 for value in people), (section["key"], row)


async def test_there_is_no_report_of_another_name(operator: Operator) -> None:
    refused(await operator.get("/v1/reports/people"), 404, "not_found")
    refused(await operator.get("/v1/reports/overview/sections/people/table.csv"), 404, "not_found")
    refused(await operator.get("/v1/reports/overview/file", format="docx"), 422, "invalid_input")
