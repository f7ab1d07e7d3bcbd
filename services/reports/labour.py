"""Sections about labour: who may work now, and who will."""

from app.db.unit_of_work import Reading
from app.domain.reports.report import Chart, Form, Kind, Section
from services.region import queries
from services.reports.columns import OCCUPATION, PEOPLE, WEEK, column, words
from services.reports.forecasts import newest_forecast
from services.reports.names import OCCUPATIONS, RIGHTS, Names

WEEKS = 26


async def supply(uow: Reading, names: Names) -> Section:
    rows = tuple(
        (
            names.of(OCCUPATIONS, row.occupations),
            names.of(RIGHTS, row.rights),
            row.week,
            row.allowed or None,
            row.began or None,
        )
        for row in sorted(await queries.supply(uow, WEEKS), key=lambda row: (row.rights, row.occupations, row.week))
    )
    return Section(
        "supply",
        words("Предложение труда", "Labour supply"),
        words("Люди с правом на работу на конец недели.", "People allowed to work at the end of the week."),
        (
            OCCUPATION,
            column("right", "Право", "Right", Kind.TEXT),
            WEEK,
            PEOPLE,
            column("began", "Получили право", "Began", Kind.COUNT),
        ),
        rows,
        Chart(Form.LINES, "week", "people", series="right"),
    )


async def forecast(uow: Reading, names: Names) -> Section:
    found = await newest_forecast(uow)
    rows = tuple(
        (names.of(OCCUPATIONS, line.occupations), line.week, line.people, line.low, line.high)
        for line in (found.lines if found else ())
    )
    learned = found is not None and found.learned
    how = words(
        "границы проверены на прошлых прогнозах" if learned else "истории пока мало: границы по модели",
        "bounds learnt from earlier forecasts" if learned else "little history so far: bounds by the model",
    )
    return Section(
        "forecast",
        words("Прогноз предложения труда на 12 недель", "Labour supply, 12 weeks ahead"),
        words(
            f"Люди с патентом на конец недели; границы на 80 %: {how['ru']}.",
            f"People with a patent at the end of the week; 80 % bounds: {how['en']}.",
        ),
        (
            OCCUPATION,
            WEEK,
            PEOPLE,
            column("low", "Не меньше", "At least", Kind.COUNT),
            column("high", "Не больше", "At most", Kind.COUNT),
        ),
        rows,
        Chart(Form.LINES, "week", "people", series="occupation", low="low", high="high"),
    )
