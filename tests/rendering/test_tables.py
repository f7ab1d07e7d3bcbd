"""Files that spreadsheets open: what they read is what was written, and none of it runs."""

import csv
import io
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.reports.report import Chart, Form, Kind, Section
from app.domain.reports.safe_text import neutral
from app.rendering.drawn import rows_drawn
from app.rendering.tables import as_csv, as_xlsx
from app.rendering.words import WORDS
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


@pytest.fixture(scope="module")
def book() -> Any:
    return openpyxl.load_workbook(io.BytesIO(as_xlsx(report(), "ru")))


def test_the_workbook_has_types_a_header_that_stays_and_no_formula(book: Any) -> None:
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    assert len(shown) == len(report().sections)
    assert all(len(name) <= 31 for name in book.sheetnames)
    supply = book.worksheets[0]
    assert supply.freeze_panes == "A5"
    assert isinstance(supply["B5"].value, datetime)
    assert supply["B5"].number_format == "dd.mm.yyyy"
    assert supply["C5"].value == 1000
    assert supply["C5"].number_format == "#,##0"
    assert len(supply._charts) == 1
    load = book.worksheets[1]
    assert load["A8"].value == EVIL
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not any(cell.hyperlink for cell in cells)
    assert load["B9"].value == "–"
    assert load["B9"].alignment.horizontal == "right"
    assert load["A3"].value == WORDS["ru"]["withheld"]  # above the table: it is never alone on a page


def test_bars_lie_from_the_left_with_the_first_row_above(book: Any) -> None:
    """In the picture that a spreadsheet draws the numbers go to the right, and each axis has its own title."""
    drawn = book.worksheets[1]._charts[0]
    assert drawn.barDir == "bar"
    assert (drawn.x_axis.scaling.orientation, drawn.y_axis.scaling.orientation) == ("maxMin", "minMax")
    titles = [axis.title.tx.rich.paragraphs[0].r[0].t for axis in (drawn.x_axis, drawn.y_axis)]
    assert titles == ["Пункт", "Посещений"]


def test_on_paper_a_chart_has_a_page_of_its_own_and_the_table_can_be_read(book: Any) -> None:
    for sheet in book.worksheets[:4]:
        drawn = [*sheet._charts, *sheet._images]
        assert [each.id for each in sheet.col_breaks.brk] == [each.anchor._from.col for each in drawn]
        assert sheet.page_setup.scale is None  # as large as on the screen
        assert sheet.page_setup.orientation == "landscape"
        assert len(drawn) == 1  # of heat maps and maps there is a picture


def test_several_lines_share_their_weeks_and_each_value_stands_by_its_own() -> None:
    """Rows of two occupations in one line are added up; a series that lacks a week has a gap there, not a shift."""
    weeks = [date(2026, 6, 1) + timedelta(weeks=number) for number in range(3)]
    rows = [("patent", "7", week, 10) for week in weeks] + [("patent", "9", weeks[1], 5), ("eaeu", "7", weeks[2], 7)]
    columns = (
        column("right", "Право", "Right", Kind.TEXT),
        column("occupation", "Профессия", "Occupation", Kind.TEXT),
        column("week", "Неделя", "Week", Kind.DATE),
        column("people", "Человек", "People", Kind.COUNT),
    )
    title = {"ru": "Предложение труда", "en": "Supply"}
    section = Section("supply", title, title, columns, tuple(rows), Chart(Form.LINES, "week", "people", series="right"))
    made = replace(report(), sections=(section,))
    sheet, data = openpyxl.load_workbook(io.BytesIO(as_xlsx(made, "en"))).worksheets
    assert sheet._charts
    assert [[cell.value for cell in row][1:] for row in data.iter_rows()] == [
        ["patent", "eaeu"],
        [10, None],
        [15, None],
        [10, 7],
    ]
    assert [cell.value for cell in data["A"]][1:] == [datetime.combine(week, time()) for week in weeks]
    assert data.sheet_state == "hidden"
    assert sum(isinstance(row["people"], int) for row in rows_drawn(section)) == 4


def test_a_chart_of_several_lines_has_each_of_them(book: Any) -> None:
    drawn = book.worksheets[0]._charts[0]
    assert len(drawn.series) == len({row[0] for row in lines().rows})
