"""Reports as CSV and as a workbook."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

from app.domain.reports.report import Form, Kind, Report, Section, Value
from app.domain.reports.safe_text import neutral
from app.rendering.words import WORDS, made_at

_FORMATS = {
    Kind.COUNT: "#,##0",
    Kind.NUMBER: "#,##0.0",
    Kind.SHARE: "0.0%",
    Kind.MINUTES: "#,##0.0",
    Kind.DAYS: "#,##0.0",
    Kind.DATE: "yyyy-mm-dd",
}
_WIDEST = 60
_SHEET_NAME = 31
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_HEADER_ROW = 3


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
    }
    book = xlsxwriter.Workbook(file, options)
    book.set_properties(
        {
            "title": report.title[language],
            "company": report.region[language],
            "created": report.made_at.replace(tzinfo=None),
        }
    )
    names: set[str] = set()
    for section in report.sections:
        _sheet(book, report, section, language, _name(section.title[language], names))
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


def _sheet(book: Any, report: Report, section: Section, language: str, name: str) -> None:
    sheet = book.add_worksheet(name)
    words = WORDS[language]
    sheet.write_string(0, 0, section.title[language], book.add_format({"bold": True, "font_size": 14}))
    told = f"{report.region[language]}. {words['made']}: {made_at(report, language)}. {section.note[language]}"
    sheet.write_string(1, 0, told, book.add_format({"font_color": "#555555"}))
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    number_head = book.add_format(
        {"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "text_wrap": True, "valign": "vcenter", "align": "right"}
    )
    for place, column in enumerate(section.columns):
        style = book.add_format({"num_format": _FORMATS[column.kind]} if column.kind in _FORMATS else {})
        sheet.set_column(place, place, _width(section, place, language))
        sheet.write_string(_HEADER_ROW, place, column.title[language], number_head if column.kind.numeric else head)
        for at, row in enumerate(section.rows, _HEADER_ROW + 1):
            _write(sheet, at, place, row[place], style)
    last = _HEADER_ROW + len(section.rows)
    sheet.freeze_panes(_HEADER_ROW + 1, 0)
    if section.rows:
        sheet.autofilter(_HEADER_ROW, 0, last, len(section.columns) - 1)
    if section.withheld:
        sheet.write_string(last + 2, 0, words["withheld"], book.add_format({"italic": True, "font_color": "#555555"}))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADER_ROW)
    sheet.set_footer(f"&L{name.replace('&', '&&')}&R&P / &N")
    if section.chart is not None and section.rows:
        _draw(book, sheet, section, language)


def _write(sheet: Any, row: int, place: int, value: Value, style: Any) -> None:
    if value is None:
        sheet.write_string(row, place, "–", style)
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


def _draw(book: Any, sheet: Any, section: Section, language: str) -> None:
    """A native chart beside the table; of maps and heat maps there is none: a scale of colours stands for them."""
    assert section.chart is not None  # noqa: S101 - asked for only with one
    chart, last = section.chart, _HEADER_ROW + len(section.rows)
    keys = [column.key for column in section.columns]
    value, across = keys.index(chart.value), keys.index(chart.across)
    if chart.form in (Form.HEAT, Form.MAP):
        sheet.conditional_format(
            _HEADER_ROW + 1,
            value,
            last,
            value,
            {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#2F6DA3"},
        )
        return
    drawn = book.add_chart({"type": "line" if chart.form is Form.LINES else "bar"})
    for name, first, end in _stretches(section, chart.series, keys):
        drawn.add_series(
            {
                "name": name or section.columns[value].title[language],
                "categories": [sheet.get_name(), first, across, end, across],
                "values": [sheet.get_name(), first, value, end, value],
            }
        )
    drawn.set_title({"name": section.title[language], "overlay": False, "name_font": {"size": 12}})
    drawn.set_legend({"position": "bottom"} if chart.series else {"none": True})
    names: dict[str, Any] = {"name": section.columns[across].title[language]}
    if section.columns[across].kind is Kind.DATE:
        names |= {"date_axis": True, "num_format": "dd.mm"}
    if chart.form is Form.BARS:
        names["reverse"] = True
    drawn.set_x_axis(names)
    drawn.set_y_axis({"name": section.columns[value].title[language], "min": 0})
    drawn.set_size({"width": 760, "height": 380})
    sheet.insert_chart(_HEADER_ROW, len(keys) + 1, drawn)


def _stretches(section: Section, series: str | None, keys: Sequence[str]) -> list[tuple[str, int, int]]:
    """Rows of each series, which stand together: its name, first and last row."""
    if series is None:
        return [("", _HEADER_ROW + 1, _HEADER_ROW + len(section.rows))]
    place = keys.index(series)
    found: list[tuple[str, int, int]] = []
    for at, row in enumerate(section.rows, _HEADER_ROW + 1):
        name = str(row[place])
        if found and found[-1][0] == name:
            found[-1] = (name, found[-1][1], at)
        else:
            found.append((name, at, at))
    return found
