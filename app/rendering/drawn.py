"""What a chart is drawn from: the rows of a section, one for each place in the chart; and its colours."""

from app.domain.reports.report import Chart, Kind, Section, Value

COLOURS = ["#1F5F99", "#C4551B", "#3C7D3F", "#7A4B9A", "#8C6D1F", "#B03A5B", "#2A8C8C", "#555555"]
MOST_DAYS = 13
"""That an axis names."""


def chart_of(section: Section) -> Chart:
    """ValueError if the section has none."""
    if section.chart is None:
        raise ValueError(f"{section.key} is not drawn")
    return section.chart


def drawable(section: Section) -> bool:
    """Whether there is anything to draw: a row that has both its name and its value."""
    if section.chart is None:
        return False
    keys = [column.key for column in section.columns]
    across, value = keys.index(section.chart.across), keys.index(section.chart.value)
    return any(row[across] is not None and row[value] is not None for row in section.rows)


def rows_drawn(section: Section) -> list[dict[str, Value]]:
    """Values by column's key, of the columns that the chart names, in the table's order. Counts of rows that fall on
    one place (a table may tell apart more than its chart does) are added up, or lines would jump between them; what was
    withheld adds nothing. ValueError if the section has no chart.
    """
    chart = chart_of(section)
    keys = [column.key for column in section.columns]
    amounts = [key for key in (chart.value, chart.low, chart.high) if key]
    wanted = [key for key in (chart.across, chart.series) if key] + amounts
    adds = section.column(chart.value).kind is Kind.COUNT
    found: dict[tuple[Value, ...], dict[str, Value]] = {}
    for number, row in enumerate(section.rows):
        told = dict(zip(keys, row, strict=True))
        place = (told[chart.across], told[chart.series] if chart.series else None, None if adds else number)
        known = found.setdefault(place, {key: None if key in amounts else told[key] for key in wanted})
        for key in amounts:
            known[key] = _sum(known[key], told[key])
    return list(found.values())


def _sum(one: Value, other: Value) -> Value:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one + other
    return other if one is None else one
