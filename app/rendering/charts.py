"""Charts of reports as SVG and PNG, drawn without a net: Vega-Lite by altair, rendered by vl-convert."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import altair  # noqa: ICN001 — `alt` is the same without types
import h3
import vl_convert

from app.domain.reports.report import Chart, Column, Form, Kind, Section, Value
from app.rendering.drawn import COLOURS, MOST_DAYS, chart_of, rows_drawn

alt: Any = altair
"""Its own types tell apart more than it does."""
WIDTH = 640
FONT = "Liberation Sans"
"""In the renderer itself, with Cyrillic letters, so that a picture is the same everywhere."""
_ROW, _MANY_ROWS, _NARROW_ROW = 24, 24, 14
_FORMATS = {Kind.SHARE: ".0%", Kind.COUNT: ",d"}


def as_svg(section: Section, language: str, *, titled: bool = True) -> str:
    """The section's chart. ValueError if it has none. Without its title where the title stands above it anyway."""
    found: str = vl_convert.vegalite_to_svg(specification(section, language, titled=titled))
    return found


def as_png(section: Section, language: str, *, scale: float = 2.0) -> bytes:
    found: bytes = vl_convert.vegalite_to_png(specification(section, language), scale=scale)
    return found


_AROUND = {"left": 28, "right": 20, "top": 5, "bottom": 5}
"""Pixels: where another font than ours is at hand, names are a little wider than they were measured."""


def specification(section: Section, language: str, *, titled: bool = True) -> dict[str, Any]:
    """Vega-Lite. Withheld values are not in it."""
    chart = chart_of(section)
    drawn = _DRAW[chart.form](section, chart, language)
    title = alt.TitleParams(
        section.title[language],
        subtitle=_lines(section.note[language]),
        anchor="start",
        fontSize=16,
        subtitleFontSize=11,
    )
    made = (
        (drawn.properties(title=title) if titled else drawn)
        .configure(font=FONT, background="white", padding=_AROUND)
        .configure_axis(labelFontSize=11, titleFontSize=12, titleFontWeight="normal", labelLimit=260)
        .configure_legend(labelFontSize=11, titleFontSize=11, titleFontWeight="normal", labelLimit=260)
        .configure_view(stroke=None)
        .configure_range(category=COLOURS)
    )
    spec: dict[str, Any] = made.to_dict()
    return spec


def _lines(note: str, width: int = 100) -> list[str]:
    """A note in lines that are no wider than the chart."""
    lines = [""]
    for word in note.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _data(section: Section, needed: Iterable[str | None]) -> Any:
    """What is drawn, without what lacks one of these values."""
    wanted = [key for key in needed if key]
    rows = rows_drawn(section)
    kept = [{key: _wire(row[key]) for key in wanted} for row in rows if all(row[key] is not None for key in wanted)]
    return alt.Data(values=kept)


def _wire(value: Value) -> Any:
    return f"{value.isoformat()}T00:00:00" if isinstance(value, date) else value


def _format(column: Column) -> str:
    return _FORMATS.get(column.kind, ",.1~f")


def _axis(column: Column, language: str) -> Any:
    """A share and a number as the language writes them: `12 000`, `0,5`."""
    grouping = "'\\u00a0'" if language == "ru" else "','"
    shown = f"replace(replace(format(datum.value, '{_format(column)}'), /,/g, '|'), /\\./g, "
    shown += "','" if language == "ru" else "'.'"
    shown = f"replace({shown}), /\\|/g, {grouping})"
    return alt.Axis(title=column.title[language], labelExpr=shown, tickCount=6)


def _rows_high(section: Section) -> Any:
    """Rows are narrower where there are many, so that a chart fits on a page."""
    return alt.Step(_ROW if len(section.rows) <= _MANY_ROWS else _NARROW_ROW)


def _names_axis(column: Column, language: str) -> Any:
    """Names down the left side, with the column's title above them."""
    return alt.Axis(title=column.title[language], titleAngle=0, titleAlign="right", titleX=-8, titleY=-10)


def _order(section: Section, key: str) -> list[str]:
    """Names as they stand in the table, those of withheld rows too: a gap is left where they belong."""
    place = [column.key for column in section.columns].index(key)
    return list(dict.fromkeys(str(row[place]) for row in section.rows))


