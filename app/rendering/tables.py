"""Reports as CSV and as a workbook."""

import csv
import io
import textwrap
from datetime import date
from typing import Any

import xlsxwriter

from app.domain.reports.report import Kind, Report, Section, Value
from app.domain.reports.safe_text import neutral
from app.rendering.book_charts import ChartData, draw
from app.rendering.drawn import drawable
from app.rendering.words import WITHHELD, WORDS, made_at

_FORMATS = {
    Kind.COUNT: "#,##0",
    Kind.NUMBER: "#,##0.0",
    Kind.SHARE: "0.0%",
    Kind.MINUTES: "#,##0.0",
    Kind.DAYS: "#,##0.0",
}
_DATES = {"ru": "dd.mm.yyyy", "en": "d mmm yyyy"}
_WIDEST = 60
_SHEET_NAME = 31
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_HEADER_ROW = 3
_PAGE, _CHARACTER, _PADDING, _LINE = 800, 7, 5, 15
"""Pixels that surely fit on a page of A4 on its side, and of a character and a cell's padding; a line's height in
points."""
_SMALLEST = 40
"""Per cent: print that can still be read."""
_GAP, _NARROWEST = 2, 80
"""Characters between a table and its chart, and that the two are wide at least: notes stand above them."""


def as_csv(section: Section, language: str) -> bytes:
    """RFC 4180 with a byte order mark, by which spreadsheets read it as UTF-8. Withheld values are empty."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\r\n")
    table.writerow([neutral(column.title[language]) for column in section.columns])
    table.writerows([[_plain(value) for value in row] for row in section.rows])
    return written.getvalue().encode("utf-8-sig")


def _plain(value: Value) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return neutral(value) if isinstance(value, str) else value


def as_xlsx(report: Report, language: str) -> bytes:
    """A sheet for each section, with typed columns and a native chart. No text is ever a formula or a link."""
    file = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
        # Everywhere, or in a font of the same widths: columns are as wide in one program as in another.
        "default_format_properties": {"font_name": "Arial", "font_size": 10},
    }
    book = xlsxwriter.Workbook(file, options)
    book.set_properties(
        {
            "title": report.title[language],
            "company": report.region[language],
            "created": report.made_at.replace(tzinfo=None),
        }
    )
    names = {WORDS[language]["chart_data"].casefold()}
    sheets = []
    for section in report.sections:
        sheets.append(book.add_worksheet(_name(section.title[language], names)))
        _fill(book, sheets[-1], report, section, language)
        _lay_out(sheets[-1], section, language)
    data = ChartData(book, language, _DATES[language])
    for sheet, section in zip(sheets, report.sections, strict=True):
        if drawable(section):
            draw(book, sheet, section, language, data, (_HEADER_ROW, len(section.columns) + 1))
    book.close()
    return file.getvalue()


def _name(title: str, taken: set[str]) -> str:
    """A sheet's name: at most 31 characters, without some, and its own."""
    base = title.translate(_NOT_IN_NAMES).strip()[:_SHEET_NAME] or "1"
    name, number = base, 2
    while name.casefold() in taken:
        name, number = f"{base[: _SHEET_NAME - 4]} {number}", number + 1
    taken.add(name.casefold())
    return name


def _fill(book: Any, sheet: Any, report: Report, section: Section, language: str) -> None:
    """Above the table stand its title, when it was made, and what a dash means."""
    words = WORDS[language]
    sheet.write_string(0, 0, section.title[language], book.add_format({"bold": True, "font_size": 14}))
    told = f"{report.region[language]}. {words['made']}: {made_at(report, language)}. {section.note[language]}"
    notes = [told, words["withheld"] if section.withheld else ""]
    small = book.add_format({"font_color": "#555555", "text_wrap": True, "valign": "top"})
    wide, gap = sum(_width(section, place, language) for place in range(len(section.columns))), len(section.columns)
    sheet.set_column(gap, gap, max(_GAP, _NARROWEST - wide))
    for at, note in enumerate(notes, 1):
        sheet.merge_range(at, 0, at, gap, note, small)
        sheet.set_row(at, _LINE * max(1, len(textwrap.wrap(note, int(max(wide + _GAP, _NARROWEST))))))
    titles = {"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
    head, number_head = book.add_format(titles), book.add_format(titles | {"align": "right"})
    lines = 1
    for place, column in enumerate(section.columns):
        written_as = _DATES[language] if column.kind is Kind.DATE else _FORMATS.get(column.kind, "General")
        style = book.add_format({"num_format": written_as, "align": "right" if column.kind.numeric else "left"})
        width = _width(section, place, language)
        lines = max(lines, len(textwrap.wrap(column.title[language], int(width) - 1)))
        sheet.set_column(place, place, width)
        sheet.write_string(_HEADER_ROW, place, column.title[language], number_head if column.kind.numeric else head)
        for at, row in enumerate(section.rows, _HEADER_ROW + 1):
            _write(sheet, at, place, row[place], style)
    sheet.set_row(_HEADER_ROW, lines * _LINE + 3)


def _lay_out(sheet: Any, section: Section, language: str) -> None:
    """On the screen a header that stays; on paper the table at a size that can be read, and its chart on a page after
    it: on one page they would share its width.
    """
    columns = len(section.columns)
    sheet.freeze_panes(_HEADER_ROW + 1, 0)
    if section.rows:
        sheet.autofilter(_HEADER_ROW, 0, _HEADER_ROW + len(section.rows), columns - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(_HEADER_ROW)
    sheet.set_footer(f"&L{section.title[language].replace('&', '&&')}&R&P / &N")
    wide = sum(_width(section, place, language) * _CHARACTER + _PADDING for place in range(columns))
    sheet.set_print_scale(max(_SMALLEST, min(100, int(100 * _PAGE / (wide + _GAP * _CHARACTER)))))
    if section.chart is not None:
        sheet.set_v_pagebreaks([columns + 1])


def _write(sheet: Any, row: int, place: int, value: Value, style: Any) -> None:
    if value is None:
        sheet.write_string(row, place, WITHHELD, style)
    elif isinstance(value, str):
        sheet.write_string(row, place, value, style)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, style)
    else:
        sheet.write_number(row, place, value, style)


def _width(section: Section, place: int, language: str) -> float:
    column = section.columns[place]
    longest = max((len(str(row[place])) for row in section.rows if row[place] is not None), default=0)
    if column.kind.numeric:
        longest = min(longest, 12)
    words = column.title[language].split()
    return float(min(_WIDEST, max(9, longest, *(len(word) for word in words)) + 2))
