"""Sections about people's ways: how far they get, how long it takes, what is late, what it comes to, where they go."""

from app.db.unit_of_work import Reading
from app.domain.figures.dashboards import Measured, Unknown
from app.domain.reports.report import Chart, Form, Kind, Section
from services.region import queries
from services.reports.columns import KINDS, PEOPLE, column, words
from services.reports.names import Names

WEEKS, YEAR_WEEKS, MONTHS = 13, 53, 6
_FUNNEL_WEEKS = 5
_KPIS = {
    "legalisation_days": words("Дней от въезда до последнего шага", "Days from entry to the last step"),
    "out_of_status": words("Не завершили за 13 недель", "Not done after 13 weeks"),
    "violations": words("Пропустили срок", "Missed a deadline"),
    "visits_per_permit": words("Посещений на один патент", "Visits for one patent"),
    "vacancies_filled": words("Закрытые вакансии", "Vacancies filled"),
    "settling_in_visits": words("Посещений курсов и юриста на приехавшего", "Courses and legal help a newcomer"),
}


_UNITS = {"days": words("дней", "days"), "share": words("%", "%")}


_NOT_RECORDED = words("не учитывается", "not recorded")


def _shown(value: float | None, unit: str) -> float | None:
    """Shares in hundredths."""
    return None if value is None else 100 * value if unit == "share" else value


def _unit(measured: Measured, language: str) -> str:
    text = _NOT_RECORDED if measured.unknown is Unknown.NOT_RECORDED else _UNITS.get(measured.unit, {})
    return text.get(language, "")


async def kpis(uow: Reading, names: Names) -> Section:
    rows = tuple(
        (
            _KPIS.get(one.measured.kpi, {}).get(names.language, one.measured.kpi),
            # What nobody knows is left empty: a dash stands for what is withheld.
            "" if one.measured.unknown is Unknown.NOT_RECORDED else _shown(one.measured.value, one.measured.unit),
            _unit(one.measured, names.language),
            _shown(one.baseline.value, one.measured.unit) if one.baseline else "",
            str(one.baseline.year) if one.baseline else "",
            "" if one.baseline is None else one.change,
        )
        for one in await queries.kpis(uow, YEAR_WEEKS)
    )
    return Section(
        "kpis",
        words("Показатели", "Measures of success"),
        words("За год, рядом с базовым годом, если он задан.", "Of a year, beside the baseline year if one is stated."),
        (
            column("measure", "Показатель", "Measure", Kind.TEXT),
            column("value", "Значение", "Value", Kind.NUMBER),
            column("unit", "Единица", "Unit", Kind.TEXT),
            column("baseline", "Базовое", "Baseline", Kind.NUMBER),
            column("year", "Год", "Year", Kind.TEXT),
            column("change", "Изменение", "Change", Kind.SHARE),
        ),
        rows,
    )


async def funnel(uow: Reading, names: Names) -> Section:
    """Stuck before which step, five weeks after entry: of the kinds of ways that are told apart."""
    rows = tuple(
        (names.of(names.kinds, row.kinds), names.of(names.steps, row.stages), row.people)
        for row in await queries.funnel(uow, WEEKS)
        if row.weeks == _FUNNEL_WEEKS
    )
    return Section(
        "funnel",
        words("Перед каким шагом стоят люди", "Before which step people stand"),
        words(
            "Кто приехал за 13 недель: где они через пять недель после въезда.",
            "Who came within 13 weeks: where they are five weeks after entry.",
        ),
        (KINDS, column("step", "Следующий шаг", "Next step", Kind.TEXT), PEOPLE),
        rows,
        Chart(Form.BARS, "step", "people", series="kind"),
    )


async def finish_times(uow: Reading, names: Names) -> Section:
    rows = tuple(
        (names.of(names.kinds, row.kinds), row.people, row.finished, row.median_days, row.p90_days)
        for row in await queries.finish_times(uow, WEEKS)
    )
    return Section(
        "finish_times",
        words("Сколько длится путь", "How long it takes"),
        words("Дни от въезда до последнего шага, за 13 недель.", "Days from entry to the last step, in 13 weeks."),
        (
            KINDS,
            PEOPLE,
            column("finished", "Завершили", "Finished", Kind.COUNT),
            column("median", "Дней, медиана", "Days, median", Kind.DAYS),
            column("ninth", "Дней, 90 %", "Days, 90 %", Kind.DAYS),
        ),
        rows,
        Chart(Form.BARS, "kind", "median"),
    )


async def deadlines(uow: Reading, names: Names) -> Section:
    rows = tuple(
        (names.of(names.kinds, row.kinds), row.entered_on, row.people, row.at_risk, row.missed)
        for row in sorted(await queries.deadlines(uow, WEEKS), key=lambda row: (row.kinds, row.entered_on))
    )
    return Section(
        "deadlines",
        words("Сроки: под угрозой и пропущены", "Deadlines: at risk and missed"),
        words(
            "По неделе въезда. Под угрозой: срок в ближайшие две недели; пропущены: через пять недель.",
            "By week of entry. At risk: due within two weeks; missed: after five weeks.",
        ),
        (
            KINDS,
            column("entered", "Неделя въезда", "Week of entry", Kind.DATE),
            PEOPLE,
            column("at_risk", "Под угрозой", "At risk", Kind.COUNT),
            column("missed", "Пропустили", "Missed", Kind.COUNT),
        ),
        rows,
        Chart(Form.LINES, "entered", "missed", series="kind"),
    )


async def flows(uow: Reading, names: Names) -> Section:
    rows = tuple(
        (
            row.month,
            names.of(names.municipalities, row.origins),
            names.of(names.municipalities, row.destinations),
            row.people,
        )
        for row in await queries.flows(uow, MONTHS)
    )
    return Section(
        "flows",
        words("Перемещения между муниципалитетами", "Flows between municipalities"),
        words(
            "Где были на приёме в этом месяце и где перед тем.",
            "Where people had visits in a month, and the ones before.",
        ),
        (
            column("month", "Месяц", "Month", Kind.DATE),
            column("origin", "Откуда", "From", Kind.TEXT),
            column("destination", "Куда", "To", Kind.TEXT),
            PEOPLE,
        ),
        rows,
    )
