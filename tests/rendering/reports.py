"""A report that has everything: each form of chart, text that looks like a formula, letters of all alphabets in use."""

from datetime import UTC, date, datetime, timedelta

import h3

from app.domain.reports.report import Chart, Column, Form, Kind, Report, Section

EVIL = '=HYPERLINK("http://evil.example","Нажми")'
LETTERS = "Әзірбайҗан, Тоҷикӣ, Ўзбекча, Кыргызча ң ө ү, Հայերեն"


def column(key: str, ru: str, en: str, kind: Kind) -> Column:
    return Column(key, {"ru": ru, "en": en}, kind)


WEEK = column("week", "Неделя", "Week", Kind.DATE)
OCCUPATION = column("occupation", "Профессия", "Occupation", Kind.TEXT)
PEOPLE = column("people", "Человек", "People", Kind.COUNT)


def lines() -> Section:
    rows = tuple(
        (
            name,
            date(2026, 11, 30) + timedelta(weeks=week),
            1000 * size + 20 * week,
            1000 * size,
            1000 * size + 50 * week,
        )
        for size, name in enumerate(("Строители", "Водители", "Услуги населению"), 1)
        for week in range(12)
    )
    return Section(
        key="supply",
        title={"ru": "Прогноз предложения труда", "en": "Labour supply, forecast"},
        note={"ru": "Люди с правом на работу на конец недели, по профессиям; полоса: 80 %.", "en": "People allowed."},
        columns=(
            OCCUPATION,
            WEEK,
            PEOPLE,
            column("low", "Не меньше", "At least", Kind.COUNT),
            column("high", "Не больше", "At most", Kind.COUNT),
        ),
        rows=rows,
        chart=Chart(Form.LINES, "week", "people", series="occupation", low="low", high="high"),
    )


def bars(rows: int = 120) -> Section:
    """Long enough for several pages."""
    made = tuple(
        (
            EVIL if number == 3 else LETTERS if number == 5 else f"Пункт {number}",
            None if number == 4 else 10 * number + 1,
            0.01 * (number % 100),
        )
        for number in range(rows)
    )
    return Section(
        key="load",
        title={"ru": "Нагрузка по пунктам", "en": "Load by point"},
        note={"ru": "Посещения за месяц.", "en": "Visits in the month."},
        columns=(
            column("point", "Пункт", "Point", Kind.TEXT),
            column("visits", "Посещений", "Visits", Kind.COUNT),
            column("missed", "Не пришли", "No-shows", Kind.SHARE),
        ),
        rows=made,
        chart=None if rows > 20 else Chart(Form.BARS, "point", "visits"),
    )


def heat() -> Section:
    days = ("Пн", "Вт", "Ср", "Чт", "Пт")
    rows = tuple(
        (day, f"{hour}:00", None if (number + hour) % 7 == 0 else 5.0 * number + hour)
        for number, day in enumerate(days)
        for hour in range(9, 18)
    )
    return Section(
        key="waits",
        title={"ru": "Ожидание по часам", "en": "Waits by the hour"},
        note={"ru": "Медиана, минут.", "en": "Median, minutes."},
        columns=(
            column("day", "День", "Day", Kind.TEXT),
            column("hour", "Час", "Hour", Kind.TEXT),
            column("wait", "Минут", "Minutes", Kind.MINUTES),
        ),
        rows=rows,
        chart=Chart(Form.HEAT, "hour", "wait", series="day"),
    )


def cells() -> Section:
    centre = h3.latlng_to_cell(55.79, 49.12, 7)
    around = sorted(h3.grid_disk(centre, 4))
    rows = tuple((cell, None if number % 9 == 0 else 10 + 3 * number) for number, cell in enumerate(around))
    return Section(
        key="map",
        title={"ru": "Где ждут дольше всего", "en": "Where one waits longest"},
        note={"ru": "Ячейки H3; где меньше 10 человек, ничего не показано.", "en": "H3 cells; none below 10 people."},
        columns=(column("cell", "Ячейка", "Cell", Kind.CELL), PEOPLE),
        rows=rows,
        chart=Chart(Form.MAP, "cell", "people"),
    )


def report() -> Report:
    return Report(
        title={"ru": "Отчёт региона: миграционный центр", "en": "The region's report: migration centre"},
        region={"ru": "Республика Татарстан", "en": "Republic of Tatarstan"},
        made_at=datetime(2026, 11, 26, 6, 30, tzinfo=UTC),
        zone="Europe/Moscow",
        sections=(lines(), bars(12), heat(), cells(), bars()),
    )
