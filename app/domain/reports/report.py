"""A report of the region: sections with a table each, and how the table is drawn.

It is made from released aggregates only. A value that was withheld, since too few people are behind it, is None, is
written as a dash, and is drawn as nothing: never as zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

Text = Mapping[str, str]
"""Words by language: `ru` and `en`, which operators read."""
LANGUAGES = ("ru", "en")
Value = str | int | float | date | None


class Kind(StrEnum):
    """What a column holds. SHARE is from 0 to 1, MINUTES and DAYS are lengths, CELL names an H3 cell."""

    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"
    SHARE = "share"
    MINUTES = "minutes"
    DAYS = "days"
    DATE = "date"
    CELL = "cell"

    @property
    def numeric(self) -> bool:
        return self not in (Kind.TEXT, Kind.DATE, Kind.CELL)


class Form(StrEnum):
    """How a table is drawn. LINES and AREA over a date, BARS by a name, HEAT by two names, MAP by H3 cells."""

    LINES = "lines"
    BARS = "bars"
    HEAT = "heat"
    MAP = "map"


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    title: Text
    kind: Kind


@dataclass(frozen=True, slots=True)
class Chart:
    """Keys of columns. `across` is the horizontal axis of LINES, the names of BARS (which lie), the columns of HEAT and
    the cells of MAP; `value` is what is drawn; `series` tells lines or bars apart, and is the rows of HEAT. `low` and
    `high` bound a band behind LINES.
    """

    form: Form
    across: str
    value: str
    series: str | None = None
    low: str | None = None
    high: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """`note` says under the title what is counted. Each of `rows` has a value for each of `columns`."""

    key: str
    title: Text
    note: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    chart: Chart | None = None

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        if len(set(keys)) != len(keys):
            raise ValueError(f"two columns of {self.key} have one name")
        if any(len(row) != len(keys) for row in self.rows):
            raise ValueError(f"a row of {self.key} has not a value for each column")
        drawn = self.chart and (self.chart.across, self.chart.value, self.chart.series, self.chart.low, self.chart.high)
        if drawn and (missing := {key for key in drawn if key} - set(keys)):
            raise ValueError(f"{self.key} draws {', '.join(sorted(missing))}, which it has not")

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)

    @property
    def withheld(self) -> int:
        """How many values were."""
        return sum(
            value is None
            for row in self.rows
            for value, column in zip(row, self.columns, strict=True)
            if column.kind.numeric
        )


@dataclass(frozen=True, slots=True)
class Report:
    """`made_at` in UTC; `zone` is the region's IANA name, by which it is told."""

    title: Text
    region: Text
    made_at: datetime
    zone: str
    sections: tuple[Section, ...]
