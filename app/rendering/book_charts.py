"""Charts in a workbook: native ones, which stay live, and pictures of those that spreadsheets have no kind for."""

import io
import struct
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.reports.report import Form, Kind, Section
from app.rendering.drawn import COLOURS, MOST_DAYS, chart_of, rows_drawn
from app.rendering.words import WORDS

WIDTH, HEIGHT, TALLEST = 780, 400, 520
"""Pixels: less than a page of A4 on its side has, since programs with other fonts stretch what is fixed to cells."""
_A_BAR, _AROUND = 28, 130
_PIXELS = 96 / 72
"""Of a workbook's screen for a point of a picture."""


@dataclass(frozen=True, slots=True)
class Block:
    """Where a chart's data stand: under a row of the series' names, with the names along the axis in the first column.
    `days`: from one to the next where these are days.
    """

    sheet: str
    head: int
    last: int
    series: int
    days: int


class ChartData:
    """A hidden sheet, made when it is first needed: what charts are drawn from, a column for each series. Spreadsheets
    take the names along the axis from the first series alone, so that all of them must have the same ones.
    """

    def __init__(self, book: Any, language: str, date_format: str) -> None:
        self._book, self._name, self._next = book, WORDS[language]["chart_data"], 0
        self._language, self._dated = language, book.add_format({"num_format": date_format})
        self._made: Any = None

    def add(self, section: Section) -> Block:
        chart, rows = chart_of(section), rows_drawn(section)
        titles = [str(row[chart.series]) if chart.series else "" for row in rows]
        series, dated = list(dict.fromkeys(titles)), section.column(chart.across).kind is Kind.DATE
        named = [str(row[chart.across]) for row in rows]
        along = sorted(set(named)) if dated else list(dict.fromkeys(named)) if chart.series else named
        sheet, head = self._sheet(), self._next
        self._next += len(along) + 2
        for place, title in enumerate(series, 1):
            sheet.write_string(head, place, title or section.column(chart.value).title[self._language])
        for at, name in enumerate(along, head + 1):
            if dated:
                sheet.write_datetime(at, 0, date.fromisoformat(name), self._dated)
            else:
                sheet.write_string(at, 0, name)
        for number, row in enumerate(rows):
            at = along.index(named[number]) if chart.series or dated else number
            if isinstance(row[chart.value], int | float):
                sheet.write_number(head + 1 + at, 1 + series.index(titles[number]), row[chart.value])
        days = (date.fromisoformat(along[1]) - date.fromisoformat(along[0])).days if dated and len(along) > 1 else 1
        return Block(self._name, head, head + len(along), len(series), days)

    def _sheet(self) -> Any:
        if self._made is None:
            self._made = self._book.add_worksheet(self._name)
            self._made.hide()
        return self._made


def draw(book: Any, sheet: Any, section: Section, language: str, data: ChartData, at: tuple[int, int]) -> None:
    """With its upper left corner in that cell (row, column, from 0)."""
    if chart_of(section).form in (Form.HEAT, Form.MAP):
        from app.rendering.charts import as_png  # noqa: PLC0415 — altair takes a second to load

        picture = as_png(section, language)
        told = {"image_data": io.BytesIO(picture), "description": section.title[language], **_scale(picture)}
        sheet.insert_image(*at, "chart.png", told)
        return
    sheet.insert_chart(*at, _native(book, section, language, data), {"description": section.title[language]})


def _scale(png: bytes) -> dict[str, float]:
    """By which a picture of two points for one is as wide as the charts, if it is not too high then."""
    width, height = (side * _PIXELS for side in struct.unpack(">II", png[16:24]))
    scale = min(WIDTH / width, TALLEST / height)
    return {"x_scale": scale, "y_scale": scale}


def _native(book: Any, section: Section, language: str, data: ChartData) -> Any:
    chart, block = chart_of(section), data.add(section)
    lines = chart.form is Form.LINES
    drawn = book.add_chart({"type": "line" if lines else "bar"})
    for place in range(1, block.series + 1):
        colour = {"color": COLOURS[(place - 1) % len(COLOURS)]}
        drawn.add_series(
            {
                "name": [block.sheet, block.head, place],
                "categories": [block.sheet, block.head + 1, 0, block.last, 0],
                "values": [block.sheet, block.head + 1, place, block.last, place],
                **({"line": colour | {"width": 2}} if lines else {"fill": colour, "gap": 60}),
            }
        )
    drawn.set_title({"name": section.title[language], "overlay": False, "name_font": {"size": 12}})
    drawn.set_legend({"position": "bottom"} if chart.series else {"none": True})
    drawn.show_blanks_as("gap")
    grey = {"major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
    plain = {"bold": False, "size": 10}
    names: dict[str, Any] = {"name": section.column(chart.across).title[language], "name_font": plain}
    amounts = {"name": section.column(chart.value).title[language], "name_font": plain, "min": 0, **grey}
    if section.column(chart.across).kind is Kind.DATE:
        every = -(-(block.last - block.head) // MOST_DAYS)
        names |= {"date_axis": True, "num_format": "dd.mm" if language == "ru" else "dd/mm"}
        names |= {"major_unit": every * block.days, "major_unit_type": "days"}
    height = HEIGHT
    if lines:
        drawn.set_x_axis(names)
        drawn.set_y_axis(amounts)
    else:
        # Of bars that lie, what the library calls the y axis has the names. The first one stands above.
        drawn.set_y_axis(names | {"reverse": True, "crossing": "max", "interval_unit": 1, "num_font": {"size": 8}})
        drawn.set_x_axis(amounts)
        height = min(TALLEST, max(HEIGHT, _AROUND + _A_BAR * (block.last - block.head) * block.series))
    drawn.set_size({"width": WIDTH, "height": height})
    return drawn
