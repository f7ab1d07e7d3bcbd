"""Words that every report has, and how values are written for people."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from app.domain.reports.report import Kind, Report, Value

WITHHELD = "–"
WORDS = {
    "ru": {
        "made": "Составлен",
        "page": "Страница",
        "of": "из",
        "withheld": "– : значение скрыто, потому что за ним стоит меньше 10 человек или оно выдало бы такое значение.",
        "contents": "Содержание",
        "nothing": "Данных нет.",
        "continued": "продолжение",
        "chart": "Диаграмма",
        "chart_data": "Данные диаграмм",
    },
    "en": {
        "made": "Made",
        "page": "Page",
        "of": "of",
        "withheld": "– : withheld, since fewer than 10 people are behind it or it would give such a value away.",
        "contents": "Contents",
        "nothing": "There are no data.",
        "continued": "continued",
        "chart": "Chart",
        "chart_data": "Data of charts",
    },
}


def written(value: Value, kind: Kind, language: str) -> str:
    """A value as people of the language write it; a dash for what was withheld."""
    if value is None:
        return WITHHELD
    if isinstance(value, date):
        return format_date(value, "d MMM y" if language == "en" else "dd.MM.y", locale=language)
    if isinstance(value, str):
        return value
    if kind is Kind.SHARE:
        return format_percent(value, "#,##0.0 %" if language == "ru" else "#,##0.0%", locale=language)
    return format_decimal(value, "#,##0" if kind is Kind.COUNT else "#,##0.0", locale=language)


def made_at(report: Report, language: str) -> str:
    local: datetime = report.made_at.astimezone(ZoneInfo(report.zone))
    return format_datetime(local, "d MMMM y, HH:mm", locale=language)
