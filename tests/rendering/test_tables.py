"""Files that spreadsheets open: what they read is what was written, and none of it runs."""

import csv
import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.reports.report import Kind, Section
from app.domain.reports.safe_text import neutral
from app.rendering.tables import as_csv, as_xlsx
from tests.rendering.reports import EVIL, LETTERS, bars, column, lines, report


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_begins_with_a_mark_and_keeps_every_letter() -> None:
    content = as_csv(bars(12), "ru")
    assert content.startswith(b"\xef\xbb\xbf")
    table = read_csv(content)
    assert table[0] == ["Пункт", "Посещений", "Не пришли"]
    assert table[6][0] == LETTERS
    assert table[5][1] == ""  # withheld: not zero


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=cmd|' /C calc'!A0", "＝1", "|x"]
)
def test_what_a_spreadsheet_might_run_is_only_text(text: str) -> None:
    section = Section(
        "x", {"ru": text, "en": text}, {"ru": "", "en": ""}, (column("a", text, text, Kind.TEXT),), ((text,),)
    )
    for row in read_csv(as_csv(section, "ru")):
        assert row[0] == f"'{text}"


@given(st.text(alphabet="=+-@\t\r\n |%＝\u00a0aб1", max_size=6))
def test_neutral_text_is_the_same_text(text: str) -> None:
    assert neutral(text) in (text, f"'{text}")
    assert not neutral(text).lstrip().startswith(("=", "+", "-", "@"))


def test_the_workbook_has_types_a_header_that_stays_and_no_formula() -> None:
    made = report()
    book: Any = openpyxl.load_workbook(io.BytesIO(as_xlsx(made, "ru")))
    assert len(book.sheetnames) == len(made.sections)
    assert all(len(name) <= 31 for name in book.sheetnames)
    supply = book.worksheets[0]
    assert supply.freeze_panes == "A5"
    assert isinstance(supply["B5"].value, datetime)
    assert supply["C5"].value == 1000
    assert supply["C5"].number_format == "#,##0"
    assert len(supply._charts) == 1
    load = book.worksheets[1]
    assert load["A8"].value == EVIL
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not any(cell.hyperlink for cell in cells)
    assert load["B9"].value == "–"


def test_a_chart_of_several_lines_has_each_of_them() -> None:
    book: Any = openpyxl.load_workbook(io.BytesIO(as_xlsx(report(), "en")))
    drawn = book.worksheets[0]._charts[0]
    assert len(drawn.series) == len({row[0] for row in lines().rows})