def _days_told(section: Section, key: str) -> list[Any]:
    """Days for the axis to name: those of the rows, not whatever a week begins with; of many every second or so."""
    place = [column.key for column in section.columns].index(key)
    days = sorted({row[place] for row in section.rows if isinstance(row[place], date)}, key=str)
    every = -(-len(days) // MOST_DAYS) or 1
    return [
        alt.DateTime(year=day.year, month=day.month, date=day.day) for day in days[::every] if isinstance(day, date)
    ]


def _lines_chart(section: Section, chart: Chart, language: str) -> Any:
    across, value = section.column(chart.across), section.column(chart.value)
    dated = across.kind is Kind.DATE
    axis = alt.Axis(title=across.title[language], grid=False)
    if dated:
        axis = alt.Axis(
            title=across.title[language],
            grid=False,
            values=_days_told(section, chart.across),
            labelExpr="timeFormat(datum.value, '%d.%m')" if language == "ru" else "timeFormat(datum.value, '%d/%m')",
        )
    x = alt.X(chart.across, type="temporal" if dated else "ordinal", axis=axis)
    colour: Any = alt.Undefined
    if chart.series:
        colour = alt.Color(
            chart.series,
            type="nominal",
            title=section.column(chart.series).title[language],
            sort=_order(section, chart.series),
            # Not as pale as the band behind a line.
            legend=alt.Legend(orient="bottom", columns=3, symbolOpacity=1),
        )
    y = alt.Y(chart.value, type="quantitative", axis=_axis(value, language), scale=alt.Scale(zero=True))
    line = (
        alt.Chart(_data(section, (chart.across, chart.value, chart.series)))
        .mark_line(point=True, **({} if chart.series else {"color": COLOURS[0]}))
        .encode(x=x, y=y, color=colour)
    )
    layers: list[Any] = [line]
    if chart.low and chart.high:
        band = (
            alt.Chart(_data(section, (chart.across, chart.low, chart.high, chart.series)))
            .mark_area(opacity=0.2, **({} if chart.series else {"color": COLOURS[0]}))
            .encode(x=x, y=alt.Y(chart.low, type="quantitative"), y2=alt.Y2(chart.high), color=colour)
        )
        layers.insert(0, band)
    return alt.layer(*layers).properties(width=WIDTH, height=320)


def _bars_chart(section: Section, chart: Chart, language: str) -> Any:
    across, value = section.column(chart.across), section.column(chart.value)
    colour: Any = alt.Undefined
    offset: Any = alt.Undefined
    if chart.series:
        named = section.column(chart.series).title[language]
        order = _order(section, chart.series)
        legend = alt.Legend(orient="bottom", columns=3)
        colour = alt.Color(chart.series, type="nominal", title=named, sort=order, legend=legend)
        offset = alt.YOffset(chart.series, type="nominal", sort=order)
    return (
        alt.Chart(_data(section, (chart.across, chart.value, chart.series)))
        .mark_bar(**({} if chart.series else {"color": COLOURS[0]}))
        .encode(
            x=alt.X(chart.value, type="quantitative", axis=_axis(value, language)),
            y=alt.Y(
                chart.across, type="nominal", sort=_order(section, chart.across), axis=_names_axis(across, language)
            ),
            color=colour,
            yOffset=offset,
        )
        .properties(width=WIDTH - 160, height=_rows_high(section))
    )


def _heat_chart(section: Section, chart: Chart, language: str) -> Any:
    across, value = section.column(chart.across), section.column(chart.value)
    assert chart.series is not None  # noqa: S101 - a heat map has rows
    rows = section.column(chart.series)
    base = alt.Chart(_data(section, (chart.across, chart.value, chart.series))).encode(
        x=alt.X(
            chart.across,
            type="ordinal",
            sort=_order(section, chart.across),
            axis=alt.Axis(title=across.title[language], labelAngle=0),
        ),
        y=alt.Y(chart.series, type="ordinal", sort=_order(section, chart.series), axis=_names_axis(rows, language)),
    )
    legend = alt.Legend(title=value.title[language], orient="bottom", gradientLength=240, format=_format(value))
    tiles = base.mark_rect().encode(
        color=alt.Color(chart.value, type="quantitative", scale=alt.Scale(scheme="blues"), legend=legend)
    )
    return alt.layer(tiles).properties(width=WIDTH - 120, height=_rows_high(section))


def _map_chart(section: Section, chart: Chart, language: str) -> Any:
    """Cells of H3 as polygons, Mercator, north above. Cells that were withheld are not drawn."""
    value = section.column(chart.value)
    keys = [column.key for column in section.columns]
    cell, number = keys.index(chart.across), keys.index(chart.value)
    features = [_feature(str(row[cell]), row[number]) for row in section.rows if row[number] is not None]
    legend = alt.Legend(title=value.title[language], orient="right", format=_format(value))
    return (
        alt.Chart(alt.Data(values=features))
        .mark_geoshape(stroke="white", strokeWidth=0.7)
        .encode(
            color=alt.Color("properties.value", type="quantitative", scale=alt.Scale(scheme="blues"), legend=legend)
        )
        .project(type="mercator")
        .properties(width=WIDTH - 100, height=420)
    )


def _feature(cell: str, value: Value) -> dict[str, Any]:
    """The cell's outline as GeoJSON (RFC 7946) but wound clockwise, as the projection wants it."""
    ring = [[lon, lat] for lat, lon in h3.cell_to_boundary(cell)]
    ring.append(ring[0])
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring[::-1]]},
        "properties": {"value": value, "cell": cell},
    }


_DRAW = {Form.LINES: _lines_chart, Form.BARS: _bars_chart, Form.HEAT: _heat_chart, Form.MAP: _map_chart}
